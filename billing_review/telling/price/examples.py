"""What chosen quantities cost, with the sum written out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from billing_review.money import figure, money, percent
from billing_review.pricing import ZERO, Pricing
from billing_review.report import Example
from billing_review.telling.price.amounts import billed
from billing_review.telling.price.tiers import bounds
from billing_review.telling.words import number

MOST = 16
"""Rows that somebody reads."""
_SEATS = (1, 10, 50)
_USAGE = (1, 1_000, 100_000, 1_000_000)
"""Typical quantities where nothing about the price suggests others."""


@dataclass(frozen=True, slots=True)
class Side:
    """A price before or after, with what the runtime does to its quantities."""

    pricing: Pricing
    minimum: int = 1
    maximum: int | None = None

    def billed(self, quantity: int) -> int:
        """How many are billed: fewer seats than the minimum are billed as the minimum."""
        return max(quantity, self.minimum)


def examples(old: Side | None, new: Side | None, unit: tuple[str, str]) -> tuple[Example, ...]:
    """Old and new beside each other; none where one quantity is the only one. ``unit`` is for one, and for several."""
    sides = [side for side in (old, new) if side is not None]
    return tuple(_example(quantity, unit, old, new) for quantity in _quantities(sides))


def written_out(pricing: Pricing, quantity: int) -> str:
    """``20 × 12.00 + 30 × 10.00 = 540.00 USD``."""
    exact, parts = pricing.cost(quantity), list(_parts(pricing, quantity))
    is_sum = len(parts) > 1 or "×" in parts[0]
    total = " = ".join([*([" + ".join(parts)] if is_sum else []), money(exact, pricing.currency)])
    due = pricing.due(quantity)
    return total if exact == due else f"{total}, billed as {money(due, pricing.currency)}"


def _example(quantity: int, unit: tuple[str, str], old: Side | None, new: Side | None) -> Example:
    last = new or old
    assert last is not None  # noqa: S101 - a price has one side at least
    comparable = old and new and billed(old.pricing) == billed(new.pricing)
    return Example(
        quantity=quantity,
        unit=unit[0 if quantity == 1 else 1],
        old=_due(old, quantity, named=not comparable and new is not None),
        new=_due(new, quantity, named=not comparable and old is not None),
        change=percent(_amount(old, quantity), _amount(new, quantity)) if old and new and comparable else None,
        sum=written_out(last.pricing, last.billed(quantity)),
    )


def _amount(side: Side, quantity: int) -> int:
    return side.pricing.due(side.billed(quantity))


def _due(side: Side | None, quantity: int, *, named: bool) -> str | None:
    if side is None:
        return None
    amount = money(_amount(side, quantity), side.pricing.currency)
    return f"{amount} {billed(side.pricing)}" if named else amount


def _quantities(sides: list[Side]) -> list[int]:
    found = {quantity for side in sides for quantity in _suggested(side)}
    least = min(side.minimum for side in sides)
    most = max(side.maximum for side in sides if side.maximum) if all(side.maximum for side in sides) else None
    fitting = sorted(one for one in found | {least} if one >= least and (most is None or one <= most))
    return [] if fitting == [1] else _thinned(fitting)


def _thinned(quantities: list[int]) -> list[int]:
    """The first and the last, and of those between as many as somebody reads."""
    if len(quantities) <= MOST:
        return quantities
    return sorted({quantities[place * (len(quantities) - 1) // (MOST - 1)] for place in range(MOST)})


def _suggested(side: Side) -> Iterator[int]:
    pricing = side.pricing
    yield side.minimum
    if pricing.tiers:
        ends = bounds(pricing)
        yield from (quantity for end in ends for quantity in (end, end + 1))
        yield 2 * ends[-1] if ends else _typical(pricing)[-1]
    elif pricing.package:
        size = pricing.package.divide_by
        yield from (1, size, size + 1, 10 * size, 100 * size)
    elif pricing.metered or pricing.per_seat:
        yield from _typical(pricing)


def _typical(pricing: Pricing) -> tuple[int, ...]:
    return _USAGE if pricing.metered else _SEATS


def _parts(pricing: Pricing, quantity: int) -> Iterator[str]:
    if pricing.mode == "volume":
        tier = next((tier for tier in pricing.tiers if tier.up_to is None or quantity <= tier.up_to), pricing.tiers[-1])
        yield from _part(pricing, quantity, tier.unit, tier.flat)
    elif pricing.tiers:
        yield from _graduated(pricing, quantity)
    else:
        count = pricing.package.count(quantity) if pricing.package else quantity
        yield f"{number(count)} × {figure(pricing.unit or ZERO, pricing.currency)}"


def _graduated(pricing: Pricing, quantity: int) -> Iterator[str]:
    below = 0
    for tier in pricing.tiers:
        top = quantity if tier.up_to is None else min(quantity, tier.up_to)
        if below and top <= below:
            return
        yield from _part(pricing, top - below, tier.unit, tier.flat)
        below = top


def _part(pricing: Pricing, count: int, unit: Decimal, flat: Decimal) -> Iterator[str]:
    if unit or not flat:
        yield f"{number(count)} × {figure(unit, pricing.currency)}"
    if flat:
        yield figure(flat, pricing.currency)
