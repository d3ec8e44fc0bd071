"""Whatever goes wrong between us and Stripe: usage counts once, or somebody is told that it does not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from billing_runtime import Billing, InvalidInput, Reporting, StripeRefused, StripeUnavailable, UsageProblem
from tests.billing_runtime.conftest import BACKENDS
from tests.billing_runtime.outbox.conftest import Json, rows

if TYPE_CHECKING:
    import stripe

    from stripe_emulator.client import EmulatorClient
    from tests.billing_runtime.outbox.conftest import Time

EVENTS: Any = {"method": "POST", "path": "/v1/billing/meter_events"}
Count = Callable[..., int]


def state(billing: Billing) -> list[str]:
    """What has become of the rows of org_1."""
    return [row["state"] for row in rows(billing)]


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("later", [{"hours": 1}, {"hours": 30}])
def test_a_cut_connection_counts_once(
    billing: Billing,
    backend: str,
    stripe_emulator: EmulatorClient,
    at_stripe: Count,
    clock: Time,
    when: str,
    later: dict[str, float],
) -> None:
    """Within a day it is sent again under its name; after that Stripe is asked first, for it forgets the name."""
    billing.consume("org_1", "tokens", 5)
    billing.consume("org_1", "calls", 3)
    stripe_emulator.cut_next(when, count=2, containing="event_name=tokens", **EVENTS)
    with pytest.raises(StripeUnavailable, match="cannot be reached"):
        billing.usage.flush()
    assert "sealed" in state(billing)
    clock.pass_(**later)
    assert billing.usage.flush().waiting == 0
    assert (at_stripe("tokens"), at_stripe("calls")) == (5, 3)
    stripe_emulator.clear_requests()
    assert (billing.usage.flush().dead, stripe_emulator.count()) == (0, 0)


@pytest.mark.parametrize("later", [{"hours": 1}, {"hours": 30}])
def test_units_that_are_told_one_by_one_go_on_where_they_were(
    billing: Billing, stripe_emulator: EmulatorClient, at_stripe: Count, clock: Time, later: dict[str, float]
) -> None:
    """Of ten units some were told and one may have been: the others must follow, and none come twice."""
    billing.consume("org_1", "calls", 10)
    stripe_emulator.cut_next("after", skip=4, count=2, **EVENTS)
    with pytest.raises(StripeUnavailable):
        billing.usage.flush()
    assert rows(billing)[0]["done"] == 4
    clock.pass_(**later)
    assert billing.usage.flush().waiting == 0
    assert at_stripe("calls") == 10


@pytest.mark.parametrize("status", [500, 503])
def test_a_passing_failure_counts_once(
    billing: Billing, stripe_emulator: EmulatorClient, at_stripe: Count, clock: Time, status: int
) -> None:
    """A failure, also one that Stripe keeps under its key, must be waited out."""
    billing.consume("org_1", "tokens", 5)
    stripe_emulator.fail_next(status, count=2, **EVENTS)
    with pytest.raises(StripeUnavailable, match=str(status)):
        billing.usage.flush()
    assert billing.usage.lag().failing == 1
    clock.pass_(minutes=11)
    assert billing.usage.flush().failing == 0
    assert at_stripe("tokens") == 5


def test_stripe_says_when_it_will_hear_again(billing: Billing, stripe_emulator: EmulatorClient, customer: str) -> None:
    """A 429 that says how long to wait must be believed."""
    billing.consume("org_1", "tokens", 5)
    stripe_emulator.fail_next(429, count=2, headers={"Retry-After": "3000"}, **EVENTS)
    billing.usage.flush()
    assert rows(billing)[0]["due_at"] - rows(billing)[0]["tried_at"] == 3000


def test_too_much_at_once(billing: Billing, stripe_emulator: EmulatorClient, at_stripe: Count, clock: Time) -> None:
    """Where Stripe takes nothing from anybody, nobody else is tried, and everything is told later."""
    for number in range(8):
        billing.customers.ensure(f"org_{number}")
        billing.consume(f"org_{number}", "tokens", 5)
    stripe_emulator.fail_next(429, count=1000, **EVENTS)
    stripe_emulator.clear_requests()
    with pytest.raises(StripeUnavailable, match="429"):
        billing.usage.flush()
    assert stripe_emulator.count(**EVENTS) < 16
    stripe_emulator.clear_faults()
    clock.pass_(minutes=11)
    assert billing.usage.flush().waiting == 0
    assert at_stripe("tokens") == 5


def test_one_customer_at_a_time(
    billing: Billing, stripe_emulator: EmulatorClient, at_stripe: Count, clock: Time, customer: str
) -> None:
    """Where somebody else is telling Stripe of the same customer, only that customer waits."""
    other = billing.customers.ensure("org_2").id
    for entity in ("org_1", "org_2"):
        billing.consume(entity, "tokens", 5)
    stripe_emulator.contend_next(other, count=2)
    assert billing.usage.flush().waiting == 1
    assert at_stripe("tokens") == 5
    clock.pass_(minutes=1)
    assert billing.usage.flush().waiting == 0


def test_a_wrong_key_is_nobodys_usage(
    billing: Billing, open_billing: Callable[..., Billing], data: Json, stripe_emulator: EmulatorClient, customer: str
) -> None:
    """A key that was withdrawn must stop everything and give nothing up."""
    billing.consume("org_1", "tokens", 5)
    billing.consume("org_1", "daily", 5)
    stripe_emulator.expire_key(stripe_emulator.key)
    with pytest.raises(StripeRefused):
        billing.usage.flush()
    assert billing.usage.lag().dead == 0
    assert billing.usage.lag().waiting == 2


def test_a_clock_that_is_ahead(
    billing: Billing, stripe_emulator: EmulatorClient, at_stripe: Count, clock: Time
) -> None:
    """Our clock may be an hour ahead of Stripe's, or jump back: usage is told at a time that Stripe takes."""
    for hours in (1, -3):
        clock.now += timedelta(hours=hours)
        billing.consume("org_1", "tokens", 5)
        billing.consume("org_1", "calls", 1)
        clock.now += timedelta(minutes=2)
        assert billing.usage.flush().waiting == 0
    assert (at_stripe("tokens"), at_stripe("calls"), billing.usage.dead()) == (10, 2, [])


