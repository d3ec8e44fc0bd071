"""Workers and chores: what is due is done by one of all, what fails is done again, and the end is in good order."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest

from billing_runtime import StripeRefused
from tests.billing_runtime.conftest import BACKENDS
from tests.billing_runtime.inbox.conftest import SECRET, Time, event, signature

if TYPE_CHECKING:
    from billing_runtime import Billing
    from stripe_emulator.client import EmulatorClient

Json = dict[str, Any]


@pytest.fixture
def clock() -> Time:
    """The clock of every process here."""
    return Time()


@pytest.mark.parametrize("backend", BACKENDS)
def test_a_chore_is_one_processes(
    open_billing: Callable[..., Billing], manifest_data: Json, any_store_url: str, clock: Time
) -> None:
    """Of two processes one must do a chore that is due, and nobody before it is due again."""
    done: list[str] = []
    processes = [open_billing(manifest=manifest_data, store=any_store_url, clock=clock)._context for _ in "ab"]
    for name, process in zip("ab", processes, strict=True):
        process.chores._chores.clear()
        process.chores.add("sweep", timedelta(hours=1), partial(done.append, name))
    assert [process.chores.run_due() for process in processes * 2] == [1, 0, 0, 0]
    clock.advance(minutes=59)
    assert [process.chores.run_due() for process in processes] == [0, 0]
    clock.advance(minutes=1)
    assert [process.chores.run_due() for process in reversed(processes)] == [1, 0]
    assert done == ["a", "b"]


@pytest.mark.parametrize("failure", [StripeRefused("no"), ZeroDivisionError()])
def test_a_failed_chore_is_done_again_soon(
    open_billing: Callable[..., Billing], manifest_data: Json, clock: Time, failure: Exception
) -> None:
    """A chore that raises must not stop the others, nor wait for its usual turn."""
    chores = open_billing(manifest=manifest_data, clock=clock)._context.chores
    chores._chores.clear()
    failures, done = [failure], []

    def fail_once() -> None:
        if failures:
            raise failures.pop()
        done.append("failing")

    chores.add("failing", timedelta(hours=6), fail_once)
    chores.add("other", timedelta(hours=6), lambda: done.append("other"))
    assert (chores.run_due(), done) == (1, ["other"])
    clock.advance(minutes=1)
    assert (chores.run_due(), done) == (1, ["other", "failing"])


def test_a_worker_in_a_thread_is_woken_and_ends(
    open_billing: Callable[..., Billing], provisioned: Json, stripe_emulator: EmulatorClient, clock: Time
) -> None:
    """What comes in must be worked on at once; closing the Billing must end the thread."""
    billing = open_billing(manifest=provisioned, api_base=stripe_emulator.url, clock=clock, webhook_secrets=SECRET)
    heard = threading.Event()
    billing.on("customer.updated", lambda _: heard.set())
    customer = billing.customers.ensure("org_1").id
    worker = billing.worker()
    worker.start()
    worker.start()
    body = json.dumps(event("customer.updated", {"id": customer, "object": "customer"})).encode()
    billing.webhook(body, signature(body, clock.unix))
    assert heard.wait(30)
    billing.close()
    assert not [thread for thread in threading.enumerate() if thread.name == "billing-worker"]


def test_a_worker_waits_while_stripe_is_away(
    open_billing: Callable[..., Billing],
    provisioned: Json,
    stripe_emulator: EmulatorClient,
    clock: Time,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """A worker must outlive an outage, say so in a sentence without a secret, and stop when told to meanwhile."""
    billing = open_billing(manifest=provisioned, api_base=stripe_emulator.url, clock=clock, webhook_secrets=SECRET)
    customer = billing.customers.ensure("org_1").id
    body = json.dumps(event("customer.updated", {"id": customer, "object": "customer"})).encode()
    billing.webhook(body, signature(body, clock.unix))
    stripe_emulator.fail_next(503, count=1000, path="/v1/*")
    stop, worker = threading.Event(), billing.worker()
    thread = threading.Thread(target=worker.run, args=(stop,))
    with caplog.at_level("WARNING", "billing_runtime.worker"):
        thread.start()
        while not any("waiting" in record.message for record in caplog.records):
            stop.wait(0.01)
        stop.set()
        thread.join(30)
    assert not thread.is_alive()
    assert "sk_test" not in caplog.text
    assert billing.inbox.lag().failing == 1
