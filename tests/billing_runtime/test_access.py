"""What a status is worth: a pure table, with grace, ends and unknown statuses."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing_runtime import AccessPolicy
from billing_runtime.access import STATUSES, access

NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)
moments = st.none() | st.timedeltas(timedelta(days=-90), timedelta(days=90)).map(lambda delta: NOW + delta)


@pytest.mark.parametrize(
    ("status", "allowed"),
    [
        ("active", True),
        ("trialing", True),
        ("past_due", True),
        ("incomplete", False),
        ("incomplete_expired", False),
        ("unpaid", False),
        ("paused", False),
        ("canceled", False),
        ("a status of next year", False),
        ("none", False),
    ],
)
def test_what_each_status_is_worth(status: str, allowed: bool) -> None:
    """Only what is or was paid for, or is being tried, must give access."""
    found = access(AccessPolicy(), status, now=NOW, ends=None, past_due_since=NOW)
    assert (bool(found), status in found.reason) == (allowed, True)


def test_grace_ends() -> None:
    """A late payer must keep access for a week, and lose it to the second."""
    since = NOW - timedelta(days=7)
    policy = AccessPolicy()
    before = access(policy, "past_due", now=NOW - timedelta(seconds=1), ends=None, past_due_since=since)
    assert (before.allowed, before.reason, before.until) == (True, "past_due, in grace", NOW)
    after = access(policy, "past_due", now=NOW, ends=None, past_due_since=since)
    assert (after.allowed, after.reason) == (False, "past_due, grace is over")


def test_the_table_can_be_replaced() -> None:
    """An application may be stricter or kinder than the default."""
    strict = AccessPolicy({"past_due": "none"})
    kind = AccessPolicy({"paused": "full"}, grace=timedelta(days=30))
    assert not access(strict, "past_due", now=NOW, ends=None, past_due_since=NOW)
    assert access(kind, "paused", now=NOW, ends=None, past_due_since=None)
    assert access(kind, "past_due", now=NOW, ends=None, past_due_since=NOW - timedelta(days=29))


def test_a_cancelled_one_ends_without_an_event() -> None:
    """An end that has passed must count, even if Stripe's event about it was lost."""
    assert access(AccessPolicy(), "active", now=NOW, ends=NOW + timedelta(seconds=1), past_due_since=None)
    found = access(AccessPolicy(), "active", now=NOW, ends=NOW, past_due_since=None)
    assert (found.allowed, found.reason) == (False, "ended")


@given(st.sampled_from(sorted(STATUSES)), moments, moments, st.timedeltas(timedelta(0), timedelta(days=60)))
def test_until_is_when_it_ends(status: str, ends: datetime | None, since: datetime | None, grace: timedelta) -> None:
    """Whatever the facts, access must last exactly until the moment that it names."""
    policy = AccessPolicy(grace=grace)
    found = access(policy, status, now=NOW, ends=ends, past_due_since=since)
    if found and found.until is not None:
        just_before = found.until - timedelta(microseconds=1)
        assert found.until > NOW
        assert access(policy, status, now=just_before, ends=ends, past_due_since=since or NOW)
        assert not access(policy, status, now=found.until, ends=ends, past_due_since=since or NOW)


@given(st.sampled_from(sorted(STATUSES)), moments, moments)
def test_lost_access_does_not_come_back_by_itself(status: str, ends: datetime | None, since: datetime | None) -> None:
    """Without news from Stripe, time alone must never give access."""
    policy = AccessPolicy()
    if not access(policy, status, now=NOW, ends=ends, past_due_since=since):
        later = NOW + timedelta(days=365)
        assert not access(policy, status, now=later, ends=ends, past_due_since=since or NOW)
