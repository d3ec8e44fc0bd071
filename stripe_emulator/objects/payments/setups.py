"""Setup intents: a payment method is made ready for later payments, and belongs to a customer afterwards.

https://docs.stripe.com/payments/setup-intents
"""

from __future__ import annotations

from typing import Any

from stripe_emulator.call import Call, merge_metadata
from stripe_emulator.errors import StripeError
from stripe_emulator.errors import intents as errors
from stripe_emulator.errors.declines import SETUP_NOT_AUTHENTICATED, Decline
from stripe_emulator.ids import random_id
from stripe_emulator.objects.customers.payment_method import found, require_usable_by
from stripe_emulator.objects.customers.payment_method_record import PAYMENT_METHOD, behavior_of
from stripe_emulator.objects.payments.attempt import next_action
from stripe_emulator.objects.payments.intent_method import method_of
from stripe_emulator.objects.payments.intent_record import SETUP_INTENT, shown

Document = dict[str, Any]

OPEN = ("requires_payment_method", "requires_confirmation", "requires_action")
_NULL = (
    "application", "attach_to_self", "automatic_payment_methods", "cancellation_reason", "customer_account",
    "excluded_payment_method_types", "flow_directions", "last_setup_error", "latest_attempt", "mandate", "next_action",
    "on_behalf_of", "payment_method_configuration_details", "single_use_mandate",
)  # fmt: skip


def setup_for(
    call: Call,
    *,
    customer: str | None = None,
    method: str | None = None,
    usage: str = "off_session",
    metadata: dict[str, str] | None = None,
    description: str | None = None,
    more: Document | None = None,
) -> Document:
    """Return a new intent to make a payment method ready, which waits for its confirmation."""
    identifier = call.new_id(SETUP_INTENT)
    fields = {
        "client_secret": f"{identifier}_secret_{random_id('', 25).strip('_')}",
        "created": call.now,
        "customer": customer,
        "description": description,
        "metadata": merge_metadata({}, metadata),
        "payment_method": method,
        "payment_method_options": {"card": {"request_three_d_secure": "automatic"}},
        "payment_method_types": ["card"],
        "status": "requires_confirmation" if method else "requires_payment_method",
        "usage": usage,
        "_failures": 0,
    }
    return call.create(SETUP_INTENT, {**dict.fromkeys(_NULL), **fields, **(more or {})}, identifier=identifier)


def confirm_setup(call: Call, intent: Document, method: str) -> Document:
    """Ask the bank whether a method may be used later, and return the intent as the answer leaves it."""
    chosen = found(call, method, param="payment_method")
    require_usable_by(chosen, intent["customer"])
    intent = {**intent, "payment_method": chosen["id"], "last_setup_error": None}
    if behavior_of(chosen).must_authenticate_setup():
        return call.save(SETUP_INTENT, {**intent, "status": "requires_action", "next_action": next_action(intent)})
    return _answered(call, intent, chosen)


def authenticated_setup(call: Call, intent: Document, *, succeeds: bool) -> Document:
    """Go on after the customer has confirmed with the bank, or has not."""
    method = method_of(call, intent)
    if not succeeds:
        return _failed(call, intent, method, SETUP_NOT_AUTHENTICATED)
    return _answered(call, {**intent, "next_action": None}, method)


def cancel_setup(call: Call, intent: Document, reason: str | None) -> Document:
    """Give up an intent."""
    if intent["status"] not in OPEN:
        raise errors.cannot_cancel(intent)
    fields = {"status": "canceled", "cancellation_reason": reason, "next_action": None}
    return call.save(SETUP_INTENT, {**intent, **fields})


def setup_refusal(intent: Document) -> StripeError | None:
    """Return how Stripe answers a request whose attempt failed, or None if it did not fail."""
    error = intent["last_setup_error"]
    if error is None or intent["status"] != "requires_payment_method":
        return None
    return errors.failed(error, "setup_intent", shown(intent), keeps=True)


def _answered(call: Call, intent: Document, method: Document) -> Document:
    behavior = behavior_of(method)
    if behavior.refuses_to_attach and behavior.decline is not None:
        return _failed(call, intent, method, behavior.decline)
    owner = intent["customer"] or method["customer"]
    ready = {"customer": owner, "_set_up": intent["usage"] == "off_session" or method.get("_set_up", False)}
    call.save(PAYMENT_METHOD, {**method, **ready})
    return call.save(SETUP_INTENT, {**intent, "status": "succeeded", "next_action": None})


def _failed(call: Call, intent: Document, method: Document, decline: Decline) -> Document:
    error = {
        "code": decline.code,
        "decline_code": decline.decline_code,
        "doc_url": f"https://stripe.com/docs/error-codes/{decline.code.replace('_', '-')}",
        "message": decline.message,
        "param": decline.param,
        "payment_method": shown(method),
        "type": "card_error",
    }
    fields = {
        "last_setup_error": {name: value for name, value in error.items() if value is not None},
        "next_action": None,
        "payment_method": None,
        "status": "requires_payment_method",
        "_failures": intent["_failures"] + 1,
    }
    return call.save(SETUP_INTENT, {**intent, **fields})
