"""What a customer has used: events are counted as they come, by minute and by hour, so that no question walks past all.

`usage_of` is what summaries and invoices ask.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from stripe_emulator.call import Call
from stripe_emulator.objects.metering.tally import Newest, Piece, Tally, counted, read, together, value_of, written

Document = dict[str, Any]

METER_EVENTS = "billing.meter_event"
"""The events that count; `_minute` names meter, customer and minute, and is None once an event is cancelled."""

_COUNTED = "meter_usage"
_HOUR, _MINUTE = 3600, 60


def usage_of(call: Call, meter: Document, customer: str, start: int, end: int) -> int:
    """Return a customer's usage from a moment up to, not including, another one; it may be negative.

    An invoice bills a negative quantity as 0. What is still waiting to be processed is not in it.
    """
    formula, window = meter["default_aggregation"]["formula"], meter["event_time_window"]
    return value_of(formula, together(counted(pieces_of(call, meter["id"], customer, start, end), window)))


def pieces_of(call: Call, meter: str, customer: str, start: int, end: int) -> list[Piece]:
    """Return what a customer's events in a range come to: whole hours, then minutes and seconds at the two edges."""
    return list(_hours(call, f"{meter}/{customer}", start, end))


def note(call: Call, meter: str, customer: str, event: Document) -> None:
    """Count an event, which has its `_minute` already."""
    moment = int(event["timestamp"])
    for size in (_HOUR, _MINUTE):
        before = _counted(call, f"{meter}/{customer}", size, moment // size * size)
        _count(call, f"{meter}/{customer}", size, moment // size * size, before + Tally.of(newest_of(event)))


def forget(call: Call, meter: str, customer: str, event: Document) -> None:
    """Count anew where an event was that is no longer there."""
    ledger, moment = f"{meter}/{customer}", int(event["timestamp"])
    minute, hour = moment // _MINUTE * _MINUTE, moment // _HOUR * _HOUR
    _count(call, ledger, _MINUTE, minute, together(_seconds(call, ledger, minute, minute + _MINUTE)))
    _count(call, ledger, _HOUR, hour, together(_minutes(call, ledger, hour, hour + _HOUR)))


def minute_of(meter: str, customer: str, moment: int) -> str:
    """Return the name under which the events of a minute are found."""
    return f"{meter}/{customer}/{moment // _MINUTE * _MINUTE}"


def newest_of(event: Document) -> Newest:
    """Return an event as a tally has it."""
    return int(event["timestamp"]), int(event["_number"]), int(event["_value"])


def _hours(call: Call, ledger: str, start: int, end: int) -> Iterator[Piece]:
    first, last = -(-start // _HOUR) * _HOUR, end // _HOUR * _HOUR
    if first >= last:
        yield from _minutes(call, ledger, start, end)
        return
    yield from _minutes(call, ledger, start, first)
    for hour in call.store.where(_COUNTED, "_hours_of", ledger):
        if first <= hour["start"] < last:
            yield hour["start"], read(hour)
    yield from _minutes(call, ledger, last, end)


def _minutes(call: Call, ledger: str, start: int, end: int) -> Iterator[Piece]:
    first, last = -(-start // _MINUTE) * _MINUTE, end // _MINUTE * _MINUTE
    if first >= last:
        yield from _seconds(call, ledger, start, end)
        return
    yield from _seconds(call, ledger, start, first)
    yield from ((minute, _counted(call, ledger, _MINUTE, minute)) for minute in range(first, last, _MINUTE))
    yield from _seconds(call, ledger, last, end)


def _seconds(call: Call, ledger: str, start: int, end: int) -> Iterator[Piece]:
    for minute in range(start // _MINUTE * _MINUTE, end, _MINUTE):
        for event in call.store.where(METER_EVENTS, "_minute", f"{ledger}/{minute}"):
            if start <= event["timestamp"] < end:
                yield event["timestamp"], Tally.of(newest_of(event))


def _counted(call: Call, ledger: str, size: int, start: int) -> Tally:
    found = call.store.peek(_COUNTED, f"{ledger}/{size}/{start}")
    return read(found)


def _count(call: Call, ledger: str, size: int, start: int, tally: Tally) -> None:
    key = f"{ledger}/{size}/{start}"
    if tally.newest is None:
        call.store.remove(_COUNTED, key)
        return
    hours = {"_hours_of": ledger} if size == _HOUR else {}
    call.store.put(_COUNTED, key, {**hours, "start": start, **written(tally)})
