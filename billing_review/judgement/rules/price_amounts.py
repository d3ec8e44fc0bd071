"""What a price's amounts do for whoever buys from now on: rise, fall, or vanish."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

from billing_review.judgement.comparing import Comparison, comparisons
from billing_review.judgement.fields import part, whole
from billing_review.judgement.successions import Succession
from billing_review.pricing import Pricing

Judged = tuple[Pricing, Pricing, tuple[Comparison, ...]]


def judged(succession: Succession) -> Iterator[Judged]:
    """The comparable costs in each currency that the price has before and after."""
    least = max(_minimum(succession, side) for side in ("old", "new"))
    for _, old, new in succession.pricings():
        found = comparisons(old, new, least if new.per_seat and old.per_seat else 1)
        if found:
            yield old, new, found


def _minimum(succession: Succession, side: str) -> int:
    return max(1, whole(part(getattr(succession, side), "seats").get("minimum")) or 1)


def rises(found: tuple[Comparison, ...], over: Decimal) -> tuple[Comparison, ...]:
    """Where it costs more by more than so many per cent; what was free and is not any more counts as well."""
    most = Fraction(over)
    return tuple(one for one in found if one.new > one.old and (one.rise is None or one.rise > most))


def falls(found: tuple[Comparison, ...]) -> tuple[Comparison, ...]:
    """Where it costs less."""
    return tuple(one for one in found if one.new < one.old)


def most(found: tuple[Comparison, ...]) -> Comparison:
    """The greatest change in per cent; out of nothing is greater than any."""
    return max(found, key=lambda one: (one.rise is None, abs(one.rise or 0), -one.quantity))


def becomes_free(found: tuple[Comparison, ...]) -> bool:
    """Whether nothing is left to pay, at any quantity."""
    return any(one.old for one in found) and not any(one.new for one in found)
