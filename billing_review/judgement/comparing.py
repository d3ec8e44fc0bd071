"""What comparable quantities cost before and after: at every quantity where the answer can turn, per month if need be.

Between two bounds both costs are straight lines, so the greatest change in per cent stands at one of these quantities.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import ceil

from billing_review.judgement.wording import per, quantity_of, rounded
from billing_review.money import percent
from billing_review.pricing import Pricing

_MONTHS = {"day": Fraction(12, 365), "week": Fraction(84, 365), "month": Fraction(1), "year": Fraction(12)}
FAR = 10
"""The last tier has no end: it is looked at ten times as far out as the last bound."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """A quantity, and what it costs before and after, in minor units."""

    quantity: int
    old: Fraction
    new: Fraction

    @property
    def rise(self) -> Fraction | None:
        """How much more it is, in per cent of the old amount; None where that was nothing."""
        return (self.new - self.old) * 100 / self.old if self.old else None


def months(pricing: Pricing) -> Fraction | None:
    """How many months a billing period is; a week and a day by the year of 365 days. None for what is paid once."""
    length = _MONTHS.get(pricing.interval or "")
    return None if length is None else length * pricing.interval_count


def comparisons(old: Pricing, new: Pricing, least: int = 1) -> tuple[Comparison, ...]:
    """Both costs at each comparable quantity; nothing where a quantity means something else on either side."""
    if old.metered != new.metered or (months(old) is None) != (months(new) is None):
        return ()
    if old.per_seat != new.per_seat:
        return (_at(old, new, 1),)
    return tuple(_at(old, new, quantity) for quantity in _quantities(old, new, least))


def _at(old: Pricing, new: Pricing, quantity: int) -> Comparison:
    """Per period where it is the same, else per month; usage of a month is that of as many periods."""
    before, after = months(old), months(new)
    if before is None or after is None or before == after:
        return Comparison(quantity, Fraction(old.cost(quantity)), Fraction(new.cost(quantity)))
    if not old.metered:
        return Comparison(quantity, Fraction(old.cost(quantity)) / before, Fraction(new.cost(quantity)) / after)
    first, second = ceil(quantity * before), ceil(quantity * after)
    return Comparison(quantity, Fraction(old.cost(first)) / before, Fraction(new.cost(second)) / after)


def _quantities(old: Pricing, new: Pricing, least: int) -> list[int]:
    turns = {1, least, *_turns(old), *_turns(new)}
    return sorted(turn for turn in {*turns, FAR * max(turns)} if turn >= least)


def _turns(pricing: Pricing) -> Iterator[int]:
    if pricing.package is not None:
        yield from (pricing.package.divide_by + step for step in (0, 1))
    for tier in pricing.tiers:
        if tier.up_to is not None:
            yield from (tier.up_to, tier.up_to + 1)


def is_simple(old: Pricing, new: Pricing) -> bool:
    """Whether one amount says everything about either price."""
    return not (old.tiers or new.tiers) and old.package == new.package


def told(old: Pricing, new: Pricing, found: Comparison) -> str:
    """A comparison in words: ``100 seats cost 1,000.00 → 1,400.00 USD per month (+40.0 %)``."""
    same = months(old) == months(new)
    before, after = (rounded(amount, new.currency) for amount in (found.old, found.new))
    code = f" {new.currency.upper()}"
    shown = f"{before.removesuffix(code)} → {after}{per(new) if same else ' per month'}"
    change = percent(_decimal(found.old), _decimal(found.new))
    shown += f" ({change})" if change else " (it was free)"
    if is_simple(old, new):
        return shown
    verb = "costs" if found.quantity == 1 else "cost"
    return f"{quantity_of(new, found.quantity)} {verb} {shown}"


def _decimal(amount: Fraction) -> Decimal:
    return Decimal(amount.numerator) / Decimal(amount.denominator)
