"""Working on events: Stripe is asked, the answer is written down, and the application hears of it."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest

from billing_runtime._inbox.backoff import Backoff
from billing_runtime._inbox.events import EVENTS
from billing_runtime.errors import InvalidInput, StripeUnavailable
from tests.billing_runtime.conftest import BACKENDS
from tests.billing_runtime.inbox.conftest import Time, about, event

if TYPE_CHECKING:
    import stripe

    from billing_runtime import Billing
    from billing_runtime._inbox.hooks import BillingEvent
    from billing_runtime._inbox.intake import Receipt
    from stripe_emulator.client import EmulatorClient

Json = dict[str, Any]
Deliver = Callable[[Json], "Receipt"]
Worked = Callable[[], int]
on_every_backend = pytest.mark.parametrize("backend", BACKENDS)


def updated(subscription: str, customer: str, **facts: Any) -> Json:
    """The usual event."""
    return event("customer.subscription.updated", about(subscription, customer), **facts)


@on_every_backend
def test_the_payload_is_not_believed(
    billing: Billing, backend: str, deliver: Deliver, worked: Worked, subscription: str, customer: str
) -> None:
    """What holds must come from Stripe, not from an event that says something else."""
    deliver(updated(subscription, customer))
    assert billing.subscription("org_1").status == "none"
    assert worked() == 1
    assert billing.subscription("org_1").status == "trialing"


@on_every_backend
def test_one_look_answers_for_all(
    billing: Billing,
    backend: str,
    deliver: Deliver,
    worked: Worked,
    subscription: str,
    customer: str,
    stripe_emulator: EmulatorClient,
) -> None:
    """A burst of events of one customer must cost one request."""
    for _ in range(20):
        deliver(updated(subscription, customer))
    assert worked() == 20
    assert stripe_emulator.counts() == {"GET /v1/subscriptions": 1}
    assert billing.inbox.lag().waiting == 0


@pytest.mark.parametrize("name", sorted(EVENTS))
def test_every_type_is_worked_on(
    billing: Billing, deliver: Deliver, worked: Worked, subscription: str, customer: str, name: str
) -> None:
    """Whatever the type, an event about something that is no more must end as done, not as a failure."""
    kind = name.rpartition(".")[0].removeprefix("v1.")
    identifier = customer if kind == "customer" else "gone_1"
    deliver(event(name, {"id": identifier, "object": kind, "customer": customer}, id="evt_1"))
    assert worked() == 1
    found = billing.inbox.find("evt_1")
    assert found is not None
    assert (found.state, found.problem) == ("done", None)
    assert bool(billing.subscription("org_1")) == EVENTS[name].refresh


def test_a_stranger_is_left_alone(billing: Billing, deliver: Deliver, worked: Worked, stripe_client: Any) -> None:
    """Customers of somebody else's on the same account must be no failure and leave nothing behind."""
    stranger = stripe_client.v1.customers.create({})
    deliver(updated("sub_1", stranger.id, id="evt_1"))
    assert worked() == 1
    found = billing.inbox.find("evt_1")
    assert found is not None
    assert found.state == "done"


def test_hooks_hear_after_the_commit(
    billing: Billing, deliver: Deliver, worked: Worked, subscription: str, customer: str
) -> None:
    """A hook must see the new state, whose it is, and the event by its names."""
    heard: list[tuple[BillingEvent, str]] = []

    @billing.on("customer.subscription.*")
    def hear(told: BillingEvent) -> None:
        heard.append((told, billing.subscription(str(told.entity_id)).status))

    deliver(updated(subscription, customer, id="evt_1"))
    worked()
    ((told, status),) = heard
    assert (told.id, told.entity_id, told.customer_id, told.object_id) == ("evt_1", "org_1", customer, subscription)
    assert (told.type, told.created.year, status) == ("customer.subscription.updated", 2026, "trialing")


def test_a_hook_that_raises_hears_again(
    billing: Billing, deliver: Deliver, worked: Worked, subscription: str, customer: str, clock: Time
) -> None:
    """The application's own failure must neither lose the event nor ask Stripe again; its words stay out."""
    calls: list[str] = []

    def hear(told: BillingEvent) -> None:
        calls.append(told.id)
        if len(calls) < 3:
            message = "ops@example.com"
            raise ValueError(message)

    billing.on("customer.subscription.updated", hear)
    deliver(updated(subscription, customer, id="evt_1"))
    worked()
    found = billing.inbox.find("evt_1")
    assert found is not None
    assert (found.state, found.attempts) == ("applied", 1)
    assert str(found.problem).startswith("ValueError in hear (test_processing.py:")
    assert "example.com" not in str(found.problem)
    assert worked() == 0
    clock.advance(minutes=1)
    worked()
    clock.advance(minutes=1)
    worked()
    assert calls == ["evt_1"] * 3
    found = billing.inbox.find("evt_1")
    assert found is not None
    assert (found.state, billing.inbox.lag().waiting) == ("done", 0)


