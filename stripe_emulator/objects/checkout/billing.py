"""A payment that leaves an invoice behind: the invoice is made first, and paid with its own payment intent.

https://docs.stripe.com/payments/checkout/receipts#paid-invoices
"""

from __future__ import annotations

from typing import Any

from stripe_emulator.call import Call, merge_metadata
from stripe_emulator.errors import payments
from stripe_emulator.objects.checkout.discounting import asked
from stripe_emulator.objects.checkout.paying import OF_INTENT, allowed
from stripe_emulator.objects.payments.collect import collect
from stripe_emulator.objects.payments.consequences import authenticate
from stripe_emulator.objects.payments.intent_record import PAYMENT_INTENT
from stripe_emulator.objects.payments.intents import refusal
from stripe_emulator.objects.payments.invoice_intent import current_intent, with_intent
from stripe_emulator.operate import operate

Document = dict[str, Any]

_OF_INVOICE = ("custom_fields", "description", "footer", "metadata")


def bill_once(call: Call, session: Document, customer: str, method: str) -> Document:
    """Make the invoice, pay it, and return what the session names of both."""
    invoice = _finalized(call, session, customer)
    if invoice["status"] == "paid":
        return {"invoice": invoice["id"], "payment_status": "no_payment_required"}
    invoice, intent = with_intent(call, invoice)
    call.save(PAYMENT_INTENT, {**intent, **_of_intent(session["_payment_data"], intent)})
    invoice = collect(call, invoice, off_session=False, method=allowed(call, session, method))
    intent = current_intent(call, invoice) or intent
    if intent["status"] == "requires_action":  # the customer is in front of the page, and answers the bank
        intent = authenticate(call, intent, succeeds=True)
    if intent["status"] not in ("succeeded", "processing"):
        raise refusal(intent, keeps=False) or payments.declined()
    status = "paid" if intent["status"] == "succeeded" else "unpaid"
    return {"invoice": invoice["id"], "payment_intent": intent["id"], "payment_status": status}


def _finalized(call: Call, session: Document, customer: str) -> Document:
    data = session["invoice_creation"]["invoice_data"]
    given = {name: data[name] for name in _OF_INVOICE if data[name]}
    discounts = {"discounts": asked(session["discounts"])} if session["discounts"] else {}
    asks = {"customer": customer, "currency": session["currency"], "auto_advance": False, **given, **discounts}
    invoice = operate(call, "POST /v1/invoices", asks)
    for line in session["_lines"]:
        item = {"pricing": {"price": line["price"]}, "quantity": line["quantity"], "currency": session["currency"]}
        operate(call, "POST /v1/invoiceitems", {"customer": customer, "invoice": invoice["id"], **item})
    return operate(call, "POST /v1/invoices/{invoice}/finalize", {}, invoice=invoice["id"])


def _of_intent(data: Document, intent: Document) -> Document:
    """Return what the session carried for the payment intent."""
    named = {name: data[name] for name in (*OF_INTENT, "description") if name in data}
    return {**named, "metadata": merge_metadata(intent["metadata"], data.get("metadata", {}))}
