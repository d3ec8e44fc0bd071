"""Billing periods: counted from an anchor, so that the 31st comes back after February.

https://docs.stripe.com/billing/subscriptions/billing-cycle
"""

from __future__ import annotations

import calendar
from datetime import UTC, datetime
from typing import Any

DAY = 86400
_ROUGHLY = {"day": DAY, "week": 7 * DAY, "month": 30 * DAY, "year": 365 * DAY}


def period_at(anchor: int, recurring: dict[str, Any], moment: int) -> tuple[int, int]:
    """Return the period a moment lies in, start included, end excluded."""
    step = (moment - anchor) // (_ROUGHLY[recurring["interval"]] * recurring["interval_count"])
    while boundary(anchor, recurring, step) > moment:
        step -= 1
    while boundary(anchor, recurring, step + 1) <= moment:
        step += 1
    return boundary(anchor, recurring, step), boundary(anchor, recurring, step + 1)


def boundary(anchor: int, recurring: dict[str, Any], step: int) -> int:
    """Return the end of the step-th period after the anchor; a day that a month lacks becomes its last."""
    interval, steps = recurring["interval"], recurring["interval_count"] * step
    if interval in ("day", "week"):
        return anchor + int(steps) * _ROUGHLY[interval]
    start = datetime.fromtimestamp(anchor, UTC)
    months = start.year * 12 + start.month - 1 + steps * (12 if interval == "year" else 1)
    year, month = months // 12, months % 12 + 1
    day = min(start.day, calendar.monthrange(year, month)[1])
    return int(start.replace(year=year, month=month, day=day).timestamp())
