"""Reports of events that turned out to be bad once they were processed: one thin event per meter and ten seconds.

https://docs.stripe.com/billing/subscriptions/usage-based/recording-usage-api#handle-meter-event-errors
"""

from __future__ import annotations

from typing import Any

from stripe_emulator.agenda import Tasks
from stripe_emulator.call import Call
from stripe_emulator.kinds import Kind
from stripe_emulator.objects.metering.payload import Problem
from stripe_emulator.routing import Routes
from stripe_emulator.thin_events import announce_thin, moment

Document = dict[str, Any]

KINDS: list[Kind] = []
routes = Routes()
tasks = Tasks()

_REPORT = "billing.meter.error_report"
_OPEN = "meter_error_report"
_WINDOW = 10  # seconds, as in Stripe's example
_SAMPLES = 5  # of one code
MESSAGES = {
    "archived_meter": "The meter with event name {value} is archived.",
    "meter_event_customer_not_found": "Customer {value} not found.",
    "meter_event_invalid_value": "Value {value} under key {key} is not a whole number.",
    "meter_event_no_customer_defined": "Customer mapping key {key} not found in payload.",
    "meter_event_value_not_found": "Value key {key} not found in payload.",
    "meter_event_value_too_many_digits": "Value under key {key} has too many digits.",
    "no_meter": "No meter found with event name {value}.",
    "timestamp_in_future": "The timestamp is more than 5 minutes in the future.",
    "timestamp_too_far_in_past": "The timestamp is more than 35 calendar days in the past.",
}
"""What can be wrong with an event, by Stripe's codes."""


def report(call: Call, problem: Problem, identifier: str) -> None:
    """Write down what is wrong with an event; it is told when the window that is open now ends."""
    start = call.now // _WINDOW * _WINDOW
    key = f"{problem.meter or 'none'}/{start}"
    found = call.store.get(_OPEN, key) or {"meter": problem.meter, "start": start, "codes": {}}
    told = found["codes"].setdefault(problem.code, {"count": 0, "samples": []})
    told["count"] += 1
    if len(told["samples"]) < _SAMPLES:
        text = MESSAGES[problem.code].format(key=problem.key, value=problem.value)
        told["samples"].append({"error_message": text, "request": {"identifier": identifier}})
    call.store.put(_OPEN, key, found)
    call.due(_REPORT, key, start + _WINDOW)


@tasks(_REPORT)
def tell(call: Call, key: str) -> None:
    """Announce what was written down in a window."""
    found = call.store.peek(_OPEN, key)
    if found is None:
        return
    call.store.remove(_OPEN, key)
    meter = call.store.peek("billing.meter", found["meter"]) if found["meter"] else None
    name = "v1.billing.meter.no_meter_found" if meter is None else "v1.billing.meter.error_report_triggered"
    announce_thin(call, name, meter, _data(found))


def tell_all(call: Call) -> None:
    """Announce every open report now."""
    for found in call.store.all(_OPEN):
        key = f"{found['meter'] or 'none'}/{found['start']}"
        tell(call, key)
        call.due(_REPORT, key, None)


def _data(found: Document) -> Document:
    codes = found["codes"]
    count = sum(told["count"] for told in codes.values())
    types = [
        {"code": code, "error_count": told["count"], "sample_errors": told["samples"]} for code, told in codes.items()
    ]
    return {
        "developer_message_summary": f"There {'is 1 invalid event' if count == 1 else f'are {count} invalid events'}",
        "reason": {"error_count": count, "error_types": types},
        "validation_end": moment(found["start"] + _WINDOW),
        "validation_start": moment(found["start"]),
    }
