"""Meter events: usage of one customer, counted by the meter of the event name.

https://docs.stripe.com/api/billing/meter-event
"""

from __future__ import annotations

import re
from typing import Any

from stripe_emulator.call import Call
from stripe_emulator.errors import meters as errors
from stripe_emulator.kinds import Kind
from stripe_emulator.objects.customers.record import CUSTOMER
from stripe_emulator.objects.metering.meter import active_meter
from stripe_emulator.objects.metering.usage import METER_EVENTS, minute_of, note
from stripe_emulator.routing import Routes

Document = dict[str, Any]

METER_EVENT = Kind(METER_EVENTS, "", "meter event")
KINDS = [METER_EVENT]
routes = Routes()

_DAY = 86400
_OLDEST = 35 * _DAY
_NEWEST = 5 * 60
_DIGITS = 19  # those of a 64-bit number; how many Stripe takes is not documented
_WHOLE = re.compile(r"-?[0-9]+")


@routes("POST /v1/billing/meter_events")
def create(call: Call) -> Document:
    """Record usage once: a second event with the same identifier within a day is refused."""
    params = call.params
    meter = active_meter(call, params["event_name"])
    if meter is None:
        raise errors.no_active_meter(params["event_name"])
    customer, value = _customer(call, meter), _value(call, meter)
    timestamp = _timestamp(call)
    identifier = params.get("identifier") or call.ids.new("mevt", call.store)
    _refuse_seen(call, identifier)
    event = {
        "created": call.now,
        "event_name": params["event_name"],
        "identifier": identifier,
        "livemode": call.scope.livemode,
        "object": METER_EVENT.object,
        "payload": params["payload"],
        "timestamp": timestamp,
        "_minute": minute_of(meter["id"], customer, timestamp),
        "_number": call.store.count("meter_event"),
        "_value": value,
    }
    call.store.put("meter_event_identifier", identifier, {"created": call.now})
    call.store.put(METER_EVENTS, str(event["_number"]), event)
    note(call, meter["id"], customer, event)
    return event


def _customer(call: Call, meter: Document) -> str:
    name = meter["customer_mapping"]["event_payload_key"]
    identifier = call.params["payload"].get(name)
    if not identifier:
        raise errors.no_customer_in_payload(name)
    return str(call.named(CUSTOMER, identifier, f"payload[{name}]")["id"])


def _value(call: Call, meter: Document) -> int:
    """Return the value as a number; a meter that only counts events needs none."""
    name = meter["value_settings"]["event_payload_key"]
    value = call.params["payload"].get(name, "")
    if value == "" and meter["default_aggregation"]["formula"] == "count":
        return 1
    if value == "":
        raise errors.no_value_in_payload(name)
    if not _WHOLE.fullmatch(value):
        raise errors.invalid_value(name, value)
    if len(value.lstrip("-")) > _DIGITS:
        raise errors.too_many_digits(name)
    return int(value)


def _timestamp(call: Call) -> int:
    timestamp = int(call.params.get("timestamp", call.now))
    if timestamp < call.now - _OLDEST:
        raise errors.too_old()
    if timestamp > call.now + _NEWEST:
        raise errors.too_new()
    return timestamp


def _refuse_seen(call: Call, identifier: str) -> None:
    seen = call.store.get("meter_event_identifier", identifier)
    if seen and call.now < seen["created"] + _DAY:
        raise errors.event_exists(identifier)
