"""What discounts take off the lines of an invoice. Pure.

First those of single lines, then those of the whole invoice; each takes its part of what the ones before left.
https://docs.stripe.com/billing/subscriptions/coupons#stackable-discounts
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from billing_runtime.reading.pricing import rounded

if TYPE_CHECKING:
    from collections.abc import Sequence

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Reduction:
    """A coupon in one currency: a percentage, or an amount in minor units; `products` None is everything."""

    percent: Decimal | None = None
    amount: int = 0
    products: frozenset[str] | None = None

    def off(self, amount: int, currency: str) -> int:
        """What it takes off an amount."""
        if self.percent is None:
            return min(amount, self.amount)
        return rounded(Fraction(amount) * Fraction(self.percent) / 100, currency)


@dataclass(frozen=True, slots=True)
class Reducible:
    """A line: its amount, whose product it is, which discounts are its own, and whether others touch it."""

    amount: int
    product: str | None = None
    own: tuple[Reduction, ...] = ()
    discountable: bool = True


def read_reduction(coupon: Json, currency: str) -> Reduction | None:
    """What a coupon takes off in a currency; None if it has no amount in it.

    `applies_to` and `currency_options` are in the body only if they were asked for with `expand`.
    """
    named = coupon.get("applies_to")
    products = frozenset(named["products"]) if named else None
    if coupon.get("percent_off") is not None:
        return Reduction(Decimal(str(coupon["percent_off"])), products=products)
    if coupon["currency"] == currency:
        return Reduction(amount=coupon["amount_off"], products=products)
    option = (coupon.get("currency_options") or {}).get(currency)
    return Reduction(amount=option["amount_off"], products=products) if option else None


def taken_off(
    lines: Sequence[Reducible], of_all: Sequence[Reduction], currency: str
) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """For every line what its own discounts take off it, and what those of the whole invoice do."""
    own = [0] * len(lines)
    for place, line in enumerate(lines):
        for reduction in line.own:
            _take(reduction, lines, own, [place], currency)
    taken = list(own)
    for reduction in of_all:
        _take(reduction, lines, taken, range(len(lines)), currency)
    return tuple(own), tuple(all_ - part for all_, part in zip(taken, own, strict=True))


def _take(
    reduction: Reduction, lines: Sequence[Reducible], taken: list[int], among: Sequence[int], currency: str
) -> None:
    left = {place: lines[place].amount - taken[place] for place in among if _touches(reduction, lines[place])}
    left = {place: amount for place, amount in left.items() if amount > 0}
    for place, part in _shares(reduction.off(sum(left.values()), currency), left).items():
        taken[place] += part


def _touches(reduction: Reduction, line: Reducible) -> bool:
    return line.discountable and (reduction.products is None or line.product in reduction.products)


def _shares(amount: int, weights: dict[int, int]) -> dict[int, int]:
    """The amount in proportion; the units that rounding down leaves go where most was cut off, the first of equals."""
    whole = sum(weights.values())
    parts = {place: amount * weight // whole for place, weight in weights.items()}
    cut = sorted(weights, key=lambda place: (-(amount * weights[place] % whole), place))
    for place in cut[: amount - sum(parts.values())]:
        parts[place] += 1
    return parts
