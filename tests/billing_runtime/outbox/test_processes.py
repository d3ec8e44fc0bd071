"""Real processes: killed between sending and marking, and several at once, on every backend."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest

from billing_runtime import Billing
from tests.billing_runtime.conftest import BACKENDS
from tests.billing_runtime.outbox.conftest import Json, rows, summed

if TYPE_CHECKING:
    import stripe

    from stripe_emulator.client import EmulatorClient
    from tests.billing_runtime.outbox.conftest import Time

Start = Callable[..., "subprocess.Popen[str]"]
pytestmark = pytest.mark.parametrize("backend", BACKENDS)
PATHS = {"v1": "/v1/billing/meter_events", "v2": "/v2/billing/meter_events", "stream": "/v2/billing/meter_event_stream"}


@pytest.fixture
def start(data: Json, any_store_url: str, stripe_emulator: EmulatorClient, clock: Time) -> Iterator[Start]:
    """Start a process that tells; none outlives its test."""
    started: list[subprocess.Popen[str]] = []

    def one(api: str = "v1") -> subprocess.Popen[str]:
        settings = {"manifest": data, "store": any_store_url, "api_base": stripe_emulator.url, "api": api}
        text = json.dumps(settings | {"now": clock.now.isoformat()})
        command = [sys.executable, "-m", "tests.billing_runtime.outbox.telling_process", text]
        process = subprocess.Popen(command, stdin=-1, stdout=-1, text=True)
        started.append(process)
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        return process

    yield one
    for process in started:
        process.kill()
        process.communicate()


def begin(process: subprocess.Popen[str]) -> None:
    """Let it begin."""
    assert process.stdin is not None
    process.stdin.write("\n")
    process.stdin.flush()


@pytest.mark.parametrize("way", ["v1", "v2", "stream"])
@pytest.mark.parametrize("when", ["before", "after"])
def test_killed_between_sending_and_marking(
    billing: Billing,
    backend: str,
    at_stripe: Callable[..., int],
    stripe_emulator: EmulatorClient,
    clock: Time,
    start: Start,
    way: str,
    when: str,
) -> None:
    """Whether or not Stripe has it: whoever comes next tells it under the same name, and it counts once."""
    billing.consume("org_1", "tokens", 5)
    billing.consume("org_1", "calls", 3)
    clock.pass_(minutes=2)
    held = stripe_emulator.pause_next(when, method="POST", path=PATHS[way])
    process = start(way)
    begin(process)
    held.wait_until_reached()
    process.kill()
    process.communicate()
    held.release()
    assert {row["state"] for row in rows(billing)} == {"sealed"}
    assert billing.usage.flush().waiting == 2  # the dead one's leases still hold
    clock.pass_(minutes=6)
    assert billing.usage.flush().waiting == 0
    assert (at_stripe("tokens"), at_stripe("calls")) == (5, 3)


def test_two_workers_share_the_work(
    billing: Billing,
    backend: str,
    data: Json,
    stripe_client: stripe.StripeClient,
    stripe_emulator: EmulatorClient,
    clock: Time,
    start: Start,
) -> None:
    """Everything must be told once, by all of them together, and nobody's usage by two at a time."""
    customers = {f"org_{number}": billing.customers.ensure(f"org_{number}").id for number in range(120)}
    for entity in customers:
        billing.consume(entity, "tokens", 5)
        billing.consume(entity, "calls", 2)
    clock.pass_(minutes=2)
    stripe_emulator.clear_requests()
    # Each has something in its hands when the other one begins.
    held = [stripe_emulator.pause_next("before", method="POST", path=PATHS["v1"]) for _ in "ab"]
    processes = [start(), start()]
    for process, pause in zip(processes, held, strict=True):
        begin(process)
        pause.wait_until_reached()
    for pause in held:
        pause.release()
    done = [int(process.communicate()[0]) for process in processes]
    assert (sum(done), min(done) > 0) == (240, True)
    assert stripe_emulator.count(method="POST", path=PATHS["v1"]) == 120 * 3
    counted: Any = {
        name: {summed(stripe_client, data["meters"][name]["id"], one, "2026-03") for one in customers.values()}
        for name in ("tokens", "calls")
    }
    assert counted == {"tokens": {5}, "calls": {2}}
    assert billing.usage.lag().waiting == 0


def test_an_open_row_does_not_grow_while_it_is_told(
    billing: Billing,
    backend: str,
    at_stripe: Callable[..., int],
    stripe_emulator: EmulatorClient,
    clock: Time,
    start: Start,
) -> None:
    """What is used while its slice is on its way must be told afterwards."""
    billing.consume("org_1", "tokens", 5)
    billing.usage._outbox.hasten()
    held = stripe_emulator.pause_next("before", method="POST", path=PATHS["v1"])
    process = start()
    begin(process)
    held.wait_until_reached()
    billing.consume("org_1", "tokens", 7)
    held.release()
    process.communicate()
    assert at_stripe("tokens") == 5
    assert billing.usage.flush().waiting == 0
    assert at_stripe("tokens") == 12
