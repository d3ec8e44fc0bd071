"""Meter events of the v2 namespace: part of the validation happens at once, the rest when they are processed.

https://docs.stripe.com/api/v2/billing-meter
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from stripe_emulator.call import Call
from stripe_emulator.errors import fields
from stripe_emulator.errors import meters_v2 as errors
from stripe_emulator.kinds import Kind
from stripe_emulator.objects.metering.intake import DUPLICATE, Sent, take
from stripe_emulator.objects.metering.payload import Problem
from stripe_emulator.routing import Routes
from stripe_emulator.thin_events import moment

Document = dict[str, Any]

METER_EVENT_V2 = Kind("v2.billing.meter_event", "", "meter event")
KINDS = [METER_EVENT_V2]
routes = Routes()

_REFUSED = {
    "archived_meter": "archived_meter",
    "meter_event_invalid_value": "payload_invalid_value",
    "meter_event_no_customer_defined": "payload_no_customer_defined",
    "meter_event_value_not_found": "payload_no_value_defined",
    "meter_event_value_too_many_digits": "payload_invalid_value",
    "no_meter": "no_meter",
    DUPLICATE: DUPLICATE,
}
"""What is refused at once, by the codes of the reports, under which code; the rest comes in a report."""


@routes("POST /v2/billing/meter_events")
def create(call: Call) -> Document:
    """Record usage once."""
    taken = take(call, sent_of(call.params, ""), refused=_REFUSED)
    if isinstance(taken, Problem):
        raise errors.refused_event(_REFUSED[taken.code])
    shown = {name: value for name, value in taken.items() if not name.startswith("_")}
    times = {name: moment(taken[name]) for name in ("created", "timestamp")}
    return {**shown, **times, "object": METER_EVENT_V2.object}


def sent_of(given: Document, at: str) -> Sent:
    """Read one event of a request; `at` is its place there."""
    return Sent(given["event_name"], given["payload"], given.get("identifier"), _timestamp(given, at))


def _timestamp(given: Document, at: str) -> int | None:
    if "timestamp" not in given:
        return None
    try:
        read = datetime.fromisoformat(given["timestamp"])
    except ValueError:
        read = None
    if read is None or read.tzinfo is None:
        raise fields.invalid_fields([f"{at}timestamp: {fields.NO_TIME}"])
    return int(read.timestamp())
