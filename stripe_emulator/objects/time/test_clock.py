"""Test clocks. https://docs.stripe.com/api/test_clocks."""

from __future__ import annotations

from typing import Any

from stripe_emulator.agenda import Tasks
from stripe_emulator.call import Call
from stripe_emulator.errors import clocks as errors
from stripe_emulator.long_lists import listed
from stripe_emulator.objects.customers.record import CUSTOMER
from stripe_emulator.objects.time.clock_end import end_clock
from stripe_emulator.objects.time.clock_limits import require_reachable
from stripe_emulator.objects.time.clock_record import NAME, TEST_CLOCK
from stripe_emulator.routing import Routes

Document = dict[str, Any]

KINDS = [TEST_CLOCK]
routes = Routes()
tasks = Tasks()

_LIFE = 30 * 86400


@routes("POST /v1/test_helpers/test_clocks")
def create(call: Call) -> Document:
    """Create a clock that stands at a time; an existing customer may be put on it."""
    if call.scope.livemode:
        raise errors.not_in_live_mode()
    fields = {
        "created": call.now,
        "deletes_after": call.now + _LIFE,
        "frozen_time": call.params["frozen_time"],
        "name": call.params.get("name"),
        "status": "ready",
        "status_details": {},
    }
    clock = call.create(TEST_CLOCK, fields)
    call.due(f"{NAME}.delete", clock["id"], clock["deletes_after"])
    if "customer" in call.params:
        _take_in(call, call.params["customer"], clock["id"])
    return clock


@routes("GET /v1/test_helpers/test_clocks/{test_clock}")
def retrieve(call: Call) -> Document:
    """Return one clock."""
    return call.in_path(TEST_CLOCK, "test_clock")


@routes("GET /v1/test_helpers/test_clocks")
def index(call: Call) -> Document:
    """List clocks, newest first."""
    return listed(call, TEST_CLOCK)


@routes("DELETE /v1/test_helpers/test_clocks/{test_clock}")
def delete(call: Call) -> Document:
    """Delete a clock with all that lives in its time."""
    clock = call.in_path(TEST_CLOCK, "test_clock")
    end_clock(call, clock["id"])
    return {"id": clock["id"], "object": TEST_CLOCK.object, "deleted": True}


@routes("POST /v1/test_helpers/test_clocks/{test_clock}/advance")
def advance(call: Call) -> Document:
    """Begin to advance: everything due on the way is done right after this request, in order of its time."""
    clock, moment = call.in_path(TEST_CLOCK, "test_clock"), call.params["frozen_time"]
    require_reachable(call, clock, moment)
    call.due(f"{NAME}.ready", clock["id"], call.now, first=(clock["id"], moment))
    details = {"advancing": {"target_frozen_time": moment}}
    return call.save(TEST_CLOCK, {**clock, "status": "advancing", "status_details": details})


@tasks(f"{NAME}.ready")
def arrive(call: Call, identifier: str) -> None:
    """Stand at the time that was asked for."""
    clock = call.store.get(TEST_CLOCK.object, identifier)
    if clock is not None and clock["status"] == "advancing":
        moment = clock["status_details"]["advancing"]["target_frozen_time"]
        call.save(TEST_CLOCK, {**clock, "status": "ready", "status_details": {}, "frozen_time": moment})


@tasks(f"{NAME}.delete")
def expire(call: Call, identifier: str) -> None:
    """Clocks are kept for thirty days."""
    end_clock(call, identifier)


def _take_in(call: Call, identifier: str, clock: str) -> None:
    customer = call.named(CUSTOMER, identifier, "customer")
    if customer["test_clock"] is not None:
        raise errors.has_a_clock()
    if any(one["customer"] == customer["id"] for one in call.store.all("subscription")):
        raise errors.has_subscriptions()
    call.save(CUSTOMER, {**customer, "test_clock": clock})
