"""Time as the application sees it: one function, replaceable in tests."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from billing_runtime.errors import InvalidInput

Clock = Callable[[], datetime]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MINUTE = 60


def system_clock() -> datetime:
    """Now, in UTC."""
    return datetime.now(UTC)


def to_unix(name: str, moment: datetime) -> int:
    """Whole seconds since 1970; a datetime without a zone is refused, since nobody knows which zone it meant."""
    if not isinstance(moment, datetime) or moment.utcoffset() is None:
        message = f"{name} has no time zone: use datetime(..., tzinfo=UTC)."
        raise InvalidInput(message)
    return (moment - _EPOCH) // timedelta(seconds=1)


def time_of(seconds: int) -> datetime:
    """The moment in UTC."""
    return datetime.fromtimestamp(seconds, UTC)


def from_unix(seconds: int | None) -> datetime | None:
    """The moment in UTC, or None as Stripe sends it."""
    return None if seconds is None else time_of(seconds)


def minute_before(seconds: int) -> int:
    """The last full minute at or before."""
    return seconds // _MINUTE * _MINUTE


def minute_after(seconds: int) -> int:
    """The first full minute at or after."""
    return -(-seconds // _MINUTE) * _MINUTE
