"""Windows in which usage is counted: billing periods, months, days, hours, or for ever.

All in whole seconds since 1970, UTC. A window begins at its start and ends before its end. Months and billing periods
are counted from an anchor, as Stripe counts them: the 31st becomes the last day of a shorter month, and is the 31st
again in the next long one (https://docs.stripe.com/billing/subscriptions/billing-cycle).
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

_HOUR, _DAY, _WEEK = 3600, 86_400, 604_800
_FIXED = {"hour": _HOUR, "day": _DAY, "week": _WEEK}
_MONTHS = {"month": 1, "year": 12}
#: The anchor of whoever has no subscription: the first of every month, midnight UTC. 1970 began with a Thursday.
FIRST_OF_MONTH = 0


class Window(NamedTuple):
    """From `start` up to, not including, `end`; one that never ends has None."""

    start: int
    end: int | None


@dataclass(frozen=True, slots=True)
class Schedule:
    """Which windows follow one another: so many intervals each, counted from the anchor.

    `known` is a window that Stripe has told: a trial, or the period after one, need not be as long as the others. The
    one before it ends, and the one after it begins, where it does.
    """

    interval: str
    count: int = 1
    anchor: int = FIRST_OF_MONTH
    known: Window | None = None

    def at(self, now: int) -> Window:
        """The window that is open now."""
        known = self.known
        if known is None:
            return self._counted(now)
        if now < known.start:
            start, end = self._counted(now)
            return Window(start, known.start if end is None else min(end, known.start))
        if known.end is None or now < known.end:
            return known
        start, end = self._counted(now)
        return Window(max(start, known.end), end)

    def before(self, start: int) -> Window:
        """The window before the one that begins at `start`."""
        return self.at(start - 1)

    def _counted(self, now: int) -> Window:
        """From the anchor alone."""
        if self.interval == "lifetime":
            return Window(0, None)
        if self.interval in _FIXED:
            return _fixed(self.anchor, _FIXED[self.interval] * self.count, now)
        return self._calendar(now, _MONTHS[self.interval] * self.count)

    def _calendar(self, now: int, months: int) -> Window:
        anchor = datetime.fromtimestamp(self.anchor, UTC)
        today = datetime.fromtimestamp(now, UTC)
        passed = (today.year - anchor.year) * 12 + today.month - anchor.month
        number = passed // months
        # The anchor's day may not have come yet in this month.
        if _after(anchor, number * months) > now:
            number -= 1
        return Window(_after(anchor, number * months), _after(anchor, (number + 1) * months))


def schedule_of(
    per: str,
    *,
    anchor: int | None = None,
    interval: str | None = None,
    count: int | None = None,
    known: Window | None = None,
) -> Schedule:
    """The windows of a limit, for a subscription whose periods are so long and begin at the anchor.

    A billing period of nobody's subscription is a month. Days and hours are those of the clock, not of the anchor.
    """
    if per in {"day", "hour", "lifetime"}:
        return Schedule(per)
    start = FIRST_OF_MONTH if anchor is None else anchor
    if per == "month" or interval is None:
        return Schedule("month", 1, start)
    return Schedule(interval, count or 1, start, known)


def _fixed(anchor: int, length: int, now: int) -> Window:
    start = anchor + (now - anchor) // length * length
    return Window(start, start + length)


def _after(anchor: datetime, months: int) -> int:
    """So many months after the anchor, at its time of day; a day that the month lacks is its last one."""
    year, month = divmod(anchor.year * 12 + anchor.month - 1 + months, 12)
    day = min(anchor.day, monthrange(year, month + 1)[1])
    return (anchor.replace(year=year, month=month + 1, day=day) - _EPOCH) // timedelta(seconds=1)


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
