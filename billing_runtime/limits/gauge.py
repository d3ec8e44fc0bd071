"""Gauges: what is counted by the application itself, such as members and projects, against a limit. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from billing_runtime.errors import InvalidInput
from billing_runtime.held import NONE
from billing_runtime.limits.terms import NOTHING

if TYPE_CHECKING:
    from billing_runtime.held import HeldSubscription
    from billing_runtime.limits.terms import LimitSource

#: Why it is allowed, or not; an entity whose subscription gives no access is told that instead of the last two.
INCLUDED, OVERAGE, REACHED, NOT_INCLUDED = "included", "overage", "limit reached", "not included"

# So much is exact in Decimal arithmetic, and more than anybody has of anything.
_MOST, _DECIMALS = 10**15, 9


@dataclass(frozen=True, slots=True)
class Check:
    """Whether so much more may be there; truthy if so.

    `limit` is what is included (None: no end, 0: nothing), `remaining` how much may be added to `current` (None: no
    end), without what is let through or billed beyond the limit. `reason` is a word or two for logs and pages.
    """

    allowed: bool
    current: int | Decimal
    adding: int | Decimal
    limit: int | None
    remaining: int | Decimal | None
    reason: str

    def __bool__(self) -> bool:
        return self.allowed


def judged(held: HeldSubscription, source: LimitSource, current: int | Decimal, adding: int | Decimal) -> Check:
    """Whether `adding` may be added to the `current` number, neither of them negative."""
    limit = source.limit
    if limit is None:
        return Check(False, current, adding, 0, 0, _refusal(held, source))
    if limit.included == "unlimited":
        return Check(True, current, adding, None, None, INCLUDED)
    remaining = max(0, limit.included - current)
    if adding <= limit.included - current:
        return Check(True, current, adding, limit.included, remaining, INCLUDED)
    if limit.overage != "block":
        return Check(True, current, adding, limit.included, remaining, OVERAGE)
    return Check(False, current, adding, limit.included, remaining, _refusal(held, source))


def amount(what: str, value: int | Decimal) -> int | Decimal:
    """How much there is of something: an int or a Decimal that is not negative. Raises InvalidInput."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        message = f"{what} must be an int or a Decimal, not {type(value).__name__}."
        raise InvalidInput(message)
    fits = value.is_finite() and int(value.as_tuple().exponent) >= -_DECIMALS if isinstance(value, Decimal) else True
    if not fits or not 0 <= value < _MOST:
        message = f"{what} must be from 0 on, with at most 15 digits before the decimal point and {_DECIMALS} after it."
        raise InvalidInput(message)
    return value


def _refusal(held: HeldSubscription, source: LimitSource) -> str:
    if not held and held.status != NONE:
        return held.access.reason
    return NOT_INCLUDED if source.terms_id == NOTHING else REACHED
