"""Invoice payments: which intent pays which invoice. https://docs.stripe.com/api/invoice-payment."""

from __future__ import annotations

from typing import Any

from stripe_emulator.call import Call
from stripe_emulator.kinds import Kind
from stripe_emulator.pagination import newest_first, page
from stripe_emulator.routing import Routes

Document = dict[str, Any]


def _events(before: Document | None, after: Document | None) -> list[str]:
    if after is None or after["status"] != "paid" or (before is not None and before["status"] == "paid"):
        return []
    return ["invoice_payment.paid"]


INVOICE_PAYMENT = Kind(
    "invoice_payment",
    "inpay",
    "invoice_payment",
    path_param="invoice_payment",
    expandable={"invoice": "invoice", "payment.payment_intent": "payment_intent"},
    events=_events,
)
KINDS = [INVOICE_PAYMENT]
routes = Routes()


@routes("GET /v1/invoice_payments/{invoice_payment}")
def retrieve(call: Call) -> Document:
    """Return one payment of an invoice."""
    return call.in_path(INVOICE_PAYMENT, "invoice_payment")


@routes("GET /v1/invoice_payments")
def index(call: Call) -> Document:
    """List payments of invoices, newest first."""
    found = newest_first(call, INVOICE_PAYMENT.object, "invoice", "status")
    wanted = call.params.get("payment", {}).get("payment_intent")
    if wanted is not None:
        found = [one for one in found if one["payment"]["payment_intent"] == wanted]
    return page(call, found, noun=INVOICE_PAYMENT.noun)


def assign(call: Call, invoice: Document, intent: Document) -> Document:
    """Note that an intent is to pay an invoice."""
    fields = {
        "amount_paid": None,
        "amount_requested": intent["amount"],
        "created": call.now,
        "currency": intent["currency"],
        "invoice": invoice["id"],
        "is_default": True,
        "payment": {"payment_intent": intent["id"], "type": "payment_intent"},
        "status": "open",
        "status_transitions": {"canceled_at": None, "paid_at": None},
    }
    return call.create(INVOICE_PAYMENT, fields)


def close(call: Call, intent: Document, status: str, *, paid: int | None = None) -> None:
    """Note that an intent has paid its invoice, or never will."""
    for one in call.store.where(INVOICE_PAYMENT.object, "invoice", intent["_invoice"]):
        if one["payment"]["payment_intent"] == intent["id"]:
            moments = {**one["status_transitions"], f"{status}_at": call.now}
            closed = {**one, "status": status, "amount_paid": paid, "status_transitions": moments}
            call.save(INVOICE_PAYMENT, {**closed, "amount_requested": intent["amount"]})
