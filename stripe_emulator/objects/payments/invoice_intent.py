"""The payment intent of an invoice: made when the invoice is finalized, given up when there is nothing to pay any more.

https://docs.stripe.com/api/invoice-payment
"""

from __future__ import annotations

from typing import Any

from stripe_emulator.call import Call
from stripe_emulator.objects.customers.payment_method_record import default_method
from stripe_emulator.objects.invoices.record import INVOICE
from stripe_emulator.objects.payments import dunning
from stripe_emulator.objects.payments.intent_record import PAYMENT_INTENT
from stripe_emulator.objects.payments.intents import OPEN, cancel, intent_for
from stripe_emulator.objects.payments.invoice_payment import assign, close

Document = dict[str, Any]


def current_intent(call: Call, invoice: Document) -> Document | None:
    """Return the intent that an invoice has now."""
    return call.store.get(PAYMENT_INTENT.object, invoice.get("_payment_intent") or "")


def with_intent(call: Call, invoice: Document) -> tuple[Document, Document]:
    """Return an open invoice, saved, and the intent that is to pay what remains of it; a new one if it has none."""
    known = current_intent(call, invoice)
    if known is not None and known["status"] not in ("canceled", "succeeded"):
        if known["amount"] != invoice["amount_remaining"] and known["status"] in OPEN:
            known = call.save(PAYMENT_INTENT, {**known, "amount": invoice["amount_remaining"]})
        return call.save(INVOICE, invoice), known
    is_first = invoice["billing_reason"] == "subscription_create"
    intent = intent_for(
        call,
        amount=invoice["amount_remaining"],
        currency=invoice["currency"],
        customer=invoice["customer"],
        description="Subscription creation" if is_first else "Payment for Invoice",
        more={"setup_future_usage": "off_session" if invoice["_subscription"] else None, "_invoice": invoice["id"]},
    )
    assign(call, invoice, intent)
    return call.save(INVOICE, {**invoice, "_payment_intent": intent["id"]}), intent


def method_of(call: Call, invoice: Document) -> str | None:
    """Return what an invoice is paid with: its own method, its subscription's, or its customer's."""
    subscription = call.store.peek("subscription", invoice["_subscription"] or "") or {}
    preferred = invoice["default_payment_method"], subscription.get("default_payment_method")
    found = default_method(call, invoice["customer"], *preferred)
    return str(found["id"]) if found else None


def release(call: Call, invoice: Document, *, reason: str) -> None:
    """Give up the payment of an invoice that is void, or was paid in another way."""
    dunning.stop(call, invoice)
    intent = current_intent(call, invoice)
    if intent is not None and intent["status"] in OPEN:
        close(call, cancel(call, intent, reason), "canceled")
