"""What an event says: which meter counts it, whose usage it is, and how much; or what is wrong with it.

https://docs.stripe.com/billing/subscriptions/usage-based/recording-usage-api
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from stripe_emulator.call import Call
from stripe_emulator.objects.metering.meter import active_meter, meters_named

Document = dict[str, Any]

DAY = 86400
_OLDEST = 35 * DAY
_NEWEST = 5 * 60
_DIGITS = 19  # those of a 64-bit number; how many Stripe takes is not documented
_WHOLE = re.compile(r"-?[0-9]+")


@dataclass(frozen=True)
class Reading:
    """An event that can be counted."""

    meter: Document
    customer: Document
    value: int

    @property
    def clock(self) -> str | None:
        """Return the test clock in whose time the customer lives."""
        clock: str | None = self.customer["test_clock"]
        return clock


@dataclass(frozen=True)
class Problem:
    """Why an event cannot be counted, by the codes of Stripe's error reports."""

    code: str
    key: str = ""  # of the payload
    value: str = ""
    meter: str | None = None


def read(call: Call, event_name: str, payload: dict[str, str]) -> Reading | Problem:
    """Return what an event says, or what is wrong with it, the meter first."""
    meter = active_meter(call, event_name)
    if meter is None:
        archived = meters_named(call, event_name)
        return (
            Problem("archived_meter", value=event_name, meter=archived[-1]["id"]) if archived else _no_meter(event_name)
        )
    key = meter["customer_mapping"]["event_payload_key"]
    identifier = payload.get(key)
    if not identifier:
        return Problem("meter_event_no_customer_defined", key, meter=meter["id"])
    customer = call.store.peek("customer", identifier)
    if customer is None:
        return Problem("meter_event_customer_not_found", key, identifier, meter["id"])
    value = _value(meter, payload)
    return value if isinstance(value, Problem) else Reading(meter, customer, value)


def out_of_range(timestamp: int, now: int, meter: str | None) -> Problem | None:
    """Say what is wrong with the time of an event, seen from when it was received."""
    if timestamp < now - _OLDEST:
        return Problem("timestamp_too_far_in_past", meter=meter)
    if timestamp > now + _NEWEST:
        return Problem("timestamp_in_future", meter=meter)
    return None


def _no_meter(event_name: str) -> Problem:
    return Problem("no_meter", value=event_name)


def _value(meter: Document, payload: dict[str, str]) -> int | Problem:
    """Return the value as a number; a meter that only counts events needs none."""
    key = meter["value_settings"]["event_payload_key"]
    value = payload.get(key, "")
    if value == "" and meter["default_aggregation"]["formula"] == "count":
        return 1
    if value == "":
        return Problem("meter_event_value_not_found", key, meter=meter["id"])
    if not _WHOLE.fullmatch(value):
        return Problem("meter_event_invalid_value", key, value, meter["id"])
    if len(value.lstrip("-")) > _DIGITS:
        return Problem("meter_event_value_too_many_digits", key, meter=meter["id"])
    return int(value)
