"""The end of a pause that a customer took in the portal for a fixed time."""

from __future__ import annotations

from typing import Any

from stripe_emulator.agenda import Tasks
from stripe_emulator.call import Call
from stripe_emulator.kinds import Kind
from stripe_emulator.objects.subscriptions.period import boundary
from stripe_emulator.routing import Routes

Document = dict[str, Any]

RESUME = "portal.resume"
KINDS: list[Kind] = []
routes = Routes()
tasks = Tasks()


def end_of(now: int, option: Document) -> int:
    """Return when a pause of this length is over; months end where the calendar says."""
    return boundary(now, option, 1)


@tasks(RESUME)
def resume(call: Call, identifier: str) -> None:
    """Take up the subscription, if it is still paused."""
    from stripe_emulator.operate import operate  # it knows every operation, and so every file of this room

    subscription = call.store.peek("subscription", identifier)
    if subscription is not None and subscription["status"] == "paused":
        operate(call, "POST /v1/subscriptions/{subscription}/resume", {}, subscription=identifier)
