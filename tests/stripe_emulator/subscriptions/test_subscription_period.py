"""Billing periods, computed from an anchor."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stripe_emulator.objects.subscriptions.period import boundary, period_at

RECURRING = st.fixed_dictionaries(
    {"interval": st.sampled_from(["day", "week", "month", "year"]), "interval_count": st.integers(1, 3)}
)
TIMES = st.integers(min_value=946_684_800, max_value=4_102_444_800)  # 2000 to 2100


@given(anchor=TIMES, recurring=RECURRING, moment=TIMES)
def test_a_moment_lies_in_its_period(anchor: int, recurring: dict[str, Any], moment: int) -> None:
    """The start belongs to a period, the end to the next."""
    start, end = period_at(anchor, recurring, moment)
    assert start <= moment < end


@given(anchor=TIMES, recurring=RECURRING, moment=TIMES)
def test_periods_leave_no_gap(anchor: int, recurring: dict[str, Any], moment: int) -> None:
    """Where one period ends the next begins."""
    _, end = period_at(anchor, recurring, moment)
    assert period_at(anchor, recurring, end)[0] == end


@given(anchor=TIMES, months=st.integers(1, 120))
def test_day_of_the_anchor_is_kept_where_the_month_has_it(anchor: int, months: int) -> None:
    """A boundary falls on the anchor's day, or on the last day of a shorter month."""
    moment = datetime.fromtimestamp(boundary(anchor, {"interval": "month", "interval_count": 1}, months), UTC)
    day = datetime.fromtimestamp(anchor, UTC).day
    next_day = datetime.fromtimestamp(moment.timestamp() + 86400, UTC)
    assert moment.day == day or (moment.day < day and next_day.month != moment.month)


@pytest.mark.parametrize(
    ("anchor", "interval", "expected"),
    [
        ("2026-01-31T00:00:00+00:00", "month", "2026-02-28T00:00:00+00:00"),
        ("2028-01-31T00:00:00+00:00", "month", "2028-02-29T00:00:00+00:00"),
        ("2028-02-29T08:30:00+00:00", "year", "2029-02-28T08:30:00+00:00"),
        ("2026-12-31T23:59:59+00:00", "week", "2027-01-07T23:59:59+00:00"),
    ],
)
def test_known_boundaries(anchor: str, interval: str, expected: str) -> None:
    """A few dates that are easy to check by hand."""
    start = int(datetime.fromisoformat(anchor).timestamp())
    end = boundary(start, {"interval": interval, "interval_count": 1}, 1)
    assert datetime.fromtimestamp(end, UTC).isoformat() == expected
