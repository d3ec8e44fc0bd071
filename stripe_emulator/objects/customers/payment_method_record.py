"""What a payment method is, how it is told what happens to it, and how payments with it end."""

from __future__ import annotations

from typing import Any

from stripe_emulator.call import Call
from stripe_emulator.kinds import Kind
from stripe_emulator.objects.customers.behavior import PAYS, Behavior
from stripe_emulator.objects.customers.test_banks import bank_by_number
from stripe_emulator.objects.customers.test_cards import by_number

Document = dict[str, Any]


def _events(before: Document | None, after: Document | None) -> list[str]:
    was = before and before["customer"]
    now = after and after["customer"]
    if was != now:
        return ["payment_method.attached" if now else "payment_method.detached"]
    if before is None or after is None:
        return []
    renewed = before.get("_renewals", 0) != after.get("_renewals", 0)
    return ["payment_method.automatically_updated" if renewed else "payment_method.updated"]


PAYMENT_METHOD = Kind(
    "payment_method",
    "pm",
    "PaymentMethod",
    path_param="payment_method",
    expandable={"customer": "customer"},
    events=_events,
)


def behavior_of(method: Document) -> Behavior:
    """Return how payments with a method end."""
    found = bank_by_number(method["_bank"]) if method.get("_bank") else by_number(method.get("_card", ""))
    return found.behavior if found else PAYS


def default_method(call: Call, customer: str, *preferred: str | None) -> Document | None:
    """Return the first of these that the customer still has, or what the customer pays with by default.

    https://docs.stripe.com/billing/subscriptions/payment-methods-setting#payment-method-priority
    """
    holder = call.store.peek("customer", customer) or {"invoice_settings": {}}
    for identifier in (*preferred, holder["invoice_settings"].get("default_payment_method")):
        method = call.store.get(PAYMENT_METHOD.object, identifier) if identifier else None
        if method is not None and method["customer"] == customer:
            return method
    return None
