"""Adjustments of meter events: one event, sent in the last day, is cancelled; finalized invoices stay as they are.

https://docs.stripe.com/api/billing/meter-event-adjustment
"""

from __future__ import annotations

from typing import Any

from stripe_emulator.call import Call
from stripe_emulator.errors import fields
from stripe_emulator.errors import meters as errors
from stripe_emulator.errors import meters_v2 as errors_v2
from stripe_emulator.kinds import Kind
from stripe_emulator.objects.metering.delay import delay_of, process_later
from stripe_emulator.objects.metering.intake import IDENTIFIERS, cancel
from stripe_emulator.objects.metering.payload import DAY
from stripe_emulator.objects.metering.processing import CANCELLATIONS
from stripe_emulator.objects.metering.usage import METER_EVENTS
from stripe_emulator.routing import Routes
from stripe_emulator.thin_events import moment

Document = dict[str, Any]

ADJUSTMENT = Kind("billing.meter_event_adjustment", "", "meter event adjustment")
ADJUSTMENT_V2 = Kind("v2.billing.meter_event_adjustment", "mtr_evt_adj", "meter event adjustment")
KINDS = [ADJUSTMENT, ADJUSTMENT_V2]
routes = Routes()


@routes("POST /v1/billing/meter_event_adjustments")
def create(call: Call) -> Document:
    """Cancel an event."""
    identifier = call.params.get("cancel", {}).get("identifier")
    if not identifier:
        raise errors.no_cancel()
    event = _sent(call, identifier)
    if event is None:
        raise errors.no_event(identifier)
    if _is_over(call, event):
        raise errors.too_late_to_cancel()
    if _is_cancelled(call, event):
        raise errors.cancelled_already(identifier)
    return {**_shown(call), "object": ADJUSTMENT.object, "status": _cancel(call, event)}


@routes("POST /v2/billing/meter_event_adjustments")
def create_v2(call: Call) -> Document:
    """Cancel an event."""
    event = _sent(call, call.params["cancel"]["identifier"])
    if event is None:
        raise fields.not_found()
    if _is_over(call, event) or _is_cancelled(call, event):
        raise errors_v2.invalid_cancel()
    adjustment = call.create(ADJUSTMENT_V2, {"created": call.now, **_shown(call), "status": _cancel(call, event)})
    return {**adjustment, "created": moment(adjustment["created"])}


def _sent(call: Call, identifier: str) -> Document | None:
    """Return the event of this name that has the identifier, unless it was never counted."""
    known = call.store.peek(IDENTIFIERS, identifier)
    event = call.store.peek(METER_EVENTS, known["event"]) if known else None
    wanted = event is not None and event["event_name"] == call.params["event_name"] and event["_state"] != "refused"
    return event if wanted else None


def _is_over(call: Call, event: Document) -> bool:
    return bool(call.now >= event["_received"] + DAY)


def _is_cancelled(call: Call, event: Document) -> bool:
    waiting = (one["_event"] for one in call.store.all(CANCELLATIONS))
    return event["_state"] == "cancelled" or str(event["_number"]) in waiting


def _cancel(call: Call, event: Document) -> str:
    """Cancel an event, or have it cancelled when its turn comes; return the status of the adjustment."""
    if delay_of(call) is None:
        cancel(call, event)
        return "complete"
    number = call.store.count("meter_event")
    waiting = {"_event": str(event["_number"]), "_number": number, "_received": call.now}
    call.store.put(CANCELLATIONS, str(number), waiting)
    process_later(call)
    return "pending"


def _shown(call: Call) -> Document:
    identifier = call.params["cancel"]["identifier"]
    plain = {"event_name": call.params["event_name"], "livemode": call.scope.livemode, "type": "cancel"}
    return {**plain, "cancel": {"identifier": identifier}}
