"""What goes wrong around an inbox: Stripe away, storms, a store that is busy, full or gone, clocks, versions."""

from __future__ import annotations

import resource
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotYet
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest

from billing_runtime import StoreError, StripeUnavailable
from billing_runtime._inbox import processing
from billing_runtime._inbox.events import EVENTS
from tests.billing_runtime.inbox.conftest import SECRET, Time, about, event

if TYPE_CHECKING:
    from pathlib import Path

    import stripe

    from billing_runtime import Billing
    from billing_runtime._inbox.intake import Receipt
    from stripe_emulator.client import EmulatorClient
    from tests.postgresql import Server

Json = dict[str, Any]
Deliver = Callable[[Json], "Receipt"]
Worked = Callable[[], int]


def updated(subscription: str, customer: str, **facts: Any) -> Json:
    """The usual event."""
    return event("customer.subscription.updated", about(subscription, customer), **facts)


def test_stripe_may_be_away_for_an_hour(
    billing: Billing,
    deliver: Deliver,
    subscription: str,
    customer: str,
    clock: Time,
    stripe_emulator: EmulatorClient,
) -> None:
    """An hour of failures must lose nothing and give nothing up; webhooks are taken in all the while."""
    worker = billing.worker()
    worker.once()
    stripe_emulator.fail_next(503, count=10_000, path="/v1/*")
    for minute in range(60):
        assert deliver(updated(subscription, customer)).new
        clock.advance(minutes=1)
        if minute % 6 == 5:
            with pytest.raises(StripeUnavailable):
                worker.once()
    assert (billing.inbox.lag().waiting, billing.inbox.lag().dead) == (60, 0)
    stripe_emulator.clear_faults()
    clock.advance(minutes=15)
    assert worker.once() == 60
    assert billing.subscription("org_1").id == subscription


def test_a_storm_of_429_is_waited_out(
    billing: Billing,
    deliver: Deliver,
    worked: Worked,
    subscription: str,
    customer: str,
    clock: Time,
    stripe_emulator: EmulatorClient,
) -> None:
    """Too many requests must be repeated a bounded number of times, and then the event waits."""
    deliver(updated(subscription, customer, id="evt_1"))
    stripe_emulator.fail_next(429, count=7, path="/v1/subscriptions")
    with pytest.raises(StripeUnavailable):
        worked()
    assert stripe_emulator.count(path="/v1/subscriptions") == 5
    clock.advance(minutes=1)
    assert worked() == 1
    assert bool(billing.subscription("org_1"))


@pytest.mark.sqlite_file
def test_a_busy_store_is_waited_for(deliver: Deliver, billing: Billing, tmp_path: Path) -> None:
    """While somebody else writes, a webhook must wait, and then be kept."""
    with (
        closing(sqlite3.connect(tmp_path / "runtime.db", isolation_level=None)) as other,
        ThreadPoolExecutor(1) as pool,
    ):
        other.execute("BEGIN IMMEDIATE")
        job = pool.submit(deliver, updated("sub_1", "cus_1", id="evt_1"))
        with pytest.raises(NotYet):
            job.result(timeout=0.2)
        assert billing.inbox.find("evt_1") is None
        other.execute("COMMIT")
        assert job.result().new


@pytest.mark.sqlite_file
def test_a_full_disk_refuses_and_forgets_nothing(deliver: Deliver, billing: Billing, tmp_path: Path) -> None:
    """What does not fit must not be acknowledged; when there is room again the same event must be new."""
    deliver(updated("sub_1", "cus_1", id="evt_1"))
    billing._context.store.close()
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1024, hard))
    try:
        with pytest.raises(StoreError, match="cannot be used"):
            deliver(updated("sub_1", "cus_1", id="evt_2"))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert billing.inbox.find("evt_1") is not None
    assert deliver(updated("sub_1", "cus_1", id="evt_2")).new


