"""One attempt to pay: what the bank answers, and what becomes of the payment intent.

https://docs.stripe.com/payments/paymentintents/lifecycle
"""

from __future__ import annotations

from typing import Any

from stripe_emulator.call import Call
from stripe_emulator.errors.declines import NOT_AUTHENTICATED, Decline
from stripe_emulator.objects.customers.payment_method_record import PAYMENT_METHOD, behavior_of
from stripe_emulator.objects.customers.record import clock_of
from stripe_emulator.objects.payments.charge_record import CHARGE, charge, outcome
from stripe_emulator.objects.payments.dispute_record import open_dispute
from stripe_emulator.objects.payments.intent_method import method_of
from stripe_emulator.objects.payments.intent_record import PAYMENT_INTENT, shown

Document = dict[str, Any]

SETTLE = "payment_intent.settle"
DAYS = 4
"""Working days that a debit takes until it is known to have worked; the emulator knows no weekends.

https://docs.stripe.com/payments/ach-direct-debit#timing
"""


def attempt(call: Call, intent: Document, method: Document, *, off_session: bool) -> Document:
    """Try to pay with a method: the intent succeeds, fails, waits for the customer, or waits for the bank."""
    behavior = behavior_of(method)
    intent = {**intent, "payment_method": method["id"], "last_payment_error": None, "_tried": method["id"]}
    if behavior.must_authenticate(off_session=off_session, is_set_up=bool(method.get("_set_up"))):
        action = next_action(intent)
        return call.save(PAYMENT_INTENT, {**intent, "status": "requires_action", "next_action": action})
    return _asked(call, intent, method)


def authenticated(call: Call, intent: Document, *, succeeds: bool) -> Document:
    """Go on after the customer has confirmed the payment with the bank, or has not."""
    method = method_of(call, intent)
    if not succeeds:
        return _failed(call, intent, method, NOT_AUTHENTICATED, None)
    return _asked(call, {**intent, "next_action": None}, method)


def settled(call: Call, intent: Document, *, succeeds: bool | None = None) -> Document:
    """Let a debit that was on its way arrive, or come back: as its test account does, unless somebody says how."""
    call.due(SETTLE, intent["id"], None)
    method = call.store.get(PAYMENT_METHOD.object, intent["payment_method"] or "")
    pending = call.store.get(CHARGE.object, intent["latest_charge"] or "")
    if method is None or pending is None:
        message = f"the charge of {intent['id']} is missing from the data file"
        raise LookupError(message)
    decline = behavior_of(method).decline if succeeds is None else None if succeeds else _BROUGHT_BACK
    if decline is None:
        call.save(CHARGE, {**pending, "status": "succeeded", "captured": True, "amount_captured": pending["amount"]})
        return _succeeded(call, intent, method, pending)
    failed = {"status": "failed", "paid": False, "outcome": outcome(decline)}
    failed |= {"failure_code": decline.code, "failure_message": decline.message}
    call.save(CHARGE, {**pending, **failed})
    return _failed(call, intent, method, decline, pending["id"])


_BROUGHT_BACK = Decline(
    "payment_intent_payment_attempt_failed", None, "The payment could not be completed by the customer's bank."
)


def declined_off_session(call: Call, intent: Document, method: Document, decline: Decline) -> Document:
    """Note that the bank wants to hear from the customer, who is not there."""
    intent = {**intent, "payment_method": method["id"], "_tried": method["id"]}
    made = charge(call, intent, method, "failed", decline=decline)
    return _failed(call, intent, method, decline, made["id"])


def without_method(call: Call, intent: Document) -> Document:
    """Note that nobody could be charged."""
    error = {
        "code": "payment_intent_payment_attempt_failed",
        "message": "The customer has no payment method that could be charged.",
        "type": "invalid_request_error",
    }
    failures = intent["_failures"] + 1
    fields = {"status": "requires_payment_method", "last_payment_error": error, "_failures": failures}
    return call.save(PAYMENT_INTENT, {**intent, **fields, "_tried": None})


def _asked(call: Call, intent: Document, method: Document) -> Document:
    """Return the intent as the bank's answer leaves it."""
    behavior = behavior_of(method)
    if behavior.takes_days:
        return _on_its_way(call, intent, method)
    if behavior.decline is not None:
        made = charge(call, intent, method, "failed", decline=behavior.decline)
        return _failed(call, intent, method, behavior.decline, made["id"])
    manual = intent["capture_method"] == "manual"
    made = charge(call, intent, method, "succeeded", captured=not manual)
    if manual:
        held = {"status": "requires_capture", "amount_capturable": intent["amount"], "latest_charge": made["id"]}
        return call.save(PAYMENT_INTENT, {**intent, **held, "next_action": None})
    if behavior.is_disputed:
        open_dispute(call, made)
    return _succeeded(call, intent, method, made)


def _on_its_way(call: Call, intent: Document, method: Document) -> Document:
    made = charge(call, intent, method, "pending", captured=False)
    call.due(SETTLE, intent["id"], call.now + DAYS * 86400, clock_of(call, intent["customer"]))
    fields = {"status": "processing", "latest_charge": made["id"], "next_action": None}
    return call.save(PAYMENT_INTENT, {**intent, **fields})


def _succeeded(call: Call, intent: Document, method: Document, made: Document) -> Document:
    usage, customer = intent["setup_future_usage"], intent["customer"]
    if usage and customer and method["customer"] in (None, customer):
        saved = {"customer": customer, "_set_up": usage == "off_session" or method.get("_set_up", False)}
        call.save(PAYMENT_METHOD, {**method, **saved})
    return call.save(
        PAYMENT_INTENT,
        {
            **intent,
            "amount_received": intent["amount"],
            "latest_charge": made["id"],
            "next_action": None,
            "status": "succeeded",
        },
    )


def _failed(call: Call, intent: Document, method: Document, decline: Decline, made: str | None) -> Document:
    error = {
        "charge": made,
        "code": decline.code,
        "decline_code": decline.decline_code,
        "doc_url": f"https://stripe.com/docs/error-codes/{decline.code.replace('_', '-')}",
        "message": decline.message,
        "param": decline.param,
        "payment_method": shown(method),
        "type": "card_error" if method["type"] == "card" else "invalid_request_error",
    }
    return call.save(
        PAYMENT_INTENT,
        {
            **intent,
            "last_payment_error": {name: value for name, value in error.items() if value is not None},
            "latest_charge": made or intent["latest_charge"],
            "next_action": None,
            "payment_method": None,
            "status": "requires_payment_method",
            "_failures": intent["_failures"] + 1,
            "_is_hard": decline.is_hard,
        },
    )


def next_action(intent: Document) -> Document:
    """Return what the customer has to do: the bank's page, or a window that Stripe's own script opens."""
    secret, url = intent["client_secret"], intent.get("_return_url")
    page = f"https://hooks.stripe.com/3d_secure_2/hosted?client_secret={secret}"
    if url:
        return {"type": "redirect_to_url", "redirect_to_url": {"return_url": url, "url": page}}
    return {"type": "use_stripe_sdk", "use_stripe_sdk": {"type": "three_d_secure_redirect", "stripe_js": page}}
