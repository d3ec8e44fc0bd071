"""`billing.consumption`: what is used and left, without writing anything."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from billing_runtime import InvalidInput, UnknownName
from tests.billing_runtime.consuming.test_consume import rows

if TYPE_CHECKING:
    from collections.abc import Callable

    from billing_runtime import Billing, Consumption
    from tests.billing_runtime.consuming.conftest import Time

Json = dict[str, Any]


def said(found: Consumption) -> tuple[Any, ...]:
    """What a decision says as well."""
    return found.usage, found.limit, found.remaining, found.overage, found.resets_at


def test_whoever_has_used_nothing_has_all_of_it(billing: Billing) -> None:
    """Without a counter and without a subscription the free plan's limit must be there, in today's window."""
    found = billing.consumption("org_1", "credits")
    resets = datetime(2026, 4, 1, tzinfo=UTC)
    assert (found.name, said(found)) == ("credits", (0, 100, 100, 0, resets))
    assert (found.held, found.carried, found.grants) == (0, 0, 0)
    assert found.window_start == datetime(2026, 3, 1, tzinfo=UTC)
    assert billing.consumption("org_1", "limits:credits") == found
    assert rows(billing, "counter") == []


@pytest.mark.parametrize(
    ("name", "limit", "remaining", "overage"),
    [("credits", 100, 93, 0), ("seconds", 10, 3, 0), ("free", None, None, 0), ("tokens", 1000, 993, 0)],
)
def test_it_says_what_the_decision_said(
    billing: Billing, name: str, limit: int | None, remaining: int | None, overage: int
) -> None:
    """Right after a decision both must agree."""
    made = billing.consume("org_1", name, 7)
    found = billing.consumption("org_1", name)
    assert said(found) == (7, limit, remaining, overage, made.resets_at)
    assert said(found) == (made.usage, made.limit, made.remaining, made.overage, made.resets_at)


def test_remaining_stops_at_nothing(billing: Billing) -> None:
    """Beyond the limit nothing remains, and the excess has a name of its own."""
    billing.consume("org_1", "seconds", 25)
    found = billing.consumption("org_1", "seconds")
    assert (found.usage, found.remaining, found.overage) == (25, 0, 15)


def test_what_is_held_shows_until_it_runs_out(billing: Billing, clock: Time) -> None:
    """Reserved units count, and no longer than the reservation lasts, although nobody has swept it away."""
    billing.consume("org_1", "credits", 5)
    billing.reserve("org_1", "credits", 30, expires_in=timedelta(minutes=1))
    found = billing.consumption("org_1", "credits")
    assert (found.usage, found.held, found.remaining) == (35, 30, 65)
    before = rows(billing, "counter"), rows(billing, "decision")
    clock.pass_(minutes=1)
    found = billing.consumption("org_1", "credits")
    assert (found.usage, found.held, found.remaining) == (5, 0, 95)
    assert (rows(billing, "counter"), rows(billing, "decision")) == before


def test_a_window_that_is_over_is_over(billing: Billing, clock: Time) -> None:
    """After a reset the reading must be that of the new window, before anybody has counted in it."""
    billing.consume("org_1", "images", 3)
    before = rows(billing, "counter")
    clock.pass_(hours=1)
    found = billing.consumption("org_1", "images")
    assert (found.usage, found.remaining, found.window_start) == (0, 3, datetime(2026, 3, 15, tzinfo=UTC))
    assert rows(billing, "counter") == before


def test_what_is_not_there_is_refused(billing: Billing) -> None:
    """A typo must not read as nothing used."""
    with pytest.raises(UnknownName, match="credits"):
        billing.consumption("org_1", "credist")
    with pytest.raises(InvalidInput):
        billing.consumption("", "credits")


AMOUNTS = st.integers(1, 60)
STEPS = st.lists(
    st.tuples(st.sampled_from(["consume", "count", "reserve", "commit", "release", "refund", "wait"]), AMOUNTS),
    max_size=15,
)


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_it_is_what_the_next_decision_finds(billing: Billing, clock: Time, steps: list[Any]) -> None:
    """After whatever came before, exactly what remains may be used, and not one more; reading changes nothing."""
    entity, open_, receipts = f"org_{uuid4()}", [], []
    for step, amount in steps:
        if step == "wait":
            clock.pass_(minutes=amount)
        elif step == "reserve":
            held = billing.reserve(entity, "credits", amount, expires_in=timedelta(minutes=20))
            open_ += [held] if held else []
        elif step in {"consume", "count"}:
            made = billing.consume(entity, "credits", amount, enforce=step == "consume")
            receipts += [made.receipt] if made else []
        elif step == "commit" and open_:
            open_.pop().commit(amount)
        elif step == "release" and open_:
            open_.pop().release()
        elif step == "refund" and receipts:
            billing.refund(str(receipts.pop()))
        found = billing.consumption(entity, "credits")
        assert found == billing.consumption(entity, "credits")
        assert found.remaining is not None
        assert (found.remaining - found.overage, found.remaining >= 0) == (100 - found.usage, True)
    left = billing.consumption(entity, "credits").remaining
    assert left is not None
    assert not billing.consume(entity, "credits", left + 1)
    assert not left or billing.consume(entity, "credits", left).remaining == 0


def test_a_subscribers_own_limit(open_billing: Callable[..., Billing], limited: Json, clock: Time) -> None:
    """Names that no plan has are refused even where an entity has no terms at all."""
    limited["plans"].pop("free")
    billing = open_billing(manifest=limited, clock=clock)
    found = billing.consumption("org_1", "ai_tokens")
    assert (found.limit, found.remaining) == (0, 0)


def test_credits_are_part_of_what_remains(billing: Billing, clock: Time) -> None:
    """Credits must show, less what a reservation took of them, and whole again once that has run out."""
    billing.credits.grant("org_1", "credits", 50, source="welcome")
    found = billing.consumption("org_1", "credits")
    assert (found.limit, found.grants, found.remaining) == (100, 50, 150)
    billing.reserve("org_1", "credits", 120, expires_in=timedelta(minutes=1))
    found = billing.consumption("org_1", "credits")
    assert (found.usage, found.grants, found.remaining, found.overage) == (120, 30, 30, 0)
    before = billing.credits.entries("org_1")
    clock.pass_(minutes=1)
    found = billing.consumption("org_1", "credits")
    assert (found.usage, found.grants, found.remaining) == (0, 50, 150)
    assert billing.credits.entries("org_1") == before