def test_a_period_that_has_not_begun_at_stripe(
    billing: Billing, stripe_emulator: EmulatorClient, at_stripe: Count, clock: Time
) -> None:
    """Usage of the next period waits until it has come at Stripe as well."""
    billing.customers.ensure("org_2")  # an answer, to see Stripe's clock by
    stripe_emulator.clock.set("2026-03-31T23:40:00Z")
    clock.now = datetime(2026, 4, 1, 0, 10, tzinfo=UTC)
    billing.customers.ensure("org_3")
    billing.consume("org_1", "tokens", 5)
    assert billing.usage.flush().waiting == 1
    clock.pass_(minutes=5)
    billing.customers.ensure("org_4")
    assert billing.usage.flush().waiting == 0
    assert (at_stripe("tokens"), at_stripe("tokens", "2026-04-01", "2026-05-01")) == (0, 5)


@pytest.mark.parametrize("backend", BACKENDS)
def test_usage_waits_for_a_customer(
    billing: Billing, backend: str, clock: Time, request: pytest.FixtureRequest
) -> None:
    """Who has no Stripe customer yet is told about as soon as there is one; nothing is lost, and it shows."""
    receipt = str(billing.consume("org_1", "tokens", 5).receipt)
    billing.consume("org_1", "calls", 2)
    clock.pass_(days=5)
    lag = billing.usage.flush()
    assert (lag.waiting, lag.without_customer, lag.oldest, lag.seconds) == (2, 2, None, 0)
    billing.refund(receipt, 1)
    at_stripe = request.getfixturevalue("at_stripe")
    assert billing.usage.flush().waiting == 0
    assert (at_stripe("tokens"), at_stripe("calls")) == (4, 2)


def test_usage_of_nobody_is_given_up_in_the_end(
    open_billing: Callable[..., Billing], data: Json, stripe_emulator: EmulatorClient, clock: Time, caplog: Any
) -> None:
    """35 days after its period Stripe takes no usage: it must be given up aloud, and only then."""
    told: list[UsageProblem] = []
    reporting = Reporting(on_problem=told.append)
    billing = open_billing(manifest=data, api_base=stripe_emulator.url, clock=clock, reporting=reporting)
    billing.consume("org_1", "tokens", 5)
    clock.set(datetime(2026, 5, 5, tzinfo=UTC))
    billing.worker().once()
    assert (billing.usage.lag().without_customer, told) == (1, [])
    clock.pass_(days=1)
    billing.worker().once()
    [problem] = billing.usage.dead()
    assert ((problem.kind, problem.units, problem.meter), told) == (("dead", 5, "tokens"), [problem])
    assert "5 units of entity 'org_1' on meter 'tokens'" in caplog.text
    assert "no Stripe customer" in problem.reason
    assert "usage" in {one.check for one in billing.doctor() if one.state == "fault"}


def test_late_usage_stays_in_its_period(billing: Billing, clock: Time, request: pytest.FixtureRequest) -> None:
    """Usage of more than 35 days ago must count at the end of its billing period, as long as Stripe takes that."""
    clock.set(datetime(2026, 3, 2, tzinfo=UTC))
    billing.consume("org_1", "tokens", 5)
    clock.set(datetime(2026, 4, 20, tzinfo=UTC))
    at_stripe = request.getfixturevalue("at_stripe")
    assert billing.usage.flush().waiting == 0
    assert at_stripe("tokens", "2026-03-31", "2026-04-01") == 5


