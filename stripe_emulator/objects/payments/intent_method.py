"""What an intent is to be paid or set up with."""

from __future__ import annotations

from typing import Any

from stripe_emulator.call import Call
from stripe_emulator.objects.customers.payment_method import add, found, require_usable_by
from stripe_emulator.objects.customers.payment_method_details import typed_in
from stripe_emulator.objects.customers.payment_method_record import PAYMENT_METHOD

Document = dict[str, Any]


def method_of(call: Call, intent: Document) -> Document:
    """Return the payment method that an intent has."""
    method = call.store.get(PAYMENT_METHOD.object, intent["payment_method"] or "")
    if method is None:
        message = f"the payment method of {intent['id']} is missing from the data file"
        raise LookupError(message)
    return method


def asked_method(call: Call, intent: Document) -> Document | None:
    """Return the payment method that the request names or describes, usable by the intent's customer."""
    params = call.params
    if "payment_method_data" in params:
        method = add(call, typed_in(call, params["payment_method_data"]), params["payment_method_data"])
    elif "payment_method" in params:
        method = found(call, params["payment_method"], param="payment_method")
    else:
        return None
    require_usable_by(method, intent["customer"])
    return method


def with_method(intent: Document, method: Document) -> Document:
    """Return an intent that waits to be confirmed with a method."""
    return {**intent, "payment_method": method["id"], "status": "requires_confirmation", "next_action": None}
