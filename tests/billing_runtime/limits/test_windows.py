"""Windows tile time: from any anchor, at any interval, with clamped months."""

from __future__ import annotations

from calendar import monthrange
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing_runtime.limits.windows import Schedule, Window, schedule_of

#: Any second of 1970 to 2100, the last days of months more often than others.
SECONDS = st.integers(0, 4_102_444_800)
LAST_DAYS = st.builds(
    lambda year, month, second: int(datetime(year, month, monthrange(year, month)[1], tzinfo=UTC).timestamp()) + second,
    st.integers(1970, 2099),
    st.integers(1, 12),
    st.integers(0, 86_399),
)
MOMENTS = SECONDS | LAST_DAYS
INTERVALS = st.sampled_from(["hour", "day", "week", "month", "year"])


@st.composite
def schedules(draw: st.DrawFn) -> Schedule:
    """Any schedule, also one of which Stripe has told a window that is like no other."""
    counted = Schedule(draw(INTERVALS), draw(st.integers(1, 12)), draw(MOMENTS))
    if draw(st.booleans()):
        return counted
    start = draw(MOMENTS)
    return Schedule(counted.interval, counted.count, counted.anchor, Window(start, start + draw(st.integers(1, 10**7))))


def unix(text: str) -> int:
    """Seconds since 1970."""
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp())


@given(schedules(), MOMENTS)
def test_windows_tile_time(schedule: Schedule, now: int) -> None:
    """Every moment must be in one window, and each must begin where the one before ends."""
    window = schedule.at(now)
    assert window.end is not None
    assert window.start <= now < window.end
    assert schedule.at(window.start) == schedule.at(window.end - 1) == window
    assert schedule.at(window.end).start == window.end
    assert schedule.before(window.start).end == window.start


@given(st.integers(1, 12), MOMENTS, MOMENTS)
def test_months_are_clamped(count: int, anchor: int, now: int) -> None:
    """A month must begin on the anchor's day and time, or on its last day if it has no such day."""
    start = datetime.fromtimestamp(Schedule("month", count, anchor).at(now).start, UTC)
    first = datetime.fromtimestamp(anchor, UTC)
    assert start.day == min(first.day, monthrange(start.year, start.month)[1])
    assert start.time() == first.time()
    assert ((start.year - first.year) * 12 + start.month - first.month) % count == 0


@given(MOMENTS, MOMENTS)
def test_months_fit_into_years(anchor: int, now: int) -> None:
    """A yearly period must begin and end with a month of the same anchor, the 29th of February included."""
    months, year = schedule_of("month", anchor=anchor), Schedule("year", 1, anchor).at(now)
    assert year.end is not None
    assert months.at(year.start).start == year.start
    assert months.at(year.end).start == year.end


@pytest.mark.parametrize(
    ("anchor", "starts"),
    [
        ("2026-01-31T09:30", ["2026-02-28T09:30", "2026-03-31T09:30", "2026-04-30T09:30", "2026-05-31T09:30"]),
        ("2027-12-30", ["2028-01-30", "2028-02-29", "2028-03-30", "2028-04-30"]),
        ("2024-02-29", ["2024-03-29", "2024-04-29", "2024-05-29", "2024-06-29"]),
    ],
)
def test_the_31st_comes_back(anchor: str, starts: list[str]) -> None:
    """The day that a short month lacks must be back in the next long one."""
    schedule = schedule_of("month", anchor=unix(anchor))
    end = schedule.at(unix(anchor)).end
    for start in starts:
        assert end == unix(start)
        end = schedule.at(unix(start)).end


def test_a_year_from_a_leap_day() -> None:
    """Years from 29 February must begin on the 28th, and on the 29th again in the next leap year."""
    schedule = Schedule("year", 1, unix("2024-02-29"))
    assert [schedule.at(unix(f"{year}-06-01")).start for year in (2025, 2027, 2028)] == [
        unix("2025-02-28"),
        unix("2027-02-28"),
        unix("2028-02-29"),
    ]


@pytest.mark.parametrize(
    ("per", "start", "end"),
    [
        ("hour", "2026-03-14T15:00", "2026-03-14T16:00"),
        ("day", "2026-03-14", "2026-03-15"),
        ("month", "2026-03-01", "2026-04-01"),
        ("period", "2026-03-01", "2026-04-01"),
    ],
)
def test_without_a_subscription(per: str, start: str, end: str) -> None:
    """Who has no subscription must have the calendar's windows, in UTC; a billing period is then a month."""
    assert schedule_of(per).at(unix("2026-03-14T15:09:26")) == Window(unix(start), unix(end))


def test_a_lifetime_is_one_window() -> None:
    """It must never end, and nothing comes before it."""
    assert schedule_of("lifetime", anchor=5).at(0) == schedule_of("lifetime").at(2**40) == Window(0, None)
    assert Schedule("month", known=Window(100, None)).at(2**40) == Window(100, None)
