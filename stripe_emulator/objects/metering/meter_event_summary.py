"""Summaries of meter events. https://docs.stripe.com/api/billing/meter-event-summary."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Any

from stripe_emulator.call import Call
from stripe_emulator.errors import meters as errors
from stripe_emulator.kinds import Kind
from stripe_emulator.objects.customers.record import CUSTOMER
from stripe_emulator.objects.metering.meter import METER
from stripe_emulator.objects.metering.meter_event import events_kind
from stripe_emulator.pagination import page
from stripe_emulator.routing import Routes

Document = dict[str, Any]

SUMMARY = Kind("billing.meter_event_summary", "mtrusg", "meter event summary")
KINDS = [SUMMARY]
routes = Routes()

_SECONDS = {"minute": 60, "hour": 3600, "day": 86400}


@routes("GET /v1/billing/meters/{id}/event_summaries")
def index(call: Call) -> Document:
    """Sum up a customer's usage: one summary, or one per hour or day that has any, newest first."""
    meter = call.in_path(METER)
    customer = call.named(CUSTOMER, call.params["customer"], "customer")
    start, end = _range(call)
    events = _counted(call, meter, customer["id"], start, end)
    window = call.params.get("value_grouping_window")
    summaries = [_summary(call, meter, part, *bounds) for bounds, part in _parts(events, window, start, end)]
    return page(call, summaries[::-1], noun=SUMMARY.noun)


def _range(call: Call) -> tuple[int, int]:
    unit = call.params.get("value_grouping_window", "minute")
    start, end = call.params["start_time"], call.params["end_time"]
    for name, value in (("start_time", start), ("end_time", end)):
        if value % _SECONDS[unit]:
            raise errors.not_aligned(name, unit)
    if end <= start:
        raise errors.empty_range()
    return start, end


def _counted(call: Call, meter: Document, customer: str, start: int, end: int) -> list[Document]:
    """Return the events that count, in the order of their time; ties in the order they came."""
    events = call.store.all(events_kind(meter["id"], customer))
    inside = sorted((event for event in events if start <= event["timestamp"] < end), key=_time)
    window = meter["event_time_window"]
    if window is None:
        return inside
    # A pre-aggregated meter keeps only the newest event of every hour or day.
    return list({event["timestamp"] // _SECONDS[window]: event for event in inside}.values())


def _parts(
    events: list[Document], window: str | None, start: int, end: int
) -> Iterable[tuple[tuple[int, int], list[Document]]]:
    if window is None:
        return [((start, end), events)]
    size = _SECONDS[window]
    parts: dict[int, list[Document]] = {}
    for event in events:
        parts.setdefault(event["timestamp"] // size * size, []).append(event)
    return [((first, first + size), part) for first, part in sorted(parts.items())]


def _summary(call: Call, meter: Document, events: list[Document], start: int, end: int) -> Document:
    facts = f"{meter['id']}/{call.params['customer']}/{start}/{end}"
    return {
        "aggregated_value": _aggregate(meter["default_aggregation"]["formula"], events),
        "end_time": end,
        "id": f"{SUMMARY.prefix}_{hashlib.sha256(facts.encode()).hexdigest()[:24]}",
        "livemode": call.scope.livemode,
        "meter": meter["id"],
        "object": SUMMARY.object,
        "start_time": start,
    }


def _aggregate(formula: str, events: list[Document]) -> int:
    if formula == "count":
        return len(events)
    values = [int(event["_value"]) for event in events]
    return sum(values) if formula == "sum" else next(reversed(values), 0)


def _time(event: Document) -> int:
    return int(event["timestamp"])
