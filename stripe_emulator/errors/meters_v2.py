"""Errors about meter events in the v2 namespace. https://docs.stripe.com/api/v2/billing-meter."""

from __future__ import annotations

from stripe_emulator.errors import StripeError

_SENTENCES = {
    "archived_meter": "The meter must be Active to submit events.",
    "duplicate_meter_event": "A meter event with a duplicate identifier has already been submitted.",
    "no_meter": "A meter must exist to submit events.",
    "payload_invalid_value": "The value must be a positive integer.",
    "payload_no_customer_defined": "The payload must have a reference to the customer.",
    "payload_no_value_defined": "The payload must have a value.",
}


def refused_event(code: str) -> StripeError:
    """An event that is refused at once."""
    return StripeError(_SENTENCES[code], code=code)


def invalid_cancel() -> StripeError:
    """A cancellation of what cannot be cancelled (any more)."""
    text = "The adjustment configuration is invalid for the adjustment type."
    return StripeError(text, code="invalid_cancel_configuration")


def concurrent() -> StripeError:
    """Two events of one customer on one meter at the same time."""
    text = "Cannot create multiple usage events for the same customer, meter concurrently."
    return StripeError(text, status=429, code="too_many_concurrent_requests")


def session_expired() -> StripeError:
    """A token of more than fifteen minutes ago."""
    return StripeError(
        "The temporary session token has expired.",
        status=401,
        code="billing_meter_event_session_expired",
        kind="temporary_session_expired",
    )


def no_session() -> StripeError:
    """A stream without the token of a session."""
    text = "The meter event stream needs the authentication token of a meter event session."
    return StripeError(text, status=401)
