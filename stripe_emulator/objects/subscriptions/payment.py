"""How a payment by a subscription's card would end. https://docs.stripe.com/billing/subscriptions/payment-methods-setting."""

from __future__ import annotations

from typing import Any

from stripe_emulator.call import Call
from stripe_emulator.errors import payments
from stripe_emulator.objects.customers.payment_method_record import PAYMENT_METHOD

Document = dict[str, Any]


def require_attached(call: Call, customer: str, method: str | None, param: str) -> str | None:
    """Return the id of a payment method that the customer has."""
    if method is None:
        return None
    found = call.store.get(PAYMENT_METHOD.object, method)
    if found is None or found["customer"] != customer:
        raise payments.not_attached(method, param)
    return method


def outcome_of(call: Call, subscription: Document) -> str | None:
    """Return how a payment by the subscription's card would end; None if there is no card."""
    customer = call.store.get("customer", subscription["customer"]) or {"invoice_settings": {}}
    default = customer["invoice_settings"].get("default_payment_method")
    method = call.store.get(PAYMENT_METHOD.object, subscription["default_payment_method"] or default or "")
    return str(method["_outcome"]) if method else None
