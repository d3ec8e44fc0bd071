"""What waits until it is processed: events, and cancellations of events, in the order in which they came."""

from __future__ import annotations

from typing import Any

from stripe_emulator.agenda import Tasks
from stripe_emulator.call import Call
from stripe_emulator.kinds import Kind
from stripe_emulator.objects.metering.delay import ALL, PROCESS, delay_of
from stripe_emulator.objects.metering.intake import cancel, process
from stripe_emulator.objects.metering.usage import METER_EVENTS
from stripe_emulator.routing import Routes

Document = dict[str, Any]

KINDS: list[Kind] = []
routes = Routes()
tasks = Tasks()

CANCELLATIONS = "meter_event_cancellation"
"""What is to be cancelled: the number of the event, and when that was asked for."""


@tasks(PROCESS)
def process_due(call: Call, _all: str) -> None:
    """Process what has waited long enough, and come again for the rest."""
    waited = delay_of(call) or 0
    waiting = _waiting(call)
    for one in waiting:
        if one["_received"] + waited <= call.now:
            _process(call, one)
    later = [one["_received"] + waited for one in waiting if one["_received"] + waited > call.now]
    call.due(PROCESS, ALL, min(later, default=None))


def process_all(call: Call) -> None:
    """Process everything that waits, now."""
    for one in _waiting(call):
        _process(call, one)
    call.due(PROCESS, ALL, None)


def _waiting(call: Call) -> list[Document]:
    events = call.store.where(METER_EVENTS, "_state", "pending")
    return sorted([*events, *call.store.all(CANCELLATIONS)], key=lambda one: int(one["_number"]))


def _process(call: Call, one: Document) -> None:
    if "_event" not in one:
        if (call.store.peek(METER_EVENTS, str(one["_number"])) or one)["_state"] == "pending":
            process(call, one)
        return
    call.store.remove(CANCELLATIONS, str(one["_number"]))
    event = call.store.peek(METER_EVENTS, one["_event"])
    if event is not None:
        cancel(call, event)
