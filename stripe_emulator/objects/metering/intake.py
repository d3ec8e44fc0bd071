"""Meter events from request to count: taken once, then counted at once, or later if that is asked for.

Stripe validates some things at once and the rest while it processes events, which takes a while; here that takes no
time, unless the admin address `/_emulator/meter_events` sets a delay.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from stripe_emulator.call import Call
from stripe_emulator.objects.metering.delay import delay_of, process_later
from stripe_emulator.objects.metering.payload import DAY, Problem, Reading, out_of_range, read
from stripe_emulator.objects.metering.reports import report
from stripe_emulator.objects.metering.usage import METER_EVENTS, forget, minute_of, note
from stripe_emulator.objects.metering.watch import see, unsee
from stripe_emulator.objects.subscriptions.thresholds import usage_arrived

Document = dict[str, Any]

IDENTIFIERS = "meter_event_identifier"
DUPLICATE = "duplicate_meter_event"


@dataclass(frozen=True)
class Sent:
    """One event as a client sent it."""

    event_name: str
    payload: dict[str, str]
    identifier: str | None = None
    timestamp: int | None = None


def take(call: Call, sent: Sent, refused: Collection[str]) -> Document | Problem:
    """Take an event, unless it has one of the problems that are refused at once; others are reported later."""
    found = read(call, sent.event_name, sent.payload)
    now = call.on_clock(found.clock).now if isinstance(found, Reading) else call.now
    timestamp = now if sent.timestamp is None else sent.timestamp
    if isinstance(found, Reading):
        found = out_of_range(timestamp, now, found.meter["id"]) or found
    if isinstance(found, Problem) and found.code in refused:
        return found
    identifier = sent.identifier or call.ids.new("mevt", call.store)
    if _is_seen(call, identifier):
        return Problem(DUPLICATE, value=identifier)
    return _settled(call, _stored(call, sent, identifier, timestamp, now), found)


def process(call: Call, event: Document) -> None:
    """Count an event that waited, or report it, by what holds now."""
    found = read(call, event["event_name"], event["payload"])
    if isinstance(found, Reading):
        found = out_of_range(event["timestamp"], event["created"], found.meter["id"]) or found
    _count(call, event, found)


def cancel(call: Call, event: Document) -> None:
    """Let an event count no more."""
    call.store.put(METER_EVENTS, str(event["_number"]), {**event, "_state": "cancelled", "_minute": None, "_of": None})
    meter = call.store.peek("billing.meter", event["_meter"]) if event["_state"] == "counted" else None
    if meter is not None:
        forget(call, meter["id"], event["_customer"], event)
        unsee(call, meter, event["_customer"])


def _is_seen(call: Call, identifier: str) -> bool:
    seen = call.store.peek(IDENTIFIERS, identifier)
    return seen is not None and call.now < seen["created"] + DAY


def _stored(call: Call, sent: Sent, identifier: str, timestamp: int, now: int) -> Document:
    event = {
        "created": now,
        "event_name": sent.event_name,
        "identifier": identifier,
        "livemode": call.scope.livemode,
        "object": METER_EVENTS,
        "payload": sent.payload,
        "timestamp": timestamp,
        "_number": call.store.count("meter_event"),
        "_received": call.now,
        "_state": "pending",
    }
    call.store.put(IDENTIFIERS, identifier, {"created": call.now, "event": str(event["_number"])})
    call.store.put(METER_EVENTS, str(event["_number"]), event)
    return event


def _settled(call: Call, event: Document, found: Reading | Problem) -> Document:
    if delay_of(call) is None:
        _count(call, event, found)
    else:
        process_later(call)
    return event


def _count(call: Call, event: Document, found: Reading | Problem) -> None:
    number = str(event["_number"])
    if isinstance(found, Problem):
        call.store.put(METER_EVENTS, number, {**event, "_state": "refused"})
        report(call, found, event["identifier"])
        return
    meter, customer = found.meter["id"], found.customer["id"]
    places = {"_minute": minute_of(meter, customer, event["timestamp"]), "_of": f"{meter}/{customer}"}
    counted = {**event, **places, "_customer": customer, "_meter": meter, "_state": "counted", "_value": found.value}
    call.store.put(METER_EVENTS, number, counted)
    note(call, meter, customer, counted)
    see(call, found, counted)
    usage_arrived(call, meter, customer)
