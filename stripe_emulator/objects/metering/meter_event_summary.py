"""Summaries of meter events. https://docs.stripe.com/api/billing/meter-event-summary."""

from __future__ import annotations

import hashlib
from typing import Any

from stripe_emulator.call import Call
from stripe_emulator.errors import meters as errors
from stripe_emulator.kinds import Kind
from stripe_emulator.objects.customers.record import CUSTOMER
from stripe_emulator.objects.metering.meter import METER
from stripe_emulator.objects.metering.tally import SECONDS, Piece, Tally, by_window, counted, together, value_of
from stripe_emulator.objects.metering.usage import pieces_of
from stripe_emulator.pagination import page
from stripe_emulator.routing import Routes

Document = dict[str, Any]

SUMMARY = Kind("billing.meter_event_summary", "mtrusg", "meter event summary")
KINDS = [SUMMARY]
routes = Routes()


@routes("GET /v1/billing/meters/{id}/event_summaries")
def index(call: Call) -> Document:
    """Sum up a customer's usage: one summary, or one per hour or day that has any, newest first."""
    meter = call.in_path(METER)
    customer = call.named(CUSTOMER, call.params["customer"], "customer")
    start, end = _range(call)
    pieces = counted(pieces_of(call, meter["id"], customer["id"], start, end), meter["event_time_window"])
    window = call.params.get("value_grouping_window")
    summaries = [_summary(call, meter, tally, *bounds) for bounds, tally in _parts(pieces, window, start, end)]
    return page(call, summaries[::-1], noun=SUMMARY.noun)


def _range(call: Call) -> tuple[int, int]:
    unit = call.params.get("value_grouping_window", "minute")
    start, end = call.params["start_time"], call.params["end_time"]
    for name, value in (("start_time", start), ("end_time", end)):
        if value % SECONDS[unit]:
            raise errors.not_aligned(name, unit)
    if end <= start:
        raise errors.empty_range()
    return start, end


def _parts(pieces: list[Piece], window: str | None, start: int, end: int) -> list[tuple[tuple[int, int], Tally]]:
    if window is None:
        return [((start, end), together(pieces))]
    found = by_window(pieces, window).items()
    return [((first, first + SECONDS[window]), tally) for first, tally in found if tally.count]


def _summary(call: Call, meter: Document, tally: Tally, start: int, end: int) -> Document:
    facts = f"{meter['id']}/{call.params['customer']}/{start}/{end}"
    return {
        "aggregated_value": value_of(meter["default_aggregation"]["formula"], tally),
        "end_time": end,
        "id": f"{SUMMARY.prefix}_{hashlib.sha256(facts.encode()).hexdigest()[:24]}",
        "livemode": call.scope.livemode,
        "meter": meter["id"],
        "object": SUMMARY.object,
        "start_time": start,
    }
