"""A process that dies while it tells Stripe of seats."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from billing_runtime import Billing
from stripe_emulator.client import EmulatorClient
from tests.billing_runtime.conftest import BACKENDS
from tests.billing_runtime.seats.conftest import Watch, at_stripe, subscribed

pytestmark = pytest.mark.parametrize("backend", BACKENDS)
PROGRAM = """
import json, sys
from datetime import datetime
from billing_runtime import Billing
told = json.loads(sys.stdin.read())
now = datetime.fromisoformat(told["now"])
billing = Billing.open(manifest=told["manifest"], store=told["store"], api_key="sk_test_emulator",
                       api_base=told["base"], environ={}, clock=lambda: now)
billing.seats.sync("org_1", told["members"])
"""


@pytest.mark.parametrize("when", ["before", "after"])
def test_the_next_one_finishes(
    opened: Callable[..., Billing],
    any_store_url: str,
    provisioned: dict[str, Any],
    stripe_emulator: EmulatorClient,
    watch: Watch,
    tmp_path: Path,
    when: str,
) -> None:
    """Killed before or after Stripe has done it: the next sweep sets it right, and nothing is billed twice."""
    billing = opened(store=any_store_url)
    subscribed(billing, "org_1", 3)
    billing.seats.sync("org_1", ["ann", "ben", "cem"])
    pause = stripe_emulator.pause_next(when, method="POST", path="/v1/subscription_items/*")
    child = subprocess.Popen([sys.executable, "-c", PROGRAM], stdin=subprocess.PIPE, text=True, cwd=Path.cwd())
    told = {"manifest": provisioned, "store": any_store_url, "base": stripe_emulator.url, "now": watch.now.isoformat()}
    assert child.stdin is not None
    child.stdin.write(json.dumps(told | {"members": ["ann", "ben", "cem", "dan", "eve"]}))
    child.stdin.close()
    pause.wait_until_reached()
    os.kill(child.pid, signal.SIGKILL)
    child.wait()
    pause.release()
    assert billing.seats.status("org_1").pending
    watch.advance(seconds=901)
    billing.seats.sweep()
    assert at_stripe(billing, "org_1") == [5]
    assert not billing.seats.status("org_1").pending
    sent = stripe_emulator.requests(method="POST", path="/v1/subscription_items/*")
    done = [one for one in sent if one["params"]["quantity"] == "5" and one["status"] == 200]
    assert [one["params"]["proration_behavior"] for one in done] == ["create_prorations"] * len(done)
    (subscription,) = billing.subscriptions.of("org_1")
    billing.seats.sync("org_1", ["ann", "ben", "cem"])
    billing.seats.sync("org_1", ["ann", "ben", "cem", "dan", "eve"])
    last = stripe_emulator.requests(method="POST", path="/v1/subscription_items/*")[-1]["params"]
    assert (last["quantity"], last["proration_behavior"]) == ("5", "none")
    assert subscription.items[0].quantity == 5


def test_a_late_write_of_a_dead_process_is_found(
    opened: Callable[..., Billing], any_store_url: str, stripe_emulator: EmulatorClient, watch: Watch
) -> None:
    """A writer who registered and died may have written anything after the others were done: a sweep looks again."""
    billing = opened(store=any_store_url)
    subscription = subscribed(billing, "org_1", 3)
    billing.seats.sync("org_1", ["ann", "ben", "cem"])
    rows = billing.seats._rows
    rows.begin_write("org_1", "of somebody who died")
    client = billing._context.api._client
    item = client.v1.subscriptions.retrieve(subscription)["items"].data[0].id
    client.v1.subscription_items.update(item, {"quantity": 7})  # his, and no webhook told of it
    billing.seats.sweep()
    assert at_stripe(billing, "org_1") == [7]
    watch.advance(seconds=901)
    billing.seats.sweep()
    assert at_stripe(billing, "org_1") == [3]
    assert rows.abandoned(rows.now(), 10) == []