def test_an_unknown_type_cannot_be_listened_to(billing: Billing) -> None:
    """A misspelled type would never be heard: it must be refused, with the one that was meant."""
    with pytest.raises(InvalidInput, match=r"No event 'invoice.payd' is handled: did you mean 'invoice.paid'\?"):
        billing.on("invoice.payd", print)


def test_what_fails_too_often_is_put_aside(
    billing: Billing, deliver: Deliver, worked: Worked, subscription: str, customer: str, clock: Time
) -> None:
    """A hook that never succeeds must end among the dead, be listed with its reason, and be replayed when mended."""
    broken, calls = [True], []

    def hear(told: BillingEvent) -> None:
        calls.append(told.id)
        if broken:
            raise ZeroDivisionError

    billing.on("customer.subscription.updated", hear)
    deliver(updated(subscription, customer, id="evt_1"))
    rounds = 0
    while billing.inbox.lag().waiting:
        worked()
        clock.advance(minutes=15)
        rounds += 1
    assert rounds == len(calls) == Backoff().attempts
    (dead,) = billing.inbox.dead()
    assert (dead.event_id, dead.attempts, billing.inbox.lag().dead) == ("evt_1", rounds, 1)
    assert str(dead.problem).startswith("ZeroDivisionError in hear")
    broken.clear()
    assert (billing.inbox.replay_dead(), worked(), billing.inbox.dead()) == (1, 1, [])
    assert len(calls) == rounds + 1


def test_any_event_can_be_replayed(
    billing: Billing, deliver: Deliver, worked: Worked, subscription: str, customer: str
) -> None:
    """One that is done must be worked on again when asked for; one that never came must be refused."""
    heard: list[str] = []
    billing.on("customer.subscription.updated", lambda told: heard.append(told.id))
    deliver(updated(subscription, customer, id="evt_1"))
    worked()
    billing.inbox.replay("evt_1")
    assert (worked(), heard) == (1, ["evt_1", "evt_1"])
    with pytest.raises(InvalidInput, match="No event 'evt_2' ever came in"):
        billing.inbox.replay("evt_2")


def test_giving_up_takes_hours() -> None:
    """Stripe may be away for an hour, and an application take a few to be mended: nothing may be given up before."""
    backoff = Backoff()
    pauses = [backoff.seconds(attempts) for attempts in range(1, backoff.attempts)]
    assert sum(pause or 0 for pause in pauses) > 4 * 3600
    assert backoff.seconds(backoff.attempts) is None
    assert all(pause and 1 <= pause <= 720 for pause in pauses)


@on_every_backend
def test_one_worker_at_a_time_works_on_a_customer(
    billing: Billing,
    backend: str,
    deliver: Deliver,
    subscription: str,
    customer: str,
    stripe_emulator: EmulatorClient,
) -> None:
    """While one worker asks about a customer, others must leave that customer alone, and take another's events."""
    other = billing.customers.ensure("org_2").id
    stripe_emulator.clear_requests()
    deliver(updated(subscription, customer))
    deliver(updated("sub_2", other))
    held = stripe_emulator.pause_next("before", method="GET", path="/v1/subscriptions")
    processing = billing.inbox.processing
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(processing.work_on, customer)
        held.wait_until_reached()
        assert processing.due(10) == [other]
        assert (processing.work_on(customer), processing.work_on(other)) == (0, 1)
        held.release()
        assert first.result() == 1
    assert processing.due(10) == []


def test_what_comes_while_somebody_looks_is_looked_at_again(
    billing: Billing,
    deliver: Deliver,
    worked: Worked,
    subscription: str,
    customer: str,
    stripe_emulator: EmulatorClient,
    stripe_client: stripe.StripeClient,
) -> None:
    """An event that arrives during a look must not be taken for answered by it: the change may be younger."""
    deliver(updated(subscription, customer))
    held = stripe_emulator.pause_next("after", method="GET", path="/v1/subscriptions")
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(billing.inbox.processing.work_on, customer)
        held.wait_until_reached()
        stripe_client.v1.subscriptions.update(subscription, {"cancel_at_period_end": True})
        deliver(updated(subscription, customer))
        held.release()
        first.result()
    assert not billing.subscription("org_1").cancel_at_period_end
    assert worked() == 1
    assert billing.subscription("org_1").cancel_at_period_end


def test_one_customers_failure_is_not_anothers(
    billing: Billing, deliver: Deliver, subscription: str, customer: str, stripe_emulator: EmulatorClient
) -> None:
    """If Stripe fails for one customer, that event must wait, with its reason, and nothing be lost."""
    deliver(updated(subscription, customer, id="evt_1"))
    stripe_emulator.fail_next(500, count=5, path="/v1/subscriptions")
    with pytest.raises(StripeUnavailable):
        billing.inbox.processing.work_on(customer)
    found = billing.inbox.find("evt_1")
    assert found is not None
    assert (found.state, found.attempts) == ("pending", 1)
    assert "Stripe answered 500" in str(found.problem)
    assert billing.inbox.lag().failing == 1
