"""Paying once, or making a card ready, on the page of a checkout session: with intents, as everywhere.

https://docs.stripe.com/payments/checkout/fulfill-orders#delayed-notification
"""

from __future__ import annotations

from typing import Any

from stripe_emulator.call import Call
from stripe_emulator.objects.customers.payment_method import found
from stripe_emulator.objects.payments.consequences import authenticate
from stripe_emulator.objects.payments.intents import confirm, intent_for, refusal
from stripe_emulator.objects.payments.setups import confirm_setup, setup_for, setup_refusal

Document = dict[str, Any]

OF_INTENT = ("receipt_email", "setup_future_usage", "shipping", "statement_descriptor", "statement_descriptor_suffix")


def pay_once(call: Call, session: Document, customer: str | None, method: str) -> Document:
    """Take the session's amount with a payment intent; a debit arrives days later, and until then it is unpaid."""
    data = session["_payment_data"]
    intent = intent_for(
        call,
        amount=session["amount_total"],
        currency=session["currency"],
        customer=customer,
        metadata=data.get("metadata"),
        description=data.get("description"),
        more={name: data[name] for name in OF_INTENT if name in data},
    )
    intent = confirm(call, intent, allowed(call, session, method))
    if intent["status"] == "requires_action":  # the customer is in front of the page, and answers the bank
        intent = authenticate(call, intent, succeeds=True)
    refused = refusal(intent, keeps=False)
    if refused is not None:
        raise refused
    return {"payment_intent": intent["id"], "payment_status": "paid" if intent["status"] == "succeeded" else "unpaid"}


def make_ready(call: Call, session: Document, customer: str | None, method: str) -> Document:
    """Save a payment method for later with a setup intent."""
    data = session["_setup_data"]
    intent = setup_for(call, customer=customer, metadata=data.get("metadata"), description=data.get("description"))
    intent = confirm_setup(call, intent, allowed(call, session, method))
    if intent["status"] == "requires_action":
        intent = authenticate(call, intent, succeeds=True)
    refused = setup_refusal(intent)
    if refused is not None:
        raise refused
    return {"setup_intent": intent["id"], "payment_status": "no_payment_required"}


def allowed(call: Call, session: Document, name: str) -> str:
    """Return the payment method that was chosen, if the session takes its type; test names make a new one."""
    method = found(call, name, param="payment_method")
    if method["type"] not in session["payment_method_types"]:
        message = (
            f"the checkout session {session['id']} does not take {method['type']}: "
            "name it in allowed_payment_method_types"
        )
        raise ValueError(message)
    return str(method["id"])
