"""Subscribing on the page of a checkout session: a subscription like any other, whose customer is there to pay.

https://docs.stripe.com/payments/checkout/build-subscriptions
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from stripe_emulator.call import Call
from stripe_emulator.errors import payments
from stripe_emulator.objects.checkout.discounting import asked
from stripe_emulator.objects.checkout.paying import allowed
from stripe_emulator.objects.customers.payment_method import attach_to
from stripe_emulator.objects.payments.consequences import authenticate
from stripe_emulator.objects.payments.intents import refusal
from stripe_emulator.objects.subscriptions.start import start

Document = dict[str, Any]


def subscribe(call: Call, session: Document, customer: str, method: str) -> Document:
    """Start the subscription, pay its first invoice, and return what the session names of both."""
    card = _card(call, session, customer, method)
    subscription = start(replace(call, params=_params(call, session, customer, card)))
    invoice = subscription["latest_invoice"]
    _answer_bank(call, invoice)
    subscription = call.store.get("subscription", subscription["id"]) or subscription
    if subscription["status"] in ("incomplete", "past_due"):
        raise _refused(call, invoice)
    return {"subscription": subscription["id"], "invoice": invoice, "payment_status": _payment_status(call, invoice)}


def _card(call: Call, session: Document, customer: str, name: str) -> str | None:
    """Attach the card that was typed in, unless none was asked for; refuse one that the bank refuses."""
    if not session["amount_total"] and session["payment_method_collection"] == "if_required":
        return None
    return str(attach_to(call, customer, allowed(call, session, name), param="payment_method")["id"])


def _params(call: Call, session: Document, customer: str, card: str | None) -> Document:
    """Return the subscription's parameters; what is paid once stands on its first invoice only."""
    lines = [(one, call.store.peek("price", one["price"]) or {}) for one in session["_lines"]]
    items = [_item(one) for one, price in lines if price["type"] == "recurring"]
    once = [_item(one) for one, price in lines if price["type"] == "one_time"]
    data = session["_subscription_data"]
    return {
        **{name: value for name, value in data.items() if name != "proration_behavior"},
        "currency": session["currency"],
        "customer": customer,
        "items": items,
        **({"add_invoice_items": once} if once else {}),
        **({"discounts": asked(session["discounts"])} if session["discounts"] else {}),
        **({"default_payment_method": card} if card else {}),
    }


def _item(line: Document) -> Document:
    return {"price": line["price"], **({} if line["quantity"] is None else {"quantity": line["quantity"]})}


def _answer_bank(call: Call, invoice: str | None) -> None:
    """Let the customer, who is in front of the page, confirm the payment with the bank."""
    for intent in _intents(call, invoice):
        if intent["status"] == "requires_action":
            authenticate(call, {**intent}, succeeds=True)


def _refused(call: Call, invoice: str | None) -> Exception:
    refusals = [refusal(intent, keeps=False) for intent in _intents(call, invoice)]
    return next((one for one in refusals if one is not None), payments.declined())


def _intents(call: Call, invoice: str | None) -> list[Document]:
    return call.store.where("payment_intent", "_invoice", invoice) if invoice else []


def _payment_status(call: Call, invoice: str | None) -> str:
    """Return whether the first invoice is paid, or its payment on its way; nothing may have been due."""
    found = call.store.peek("invoice", invoice) if invoice else None
    if found is None or (found["status"] == "paid" and not found["amount_due"]):
        return "no_payment_required"
    return "paid" if found["status"] == "paid" else "unpaid"
