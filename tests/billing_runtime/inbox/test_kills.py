"""kill -9 at every step: what was acknowledged is there, and whoever comes next ends where the killed one would."""

from __future__ import annotations

import http.client
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest

from tests.billing_runtime.conftest import BACKENDS
from tests.billing_runtime.inbox.conftest import SECRET, Time, about, event, signature

if TYPE_CHECKING:
    from billing_runtime import Billing
    from billing_runtime._inbox.intake import Receipt
    from stripe_emulator.client import EmulatorClient

Json = dict[str, Any]
Start = Callable[..., "subprocess.Popen[str]"]
pytestmark = pytest.mark.parametrize("backend", BACKENDS)


@pytest.fixture
def start(provisioned: Json, any_store_url: str, stripe_emulator: EmulatorClient, clock: Time) -> Iterator[Start]:
    """Start a process that may be killed; none outlives its test."""
    started: list[subprocess.Popen[str]] = []

    def one(task: str, **more: str) -> subprocess.Popen[str]:
        settings = {"manifest": provisioned, "store": any_store_url, "api_base": stripe_emulator.url, "task": task}
        text = json.dumps(settings | {"now": clock.now.isoformat(), "webhook_secrets": SECRET} | more)
        command = [sys.executable, "-m", "tests.billing_runtime.inbox.dying", text]
        started.append(subprocess.Popen(command, stdin=-1, stdout=-1, text=True))
        return started[-1]

    yield one
    for process in started:
        killed(process)


def killed(process: subprocess.Popen[str]) -> None:
    """Gone, without a chance to tidy up."""
    process.kill()
    process.communicate()


def customer_event(customer: str) -> Json:
    """An event with a look at subscriptions, a fact, and a hook."""
    return event("customer.updated", {"id": customer, "object": "customer"}, id="evt_1")


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("path", ["/v1/subscriptions", "/v1/customers/*"])
def test_a_killed_look_is_repeated(  # noqa: PLR0913, PLR0917 - fixtures
    billing: Billing,
    backend: str,
    deliver: Callable[[Json], Receipt],
    worked: Callable[[], int],
    subscription: str,
    customer: str,
    clock: Time,
    stripe_emulator: EmulatorClient,
    start: Start,
    when: str,
    path: str,
) -> None:
    """Killed while it asks Stripe, before or after Stripe has answered: another worker must take over, and finish."""
    deliver(customer_event(customer))
    held = stripe_emulator.pause_next(when, method="GET", path=path)
    process = start("work")
    held.wait_until_reached()
    killed(process)
    held.release()
    assert worked() == 0  # the dead one's lease still holds
    clock.advance(minutes=6)
    assert worked() == 1
    assert billing.subscription("org_1").id == subscription
    fact = billing.inbox.fact("customer", customer)
    assert fact is not None
    assert (fact.entity_id, fact.body["deleted"]) == ("org_1", False)
    found = billing.inbox.find("evt_1")
    assert found is not None
    assert found.state == "done"


def test_a_killed_hook_is_called_again(  # noqa: PLR0913, PLR0917 - fixtures
    billing: Billing,
    backend: str,
    deliver: Callable[[Json], Receipt],
    worked: Callable[[], int],
    subscription: str,
    customer: str,
    clock: Time,
    stripe_emulator: EmulatorClient,
    start: Start,
) -> None:
    """Killed in the application's hook: the state is kept, nothing is asked again, and the hook hears once more."""
    deliver(customer_event(customer))
    process = start("work", hook="customer.updated")
    assert process.stdout is not None
    assert process.stdout.readline() == "in the hook\n"
    killed(process)
    assert billing.subscription("org_1").id == subscription
    stripe_emulator.clear_requests()
    heard: list[str] = []
    billing.on("customer.updated", lambda told: heard.append(told.id))
    clock.advance(minutes=6)
    assert (worked(), heard, stripe_emulator.count()) == (1, ["evt_1"], 0)


def test_what_was_acknowledged_is_there(billing: Billing, backend: str, clock: Time, start: Start) -> None:
    """Killed while webhooks pour in: every one that was answered with 200 must be in the inbox, once."""
    process = start("serve")
    assert process.stdout is not None
    port = int(process.stdout.readline())
    acknowledged: list[str] = []

    def pour(number: int) -> None:
        body = json.dumps(event("customer.subscription.updated", about("sub_1", "cus_1"), id=f"evt_{number}")).encode()
        connection = http.client.HTTPConnection("127.0.0.1", port)
        try:
            connection.request("POST", "/", body, {"Stripe-Signature": signature(body, clock.unix)})
            if connection.getresponse().status == 200:
                acknowledged.append(f"evt_{number}")
        except OSError:
            return
        finally:
            connection.close()
        if len(acknowledged) == 25:
            process.kill()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(pour, range(60)))
    assert len(acknowledged) >= 25
    waiting = {one.event_id for one in billing.inbox.waiting(100)}
    assert waiting >= set(acknowledged)
