"""Moments, seconds and minutes."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing_runtime import InvalidInput
from billing_runtime.clock import from_unix, minute_after, minute_before, system_clock, to_unix

SECONDS = st.integers(0, 2**33)


@given(SECONDS, st.integers(-14 * 60, 14 * 60), st.integers(0, 999_999))
def test_seconds_survive_the_journey(seconds: int, offset: int, microseconds: int) -> None:
    """Whatever the zone, the moment must be the same, and parts of a second fall off."""
    moment = datetime.fromtimestamp(seconds, timezone(timedelta(minutes=offset)))
    assert to_unix("at", moment.replace(microsecond=microseconds)) == seconds
    assert from_unix(seconds) == moment


@given(SECONDS)
def test_minutes_enclose_the_moment(seconds: int) -> None:
    """Whole minutes must lie at, or less than a minute from, the moment."""
    assert minute_before(seconds) % 60 == minute_after(seconds) % 60 == 0
    assert seconds - 60 < minute_before(seconds) <= seconds <= minute_after(seconds) < seconds + 60


def test_the_system_clock_is_utc() -> None:
    """Now must not depend on where the machine stands."""
    assert system_clock().tzinfo is UTC


def test_no_moment_stays_none() -> None:
    """Stripe's null must not become 1970."""
    assert from_unix(None) is None


@pytest.mark.parametrize("moment", [date(2026, 11, 1), "2026-11-01", 1793491200, None])
def test_what_is_no_moment_is_refused(moment: Any) -> None:
    """A date, text or number must be answered as a time without a zone is."""
    with pytest.raises(InvalidInput, match="start has no time zone: use datetime"):
        to_unix("start", moment)
