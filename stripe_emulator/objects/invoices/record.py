"""What invoices, their lines and pending invoice items are, how they are shown, and which events they make.

https://docs.stripe.com/api/invoices/object
"""

from __future__ import annotations

from typing import Any

from stripe_emulator.call import Call
from stripe_emulator.kinds import Kind, lifecycle

Document = dict[str, Any]

INNER = 10  # so many lines stand in the invoice itself; the others are a list of their own
_REACHED = {
    "finalized_at": ["invoice.finalized"],
    "paid_at": ["invoice.paid", "invoice.payment_succeeded"],
    "voided_at": ["invoice.voided"],
    "marked_uncollectible_at": ["invoice.marked_uncollectible"],
}
_ATTEMPTS = {
    "failed": ["invoice.payment_failed"],
    "requires_action": ["invoice.payment_action_required", "invoice.payment_failed"],
}


def lines_url(invoice: str) -> str:
    """Return the address of an invoice's lines."""
    return f"/v1/invoices/{invoice}/lines"


def _view(call: Call, invoice: Document) -> Document:
    lines, identifier = invoice["_lines"], invoice["id"]
    shown = {"data": lines[:INNER], "has_more": len(lines) > INNER, "total_count": len(lines)}
    payments = call.store.where("invoice_payment", "invoice", identifier) if identifier else []
    paid = {"data": payments[::-1], "has_more": False, "url": f"/v1/invoice_payments?invoice={identifier}"}
    return {
        **invoice,
        "confirmation_secret": _secret(call, invoice),
        "default_tax_rates": [call.store.peek("tax_rate", one) or one for one in invoice["default_tax_rates"]],
        "lines": {"object": "list", **shown, "url": lines_url(identifier)},
        "payments": {"object": "list", **paid},
    }


def _secret(call: Call, invoice: Document) -> Document | None:
    """Return what a page in front of the customer confirms the payment with."""
    intent = call.store.peek("payment_intent", invoice.get("_payment_intent") or "")
    return {"client_secret": intent["client_secret"], "type": "payment_intent"} if intent else None


def _events(before: Document | None, after: Document | None) -> list[str]:
    """Created, then whatever state it reached; all in one request makes all of them."""
    if after is None:
        return ["invoice.deleted"]
    was: Document = before or {"status_transitions": {}}
    told = [] if before else ["invoice.created"]
    for name, types in _REACHED.items():
        if after["status_transitions"][name] and not was["status_transitions"].get(name):
            told += types
    if after.get("_attempts", 0) > was.get("_attempts", 0):
        told += _ATTEMPTS.get(after["_attempt"] or "", [])
    return [*told, "invoice.updated"] if before else told


INVOICE = Kind(
    "invoice",
    "in",
    "invoice",
    path_param="invoice",
    expandable={
        "customer": "customer",
        "default_payment_method": "payment_method",
        "discounts": "discount",
        "parent.subscription_details.subscription": "subscription",
        "test_clock": "test_helpers.test_clock",
        "total_discount_amounts.discount": "discount",
        "total_pretax_credit_amounts.credit_balance_transaction": "billing.credit_balance_transaction",
        "total_pretax_credit_amounts.discount": "discount",
    },
    on_request=frozenset({"confirmation_secret", "payments"}),
    view=_view,
    events=_events,
)
LINE_ITEM = Kind(
    "line_item",
    "il",
    "line item",
    path_param="line_item_id",
    expandable={
        "discount_amounts.discount": "discount",
        "discounts": "discount",
        "pretax_credit_amounts.credit_balance_transaction": "billing.credit_balance_transaction",
        "pretax_credit_amounts.discount": "discount",
        "pricing.price_details.price": "price",
        "pricing.price_details.product": "product",
        "subscription": "subscription",
    },
)
INVOICE_ITEM = Kind(
    "invoiceitem",
    "ii",
    "invoice item",
    path_param="invoiceitem",
    expandable={
        "customer": "customer",
        "discounts": "discount",
        "invoice": "invoice",
        "pricing.price_details.price": "price",
        "test_clock": "test_helpers.test_clock",
    },
    events=lambda before, after: [one for one in lifecycle("invoiceitem")(before, after) if "updated" not in one],
)