@pytest.mark.parametrize("backend", [pytest.param("postgresql", marks=pytest.mark.postgresql)])
def test_a_database_that_is_gone_comes_back(
    billing: Billing,
    backend: str,
    deliver: Deliver,
    worked: Worked,
    subscription: str,
    customer: str,
    postgresql_server: Server,
) -> None:
    """While the server is gone nothing is acknowledged and nothing is lost; when it is back everything goes on."""
    deliver(updated(subscription, customer, id="evt_1"))
    postgresql_server.stop("immediate")
    try:
        with pytest.raises(StoreError):
            deliver(updated(subscription, customer, id="evt_2"))
        with pytest.raises(StoreError):
            worked()
    finally:
        postgresql_server.start()
    assert deliver(updated(subscription, customer, id="evt_2")).new
    assert worked() == 2
    assert bool(billing.subscription("org_1"))


@pytest.mark.parametrize("hours", [-2, 2])
def test_clocks_may_differ(
    deliver: Deliver,
    open_billing: Callable[..., Billing],
    provisioned: Json,
    clock: Time,
    subscription: str,
    customer: str,
    stripe_emulator: EmulatorClient,
    hours: int,
) -> None:
    """A worker whose clock is hours off must end with the same state; a slow one only begins later."""
    other = Time()
    other.advance(hours=hours)
    worker = open_billing(manifest=provisioned, api_base=stripe_emulator.url, clock=other).worker()
    deliver(updated(subscription, customer))
    worker.once()
    other.advance(hours=2)
    worker.once()
    assert worker._processing.due(10) == []
    reader = open_billing(manifest=provisioned, clock=clock)
    assert reader.subscription("org_1").id == subscription
    assert reader.inbox.lag().waiting == 0


def test_two_workers_with_an_expired_lease_do_no_harm(
    billing: Billing,
    deliver: Deliver,
    subscription: str,
    customer: str,
    clock: Time,
    stripe_emulator: EmulatorClient,
    stripe_client: stripe.StripeClient,
) -> None:
    """A worker that slept beyond its lease must not overwrite what its successor has read since."""
    deliver(updated(subscription, customer))
    held = stripe_emulator.pause_next("after", method="GET", path="/v1/subscriptions")
    with ThreadPoolExecutor(1) as pool:
        sleeper = pool.submit(billing.inbox.processing.work_on, customer)
        held.wait_until_reached()
        stripe_client.v1.subscriptions.update(subscription, {"cancel_at_period_end": True})
        clock.advance(minutes=6)
        assert billing.inbox.processing.due(10) == [customer]
        cache = billing._context.cache
        answer = cache.fetch(customer)
        assert answer is not None
        cache.keep(answer)
        held.release()
        sleeper.result()
    assert billing.subscription("org_1").cancel_at_period_end


def test_an_older_version_leaves_what_it_does_not_know(
    billing: Billing,
    deliver: Deliver,
    worked: Worked,
    subscription: str,
    customer: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """During a deployment an old process may meet a newer one's event: the newer one must still work on it."""
    deliver(updated(subscription, customer, id="evt_1"))
    older = {name: handler for name, handler in EVENTS.items() if name != "customer.subscription.updated"}
    monkeypatch.setattr(processing, "EVENTS", older)
    worked()
    found = billing.inbox.find("evt_1")
    assert found is not None
    assert found.state == "unhandled"
    monkeypatch.undo()
    assert billing.inbox.take_up_unhandled() == 1
    assert worked() == 1
    assert bool(billing.subscription("org_1"))


@pytest.mark.sqlite_file
def test_an_open_process_goes_on_after_a_newer_ones_migration(
    billing: Billing, deliver: Deliver, worked: Worked, subscription: str, customer: str, tmp_path: Path
) -> None:
    """A newer version adds columns and tables while this one runs: it must go on until it is replaced."""
    deliver(updated(subscription, customer, id="evt_1"))
    with closing(sqlite3.connect(tmp_path / "runtime.db")) as newer:
        newer.execute("ALTER TABLE inbox ADD COLUMN later TEXT")
        newer.execute("ALTER TABLE subscription ADD COLUMN later INTEGER")
        newer.execute("PRAGMA user_version = 99")
        newer.commit()
    deliver(updated(subscription, customer, id="evt_2"))
    assert worked() == 2
    assert bool(billing.subscription("org_1"))
    assert SECRET not in str(billing.inbox.find("evt_2"))