def test_an_archived_meter(
    billing: Billing, data: Json, stripe_client: stripe.StripeClient, at_stripe: Count, caplog: Any
) -> None:
    """What Stripe refuses must be given up aloud with its reason, and be told once it can be."""
    stripe_client.v1.billing.meters.deactivate(data["meters"]["tokens"]["id"])
    billing.consume("org_1", "tokens", 5)
    billing.consume("org_1", "daily", 5)
    assert billing.usage.flush().dead == 1
    [problem] = billing.usage.dead("org_1")
    assert "No active meter" in problem.reason
    assert problem.identifier in caplog.text
    assert at_stripe("daily") == 5
    stripe_client.v1.billing.meters.reactivate(data["meters"]["tokens"]["id"])
    billing.usage.retry(problem.identifier)
    assert billing.usage.flush().dead == 0
    assert at_stripe("tokens") == 5
    with pytest.raises(InvalidInput, match=r"billing\.usage\.dead"):
        billing.usage.retry(problem.identifier)


def test_what_is_given_back_of_what_was_given_up(
    billing: Billing, data: Json, stripe_client: stripe.StripeClient, at_stripe: Count, clock: Time
) -> None:
    """A refund of usage that Stripe never had must not be taken off what it has."""
    stripe_client.v1.billing.meters.deactivate(data["meters"]["tokens"]["id"])
    receipt = str(billing.consume("org_1", "tokens", 5).receipt)
    billing.usage.flush()
    stripe_client.v1.billing.meters.reactivate(data["meters"]["tokens"]["id"])
    clock.pass_(minutes=1)
    billing.consume("org_1", "tokens", 7)
    billing.refund(receipt, 2)
    billing.usage.flush()
    assert (at_stripe("tokens"), [one.units for one in billing.usage.dead()]) == (7, [3])
    assert billing.usage.retry_dead() == 1
    billing.usage.flush()
    assert at_stripe("tokens") == 10
    billing.refund(receipt)
    billing.usage.flush()
    assert (at_stripe("tokens"), billing.usage.dead()) == (7, [])


def test_a_customer_that_was_deleted(
    billing: Billing, data: Json, stripe_client: stripe.StripeClient, customer: str, clock: Time
) -> None:
    """Usage of a deleted customer waits for the one that takes its place."""
    billing.consume("org_1", "tokens", 5)
    stripe_client.v1.customers.delete(customer)
    assert billing.usage.flush().without_customer == 1
    clock.pass_(hours=2)
    new = billing.customers.repair("org_1").id
    assert billing.usage.flush().waiting == 0
    filters: Any = {
        "customer": new,
        "start_time": clock.unix // 60 * 60 - 86400,
        "end_time": clock.unix // 60 * 60 + 60,
    }
    [row] = stripe_client.v1.billing.meters.event_summaries.list(data["meters"]["tokens"]["id"], filters).data
    assert row.aggregated_value == 5


def test_usage_that_nobody_can_tell_apart(
    billing: Billing, stripe_emulator: EmulatorClient, at_stripe: Count, clock: Time
) -> None:
    """After a day, where others wrote to the same minute, it must be given up aloud and not be guessed."""
    billing.consume("org_1", "tokens", 5)
    stripe_emulator.cut_next("before", count=2, **EVENTS)
    with pytest.raises(StripeUnavailable):
        billing.usage.flush()
    billing.usage.record("org_1", "tokens", 3, timestamp=clock.now)
    clock.pass_(days=2)
    assert billing.usage.flush().dead == 1
    [problem] = billing.usage.dead()
    assert "Stripe has 3, and 0 are known" in problem.reason
    billing.usage.drop(problem.identifier)
    assert (billing.usage.dead(), at_stripe("tokens")) == ([], 3)


def test_units_that_were_told_long_ago_stay(billing: Billing, at_stripe: Count, clock: Time, caplog: Any) -> None:
    """After a day Stripe takes no unit back: the application must be told what is billed too much."""
    receipt = str(billing.consume("org_1", "calls", 5).receipt)
    billing.usage.flush()
    clock.pass_(days=2)
    billing.consume("org_1", "calls", 2)
    billing.usage.flush()
    billing.refund(receipt, 4)
    assert billing.usage.flush().corrections == 1
    assert at_stripe("calls") == 5  # two of today's could be taken back
    [problem] = billing.usage.corrections("org_1")
    assert (problem.units, problem.kind) == (-2, "correction")
    assert "2 units too much" in caplog.text
    billing.usage.settle_correction(problem.identifier)
    assert billing.usage.lag().corrections == 0
