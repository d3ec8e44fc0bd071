"""Another plan at the end of the period, kept at Stripe as a schedule."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from billing_runtime import (
    Billing,
)
from tests.billing_runtime.changing.conftest import now

if TYPE_CHECKING:
    from collections.abc import Callable

    from stripe_emulator.client import EmulatorClient

Json = dict[str, Any]
SEATS: Json = {"mode": "follow", "minimum": 1, "maximum": 50}


PERIOD = 31 * 86400 + 3600


def renewed(billing: Billing, emulator: EmulatorClient) -> tuple[str | None, int | None]:
    """What there is after the period has ended."""
    emulator.clock.advance(PERIOD)
    return now(billing)


@pytest.fixture
def timed(shop: Callable[..., Billing], stripe_emulator: EmulatorClient) -> Billing:
    """The same shop, at a moment that stands still."""
    stripe_emulator.clock.set("2026-03-01T12:00:00Z")
    return shop()


def test_down_is_at_the_end_of_the_period(timed: Billing, stripe_emulator: EmulatorClient) -> None:
    """A smaller plan must begin when what was paid for has been used, by itself, with the seats there are."""
    change = timed.change_plan("org_1", plan="small")
    held = timed.subscription("org_1")
    assert (change.direction, change.when, change.changed) == ("down", "period_end", True)
    assert change.effective_at == held.current_period_end
    assert now(timed) == ("large.monthly", 3)
    assert renewed(timed, stripe_emulator) == ("small.monthly", 3)
    assert timed.sync("org_1")[0].status == "active"


def test_up_later_if_told(timed: Billing, stripe_emulator: EmulatorClient) -> None:
    """A larger plan must wait for the end of the period where the call says so, and not be billed before."""
    timed.change_plan("org_1", plan="huge", interval="month", when="period_end")
    assert now(timed) == ("large.monthly", 3)
    assert renewed(timed, stripe_emulator) == ("huge.monthly", 3)


def test_a_planned_change_is_taken_back(timed: Billing, stripe_emulator: EmulatorClient) -> None:
    """Restoring, or asking for what it has, must take a smaller plan back that was to come."""
    for back in (timed.restore, lambda entity: timed.change_plan(entity, plan="large")):
        timed.change_plan("org_1", plan="small")
        back("org_1")
    assert renewed(timed, stripe_emulator) == ("large.monthly", 3)


def test_another_change_replaces_the_planned_one(timed: Billing, stripe_emulator: EmulatorClient) -> None:
    """Of two changes that were asked for the later one must hold, whether it is to come or is now."""
    timed.change_plan("org_1", plan="small")
    timed.change_plan("org_1", plan="large", quantity=2)
    assert renewed(timed, stripe_emulator) == ("large.monthly", 2)
    timed.change_plan("org_1", plan="small")
    timed.change_plan("org_1", plan="huge", interval="month")
    assert now(timed) == ("huge.monthly", 2)
    assert renewed(timed, stripe_emulator) == ("huge.monthly", 2)


def test_a_planned_change_and_a_cancellation(timed: Billing, stripe_emulator: EmulatorClient) -> None:
    """Who cancels after all must be gone at the end of the period, and not be on the smaller plan."""
    timed.change_plan("org_1", plan="small")
    assert timed.cancel("org_1").cancel_at_period_end
    stripe_emulator.clock.advance(PERIOD)
    assert timed.sync("org_1")[0].status == "canceled"


PROGRAM = """
import json, sys
from billing_runtime import Billing

settings = json.loads(sys.stdin.read())
with Billing.open(**settings) as billing:
    billing.change_plan("org_1", plan="small")
"""
STEPS = [("POST", "/v1/subscription_schedules"), ("POST", "/v1/subscription_schedules/*"), ("GET", "/v1/subscriptions")]


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize(("method", "path"), STEPS)
def test_killed_while_planning(
    timed: Billing,
    ladder: Json,
    stripe_emulator: EmulatorClient,
    store_url: str,
    method: str,
    path: str,
    when: str,
) -> None:
    """SIGKILL between a schedule's making and its phases must be mended by the next call."""
    pause = stripe_emulator.pause_next(when, method=method, path=path)
    settings = {"manifest": ladder, "store": store_url, "api_base": stripe_emulator.url, "environ": {}}
    with subprocess.Popen([sys.executable, "-c", PROGRAM], stdin=-1, text=True) as doomed:
        assert doomed.stdin is not None
        doomed.stdin.write(json.dumps(settings | {"api_key": stripe_emulator.key}))
        doomed.stdin.close()
        pause.wait_until_reached()
        doomed.kill()
    pause.release()
    timed.change_plan("org_1", plan="small")
    assert now(timed) == ("large.monthly", 3)
    assert renewed(timed, stripe_emulator) == ("small.monthly", 3)
