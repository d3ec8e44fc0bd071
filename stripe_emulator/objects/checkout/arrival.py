"""A payment that takes days has arrived, or has come back: the session that it was made on tells it.

https://docs.stripe.com/payments/checkout/fulfill-orders#delayed-notification
"""

from __future__ import annotations

from typing import Any

from stripe_emulator.call import Call
from stripe_emulator.objects.checkout.record import CHECKOUT_SESSION

Document = dict[str, Any]

FAILED = "checkout.session.async_payment_failed"


def tell_session(call: Call, intent: Document) -> None:
    """Let the completed session of a payment intent know how the payment ended, if it waits for that."""
    for session in _sessions(call, intent):
        if session["status"] != "complete" or session["payment_status"] != "unpaid":
            continue
        if intent["status"] == "succeeded":
            call.save(CHECKOUT_SESSION, {**session, "payment_status": "paid"})
        elif intent["status"] == "requires_payment_method":
            call.announce(FAILED, session)  # nothing about the session changes: it stays unpaid


def _sessions(call: Call, intent: Document) -> list[Document]:
    found = call.store.where(CHECKOUT_SESSION.object, "payment_intent", intent["id"])
    invoice = intent.get("_invoice")
    return found or (call.store.where(CHECKOUT_SESSION.object, "invoice", invoice) if invoice else [])
