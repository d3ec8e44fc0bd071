"""How two prices compare over quantities: where they cross, where they bend, and how far it is worth looking.

Everything is exact and compares amounts before they are rounded to whole minor units: rounded ones would cross back and
forth within a cent. Packages and volume tiers jump, so a crossing is a whole quantity, not a point on a line.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Literal

from billing_review.pricing import Pricing

Trend = Literal["cheaper", "same", "dearer"]

HORIZON = 10_000_000
"""The last quantity that is asked about when crossings are named."""
MOST = 24
"""So many crossings are found at most: packages against units may change places at every package."""
_PACKAGES = 8
_SHOWN = 4
_ROWS = 24
_MANY = 1000


@dataclass(frozen=True, slots=True)
class Stretch:
    """From this quantity on, up to the next stretch, the new price is cheaper, dearer or the same."""

    first: int
    trend: Trend


def has_amount(pricing: Pricing) -> bool:
    """Tell whether the price says what it costs; where customers choose the amount, it does not."""
    return pricing.unit is not None or bool(pricing.tiers)


def is_comparable(old: Pricing | None, new: Pricing | None) -> bool:
    """Tell whether there are two amounts, of one currency and due equally often."""
    if old is None or new is None or not (has_amount(old) and has_amount(new)):
        return False
    return (old.currency, old.interval, old.interval_count) == (new.currency, new.interval, new.interval_count)


def stretches(old: Pricing, new: Pricing, upto: int = HORIZON, *, most: int = MOST) -> tuple[Stretch, ...]:
    """How the new price compares from the first unit up to a quantity: at most so many stretches, the first ones."""
    gap = _Gap(old, new)
    upto = last_quantity((old, new), upto)
    found = [Stretch(1, gap.trend(1))] if upto else []
    while found and len(found) < most and (at := gap.change_after(found[-1], upto)):
        found.append(Stretch(at, gap.trend(at)))
    return tuple(found)


def crossings(old: Pricing, new: Pricing, upto: int = HORIZON) -> tuple[Stretch, ...]:
    """The quantities from which the new price is cheaper, dearer or the same as it was not one unit before."""
    return stretches(old, new, upto, most=MOST + 1)[1:]


def last_quantity(pricings: Iterable[Pricing], upto: int) -> int:
    """The last quantity that has a price: a catalog's mistake may leave the last tier with an end."""
    ends = [pricing.tiers[-1].up_to for pricing in pricings if pricing.tiers]
    return min([upto, *(end for end in ends if end is not None)])


