"""What a price brings in a month, exactly, and rounded once. https://docs.stripe.com/billing/subscriptions/analytics"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable
from fractions import Fraction

from billing_review.pricing import Pricing

_A_MONTH = {"month": Fraction(1), "year": Fraction(1, 12), "week": Fraction(52, 12), "day": Fraction(365, 12)}
"""How many months' payments one payment is: there are 52 weeks and 365 days in twelve months."""

Price = Callable[[str], Pricing | None]
"""The arithmetic of a price in a currency; None where it cannot be known."""


def monthly(paying: Counter[tuple[str, int]], price: Price) -> dict[str, int]:
    """Minor units by currency, rounded half up; without the currencies in which the price is not known."""
    exact: dict[str, Fraction] = defaultdict(Fraction)
    pricings = {currency: price(currency) for currency, _ in paying}
    for (currency, quantity), items in paying.items():
        pricing = pricings[currency]
        if pricing is not None and not pricing.metered:
            exact[currency] += Fraction(pricing.cost(quantity)) * items
    return {currency: _rounded(exact[currency] * _months(pricings[currency])) for currency in sorted(exact)}


def _months(pricing: Pricing | None) -> Fraction:
    if pricing is None or pricing.interval is None:
        return Fraction(0)  # what is paid once does not recur
    return _A_MONTH[pricing.interval] / pricing.interval_count


def _rounded(amount: Fraction) -> int:
    return (amount.numerator * 2 + amount.denominator) // (amount.denominator * 2)
