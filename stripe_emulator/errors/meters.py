"""Errors about meters, their events and the alerts on them."""

from __future__ import annotations

from stripe_emulator.errors import StripeError

_CANCEL = "cancel[identifier]"


def event_name_taken(event_name: str) -> StripeError:
    """One active meter per event name."""
    return StripeError(f"An active meter with event_name `{event_name}` already exists.", param="event_name")


def already(noun: str, status: str) -> StripeError:
    """A meter or alert is already what it is asked to become."""
    return StripeError(f"This {noun} is already {status}.", code="status_transition_invalid")


def no_active_meter(event_name: str) -> StripeError:
    """An event nobody counts."""
    return StripeError(f'No active meter found for event name "{event_name}"')


def event_exists(identifier: str) -> StripeError:
    """An identifier seen within the last day; clients are told not to try again."""
    text = f"An event already exists with identifier {identifier}."
    return StripeError(text, headers={"Stripe-Should-Retry": "false"})


def too_old() -> StripeError:
    """An event of more than 35 days ago."""
    text = "The timestamp must be within the past 35 calendar days."
    return StripeError(text, code="timestamp_too_far_in_past", param="timestamp")


def too_new() -> StripeError:
    """An event of more than five minutes ahead."""
    text = "The timestamp must not be more than 5 minutes in the future."
    return StripeError(text, code="timestamp_in_future", param="timestamp")


def no_customer_in_payload(name: str) -> StripeError:
    """The payload does not say whose usage it is."""
    text = f"The payload must contain the customer under the key `{name}`."
    return StripeError(text, code="meter_event_no_customer_defined", param=f"payload[{name}]")


def no_value_in_payload(name: str) -> StripeError:
    """The payload does not say how much."""
    text = f"The payload must contain the value under the key `{name}`."
    return StripeError(text, code="meter_event_value_not_found", param=f"payload[{name}]")


def invalid_value(name: str, value: str) -> StripeError:
    """Usage is counted in whole numbers."""
    text = f"The value of an event must be a whole number (it currently is '{value}')."
    return StripeError(text, code="meter_event_invalid_value", param=f"payload[{name}]")


def too_many_digits(name: str) -> StripeError:
    """More usage than can be counted."""
    text = "The value of an event has too many digits."
    return StripeError(text, code="meter_event_value_too_many_digits", param=f"payload[{name}]")


def not_aligned(name: str, unit: str) -> StripeError:
    """A summary begins and ends on the minute, or on the hour or day it is grouped by."""
    return StripeError(f"The `{name}` parameter must be aligned with {unit} boundaries.", param=name)


def empty_range() -> StripeError:
    """A summary of no time at all."""
    return StripeError("The `end_time` parameter must be after `start_time`.", param="end_time")


def too_many_alerts(limit: int) -> StripeError:
    """25 alerts per meter and customer."""
    return StripeError(f"You can have at most {limit} alerts per meter and customer combination.")


def threshold_not_positive(value: int) -> StripeError:
    """An alert at zero would always have fired."""
    text = f"This value must be greater than 0 (it currently is '{value}')."
    return StripeError(text, code="parameter_invalid_integer", param="usage_threshold[gte]")


def too_many_filters() -> StripeError:
    """One filter at most."""
    return StripeError("You can specify at most one filter.", param="usage_threshold[filters]")


def no_cancel() -> StripeError:
    """An adjustment that does not say which event it is about."""
    return StripeError("Missing required param: cancel[identifier].", code="parameter_missing", param=_CANCEL)


def no_event(identifier: str) -> StripeError:
    """An identifier that no event of this name has."""
    return StripeError(f"No such meter event: '{identifier}'", code="resource_missing", param=_CANCEL)


def cancelled_already(identifier: str) -> StripeError:
    """An event counts once, and stops to count once."""
    return StripeError(f"The meter event with identifier {identifier} has already been cancelled.", param=_CANCEL)


def too_late_to_cancel() -> StripeError:
    """An event of more than a day ago stays."""
    return StripeError("You can only cancel events within 24 hours of Stripe receiving them.", param=_CANCEL)


def concurrent() -> StripeError:
    """Two events of one customer on one meter at the same time."""
    headers = {"Stripe-Rate-Limited-Reason": "resource-specific"}
    text = "Cannot create multiple usage events for the same customer, meter concurrently."
    return StripeError(text, status=429, code="rate_limit", headers=headers)


def inactive_meter(meter: str) -> StripeError:
    """A deactivated meter triggers nothing."""
    return StripeError(f"The meter `{meter}` is inactive.", param="usage_threshold[meter]")