def corners(pricing: Pricing, upto: int, most: int | None = None, begin: int = 0) -> tuple[int, ...]:
    """The quantities between which the amount is a straight line: both sides of every jump and bend.

    Where there are more jumps than a drawing can show, `most` leaves out the same share of them everywhere.
    """
    edges = _edges(pricing, begin, upto)
    if most is not None:
        edges = edges[:: -(-len(edges) // most) or 1]
    return tuple(sorted({begin, upto, *edges, *(edge + 1 for edge in edges)}))


def points(pricing: Pricing, upto: int, most: int | None = None, begin: int = 0) -> tuple[tuple[int, Decimal], ...]:
    """The curve of a price: quantity and amount in minor units at each corner."""
    upto = last_quantity((pricing,), upto)
    return tuple((quantity, pricing.cost(quantity)) for quantity in corners(pricing, upto, most, begin))


def reach(old: Pricing | None, new: Pricing | None, examples: Iterable[int] = ()) -> int:
    """How far a drawing goes: past the last tier's bound, over some packages, and over what the examples name."""
    present = [pricing for pricing in (old, new) if pricing is not None]
    wanted = max([_extent(pricing) for pricing in present], default=10)
    flat = not any(pricing.tiers or pricing.package for pricing in present)
    wanted = max([wanted, *(quantity for quantity in examples if flat or quantity <= 3 * wanted)])
    if old is not None and new is not None and is_comparable(old, new):
        near = [one.first * 5 // 4 for one in crossings(old, new, 4 * wanted)]
        wanted = max([wanted, *(near if len(near) <= _SHOWN else near[:1])])
    return last_quantity(present, _rounded_up(wanted))


def span(old: Pricing | None, new: Pricing | None, examples: Iterable[int] = ()) -> tuple[int, int]:
    """From where to where a drawing goes: over the seats that can be bought, which the examples know; else from 0."""
    named = sorted(examples)
    present = [pricing for pricing in (old, new) if pricing is not None]
    if not named or not any(pricing.per_seat for pricing in present):
        return 0, reach(old, new, named)
    upto = last_quantity(present, named[-1])
    return (named[0] if 1 < named[0] < upto else 0), upto


def quantities(old: Pricing | None, new: Pricing | None, upto: int, begin: int = 1) -> tuple[int, ...]:
    """The quantities at which a table tells what the curves show: ends, both sides of each bound, crossings."""
    present = [pricing for pricing in (old, new) if pricing is not None]
    told = {max(1, begin), upto}
    for pricing in present:
        bounds = [*_bounds(pricing)[:_ROWS], *([pricing.package.divide_by] if pricing.package else [])]
        told.update(quantity for bound in bounds for quantity in (bound, bound + 1))
    if old is not None and new is not None and is_comparable(old, new):
        told.update(quantity for one in crossings(old, new, upto)[:6] for quantity in (one.first - 1, one.first))
    return tuple(sorted(quantity for quantity in told if max(1, begin) <= quantity <= upto))


def _extent(pricing: Pricing) -> int:
    if bounds := _bounds(pricing):
        return max(10, bounds[-1] * 3 // 2)
    if pricing.package:
        return _PACKAGES * pricing.package.divide_by
    return 1000 if pricing.metered else 10


def _rounded_up(quantity: int) -> int:
    step: int = 10 ** max(0, len(str(quantity)) - 2)
    return -(-quantity // step) * step


def _bounds(pricing: Pricing) -> list[int]:
    return [tier.up_to for tier in pricing.tiers if tier.up_to is not None]


def _divisor(pricing: Pricing) -> int:
    return pricing.package.divide_by if pricing.package and not pricing.tiers else 1


def _edges(pricing: Pricing, first: int, upto: int) -> Sequence[int]:
    """The last quantities before a jump or bend, at and after the first."""
    if pricing.tiers:
        return [bound for bound in _bounds(pricing) if first <= bound < upto]
    if pricing.package and (step := pricing.package.divide_by) > 1:
        last = step - 1 if pricing.package.round == "down" else 0
        begin = first + (last - first) % step
        return range(begin, upto, step)
    return []


class _Gap:
    """What the new price costs more than the old one, over stretches on which both are straight lines."""

    def __init__(self, old: Pricing, new: Pricing) -> None:
        self._old, self._new = old, new
        small, large = sorted((old, new), key=_divisor)
        self._period = math.lcm(_divisor(old), _divisor(new))
        self._large: Pricing | None = None
        if self._period > _MANY * _divisor(small):  # one of the large packages at a time, then, is the quicker way
            self._period, self._large = _divisor(small), large

    def __call__(self, quantity: int) -> Decimal:
        return self._new.cost(quantity) - self._old.cost(quantity)

    def trend(self, quantity: int) -> Trend:
        """How the new price compares at a quantity."""
        gap = self(quantity)
        return "dearer" if gap > 0 else "cheaper" if gap < 0 else "same"

    def change_after(self, stretch: Stretch, upto: int) -> int | None:
        """The first quantity at which a stretch is over, if there is one."""
        begin = stretch.first
        bounds = {bound for one in (self._old, self._new) for bound in _bounds(one) if begin <= bound < upto}
        for end in (*sorted({*bounds, *(_edges(self._large, begin, upto) if self._large else ())}), upto):
            if (at := self._change_between(begin, end, stretch.trend)) is not None:
                return at
            begin = end + 1
        return None

    def _change_between(self, first: int, last: int, trend: Trend) -> int | None:
        """The same within one tier of either price, where packages repeat after their common multiple."""
        period = self._period
        if period == 1:
            return self._change_on_line(first, last, trend)
        window = min(first + period - 1, last)
        if (at := self._change_in_window(first, window, trend)) is not None or window == last:
            return at
        drift = self(window + 1) - self(first)
        ends = (self(end) for piece in self._pieces(first, window) for end in piece)
        later = [turns for gap in ends if (turns := _turns(gap, drift, trend))]
        begin = first + min(later, default=0) * period
        return self._change_in_window(begin, min(begin + period - 1, last), trend) if later and begin <= last else None

    def _change_in_window(self, first: int, last: int, trend: Trend) -> int | None:
        found = (self._change_on_line(*piece, trend) for piece in self._pieces(first, last))
        return next((at for at in found if at is not None), None)

    def _pieces(self, first: int, last: int) -> Iterator[tuple[int, int]]:
        """Where both prices are straight lines, in order."""
        edges = {edge for one in (self._old, self._new) for edge in _edges(one, first, last)}
        return ((begin + 1, end) for begin, end in pairwise((first - 1, *sorted(edges), last)))

    def _change_on_line(self, first: int, last: int, trend: Trend) -> int | None:
        if self.trend(first) != trend:
            return first
        if self.trend(last) == trend:
            return None
        if trend == "same":
            return first + 1
        begin, end = Fraction(self(first)), Fraction(self(last))
        return first + math.ceil(begin * (last - first) / (begin - end))


def _turns(gap: Decimal, drift: Decimal, trend: Trend) -> int | None:
    """After how many repetitions the trend is over at this place, if ever."""
    if trend == "same":
        return 1 if drift else None
    towards = -drift if trend == "dearer" else drift
    return math.ceil(Fraction(abs(gap)) / Fraction(towards)) if towards > 0 else None
