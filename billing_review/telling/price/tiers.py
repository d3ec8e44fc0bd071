"""Tiers as a table, before and after, moved bounds included. https://docs.stripe.com/products-prices/pricing-models"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from billing_review.money import figure, money
from billing_review.pricing import ZERO, Pricing, Tier
from billing_review.report import TierRow
from billing_review.telling.price.amounts import both, in_percent, rate
from billing_review.telling.words import counted, joined, number, plural

_MOST_IN_A_ROW = 4
_MOST = 2
"""Tiers whose amounts a headline names; the table has them all."""


@dataclass(frozen=True, slots=True)
class Span:
    """Quantities for which nothing differs but the quantity itself."""

    first: int
    last: int | None

    def of(self, noun: str) -> str:
        """``1 to 20 seats``, ``101 seats and more``."""
        if self.last is None:
            return f"{counted(self.first, noun)} and more"
        return f"{self.words} {noun if self.last == 1 else plural(noun)}"

    @property
    def words(self) -> str:
        """``1 to 20``, ``101 and more``."""
        if self.last is None:
            return f"{number(self.first)} and more"
        return number(self.first) if self.first == self.last else f"{number(self.first)} to {number(self.last)}"


def tier_rows(old: Pricing | None, new: Pricing | None, noun: str) -> tuple[TierRow, ...]:
    """A row for every span of quantities in which neither side changes tier; none where neither has tiers."""
    sides = [side for side in (old, new) if side is not None]
    if not any(side.tiers for side in sides):
        return ()
    return tuple(TierRow(span.words, _cell(old, span, noun), _cell(new, span, noun)) for span in _spans(sides))


def bounds(pricing: Pricing) -> tuple[int, ...]:
    """The last units of all tiers but the last."""
    return tuple(tier.up_to for tier in pricing.tiers if tier.up_to is not None)


def tier_clauses(old: Pricing, new: Pricing, noun: str) -> Iterator[str]:
    """What changes about tiers, for a headline."""
    if old.mode != new.mode:
        yield f"{new.mode} tiers instead of {old.mode} ones"
    if bounds(old) != bounds(new):
        yield f"tiers end at {_ends(new)} instead of {_ends(old)}"
        yield from _amounts_in_a_row(old, new)
    else:
        yield from _amounts(old, new, noun)


def _ends(pricing: Pricing) -> str:
    return joined(number(bound) for bound in bounds(pricing)) or "no quantity"


def _amounts(old: Pricing, new: Pricing, noun: str) -> Iterator[str]:
    spans = _spans([new])
    triples = list(zip(spans, old.tiers, new.tiers, strict=True))
    changed = [triple for triple in triples if triple[1] != triple[2]]
    if len(changed) > _MOST:
        yield f"other amounts in {len(changed)} of {len(triples)} tiers"
        return
    for span, before, after in changed:
        yield from _amount(span, before, after, new, noun)


def _amounts_in_a_row(old: Pricing, new: Pricing) -> Iterator[str]:
    """Where bounds move, rows have no partner: the amounts are told side by side."""
    before, after = ([tier.unit for tier in side.tiers] for side in (old, new))
    if before != after and max(len(before), len(after)) <= _MOST_IN_A_ROW:
        shown = [" / ".join(figure(one, new.currency) for one in side) for side in (before, after)]
        yield f"at {shown[1]} {new.currency.upper()} each instead of {shown[0]}"
    elif before != after:
        yield "with other amounts"
    fees = [tuple(tier.flat for tier in side.tiers) for side in (old, new)]
    if fees[0] != fees[1] and any((*fees[0], *fees[1])):
        yield "with other fees"


def _amount(span: Span, before: Tier, after: Tier, new: Pricing, noun: str) -> Iterator[str]:
    which = f"at {span.of(noun)}"
    if before.unit != after.unit:
        yield f"{which} {both(before.unit, after.unit, new.currency)} each{in_percent(before.unit, after.unit)}"
    if before.flat != after.flat:
        yield f"{which} fee {both(before.flat, after.flat, new.currency)}{in_percent(before.flat, after.flat)}"


def _spans(sides: list[Pricing]) -> list[Span]:
    ends = sorted({bound for side in sides for bound in bounds(side)})
    firsts = [1, *(end + 1 for end in ends)]
    return [Span(first, last) for first, last in zip(firsts, [*ends, None], strict=True)]


def _cell(pricing: Pricing | None, span: Span, noun: str) -> str | None:
    if pricing is None:
        return None
    if not pricing.tiers:
        return f"{money(pricing.unit or ZERO, pricing.currency)} {_each(pricing, noun)}"
    tier, begins = _tier_at(pricing, span.first)
    # A graduated tier's fee is for entering it: it stands in the row in which the tier begins.
    flat = tier.flat if pricing.mode == "volume" or begins else ZERO
    return _unit_and_fee(tier.unit, flat, pricing.currency)


def _tier_at(pricing: Pricing, unit: int) -> tuple[Tier, bool]:
    """The tier that a unit is in, and whether the tier begins with it."""
    below = 0
    for tier in pricing.tiers:
        if tier.up_to is None or unit <= tier.up_to:
            return tier, unit == below + 1
        below = tier.up_to
    return pricing.tiers[-1], False


def _each(pricing: Pricing, noun: str) -> str:
    return rate(pricing, noun) if pricing.package else "each"


def _unit_and_fee(unit: Decimal, flat: Decimal, currency: str) -> str:
    fee = f"{money(flat, currency)} fee"
    if not unit:
        return fee if flat else "free"
    return f"{money(unit, currency)} each{f' + {fee}' if flat else ''}"
