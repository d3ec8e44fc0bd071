"""Meter events: usage of one customer, counted by the meter of the event name.

https://docs.stripe.com/api/billing/meter-event
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from stripe_emulator.call import Call
from stripe_emulator.errors import StripeError
from stripe_emulator.errors import meters as errors
from stripe_emulator.kinds import Kind
from stripe_emulator.objects.customers.record import CUSTOMER
from stripe_emulator.objects.metering.intake import DUPLICATE, Sent, take
from stripe_emulator.objects.metering.payload import Problem
from stripe_emulator.objects.metering.reports import MESSAGES
from stripe_emulator.objects.metering.usage import METER_EVENTS
from stripe_emulator.routing import Routes

Document = dict[str, Any]

METER_EVENT = Kind(METER_EVENTS, "", "meter event")
KINDS = [METER_EVENT]
routes = Routes()

_REFUSALS: dict[str, Callable[[Problem], StripeError]] = {
    DUPLICATE: lambda problem: errors.event_exists(problem.value),
    "archived_meter": lambda problem: errors.no_active_meter(problem.value),
    "meter_event_invalid_value": lambda problem: errors.invalid_value(problem.key, problem.value),
    "meter_event_no_customer_defined": lambda problem: errors.no_customer_in_payload(problem.key),
    "meter_event_value_not_found": lambda problem: errors.no_value_in_payload(problem.key),
    "meter_event_value_too_many_digits": lambda problem: errors.too_many_digits(problem.key),
    "no_meter": lambda problem: errors.no_active_meter(problem.value),
    "timestamp_in_future": lambda _problem: errors.too_new(),
    "timestamp_too_far_in_past": lambda _problem: errors.too_old(),
}


@routes("POST /v1/billing/meter_events")
def create(call: Call) -> Document:
    """Record usage once: a second event with the same identifier within a day is refused."""
    params = call.params
    timestamp = int(params["timestamp"]) if "timestamp" in params else None
    sent = Sent(params["event_name"], params["payload"], params.get("identifier"), timestamp)
    taken = take(call, sent, refused=MESSAGES)
    if isinstance(taken, Problem):
        if taken.code == "meter_event_customer_not_found":
            call.named(CUSTOMER, taken.value, f"payload[{taken.key}]")
        raise _REFUSALS[taken.code](taken)
    return taken
