"""What is due when a subscription starts, whether it can be paid, and which status follows.

https://docs.stripe.com/billing/subscriptions/overview#payment-status
"""

from __future__ import annotations

from typing import Any

from stripe_emulator.call import Call
from stripe_emulator.errors import payments
from stripe_emulator.errors import subscriptions as errors
from stripe_emulator.objects.catalog.price_calculation import cost
from stripe_emulator.objects.customers.payment_method_record import PAYMENT_METHOD
from stripe_emulator.objects.subscriptions.record import price_of

Document = dict[str, Any]


def amount_due(call: Call, subscription: Document, items: list[Document]) -> int:
    """Return what the licensed items cost at the start of a period; usage is billed at its end."""
    licensed = [item for item in items if item["quantity"] is not None]
    return sum(cost(price_of(call, item), item["quantity"], subscription["currency"]) for item in licensed)


def can_be_paid(call: Call, subscription: Document, items: list[Document]) -> bool:
    """Say whether nothing is due, or the customer's card would pay it."""
    if subscription["collection_method"] == "send_invoice" or amount_due(call, subscription, items) == 0:
        return True
    return outcome_of(call, subscription) == "succeeds"


def first_status(call: Call, subscription: Document, items: list[Document], behavior: str) -> str:
    """Return the status a new subscription without a trial begins in, or refuse it."""
    if subscription["collection_method"] == "send_invoice" or amount_due(call, subscription, items) == 0:
        return "active"
    if behavior == "default_incomplete":
        return "incomplete"  # waits for the first payment to be confirmed, whatever the card
    outcome = outcome_of(call, subscription)
    if outcome is None:
        raise errors.no_payment_method()
    if behavior == "error_if_incomplete" and outcome != "succeeds":
        raise errors.requires_action() if outcome == "requires_action" else payments.declined()
    return "active" if outcome == "succeeds" else "incomplete"


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
