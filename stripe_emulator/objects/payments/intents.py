"""Payment intents: made, confirmed, captured, canceled, whoever asks: the API, an invoice, or a page.

https://docs.stripe.com/payments/payment-intents
"""

from __future__ import annotations

from typing import Any

from stripe_emulator.call import Call, merge_metadata
from stripe_emulator.errors import StripeError
from stripe_emulator.errors import intents as errors
from stripe_emulator.ids import random_id
from stripe_emulator.objects.customers.payment_method import found, require_usable_by
from stripe_emulator.objects.customers.payment_method_record import behavior_of
from stripe_emulator.objects.payments.attempt import SETTLE, attempt
from stripe_emulator.objects.payments.charge_record import CHARGE
from stripe_emulator.objects.payments.intent_record import PAYMENT_INTENT, shown

Document = dict[str, Any]

OPEN = ("requires_payment_method", "requires_confirmation", "requires_action")
"""The statuses in which a customer can still choose how to pay."""


def intent_for(
    call: Call,
    *,
    amount: int,
    currency: str,
    customer: str | None = None,
    method: str | None = None,
    metadata: dict[str, str] | None = None,
    description: str | None = None,
    more: Document | None = None,
) -> Document:
    """Return a new intent to take an amount, which waits for its confirmation; `more` is any other field."""
    identifier = call.new_id(PAYMENT_INTENT)
    fields = {
        "amount": amount,
        "client_secret": f"{identifier}_secret_{random_id('', 25).strip('_')}",
        "created": call.now,
        "currency": currency,
        "customer": customer,
        "description": description,
        "metadata": merge_metadata({}, metadata),
        "payment_method": method,
        "status": "requires_confirmation" if method else "requires_payment_method",
    }
    return call.create(PAYMENT_INTENT, {**_blank(), **fields, **(more or {})}, identifier=identifier)


def confirm(call: Call, intent: Document, method: str, *, off_session: bool = False) -> Document:
    """Try to pay with a method, which may be a test name, and return the intent as the attempt leaves it."""
    chosen = found(call, method, param="payment_method")
    require_usable_by(chosen, intent["customer"])
    if chosen["customer"] and not intent["customer"]:
        raise errors.method_of_a_customer()
    return attempt(call, intent, chosen, off_session=off_session)


def cancel(call: Call, intent: Document, reason: str | None) -> Document:
    """Give up an intent; what was held on a card is let go."""
    if intent["status"] not in (*OPEN, "requires_capture"):
        raise errors.cannot_cancel(intent)
    call.due(SETTLE, intent["id"], None)
    held = call.store.get(CHARGE.object, intent["latest_charge"] or "") if intent["amount_capturable"] else None
    if held is not None:
        call.save(CHARGE, {**held, "amount_refunded": held["amount"], "refunded": True})
    fields = {"status": "canceled", "canceled_at": call.now, "cancellation_reason": reason, "next_action": None}
    return call.save(PAYMENT_INTENT, {**intent, **fields, "amount_capturable": 0})


def capture(call: Call, intent: Document, amount: int | None) -> Document:
    """Take what was held, or less."""
    if intent["status"] != "requires_capture":
        raise errors.cannot_capture(intent)
    taken = intent["amount_capturable"] if amount is None else amount
    if not 0 < taken <= intent["amount_capturable"]:
        raise errors.captures_too_much(intent["amount_capturable"])
    held = call.store.get(CHARGE.object, intent["latest_charge"])
    if held is not None:
        rest = held["amount"] - taken
        call.save(CHARGE, {**held, "captured": True, "amount_captured": taken, "amount_refunded": rest})
    fields = {"status": "succeeded", "amount_capturable": 0, "amount_received": taken}
    return call.save(PAYMENT_INTENT, {**intent, **fields})


def refusal(intent: Document, *, keeps: bool = True) -> StripeError | None:
    """Return how Stripe answers a request whose attempt to pay failed, or None if it did not fail."""
    error = intent["last_payment_error"]
    if error is None or intent["status"] != "requires_payment_method":
        return None
    return errors.failed(error, "payment_intent", shown(intent), keeps=keeps)


def needs_customer(method: Document, *, off_session: bool) -> bool:
    """Say whether a payment would have to wait for the customer to authenticate."""
    behavior = behavior_of(method)
    return behavior.must_authenticate(off_session=off_session, is_set_up=bool(method.get("_set_up")))


def _blank() -> Document:
    null = (
        "application", "application_fee_amount", "canceled_at", "cancellation_reason", "customer_account",
        "excluded_payment_method_types", "last_payment_error", "latest_charge", "next_action", "on_behalf_of",
        "payment_method_configuration_details", "processing", "receipt_email", "review", "shipping", "source",
        "statement_descriptor", "statement_descriptor_suffix", "transfer_data", "transfer_group",
    )  # fmt: skip
    return {
        **dict.fromkeys(null),
        "amount_capturable": 0,
        "amount_details": {"tip": {}},
        "amount_received": 0,
        "automatic_payment_methods": None,
        "capture_method": "automatic",
        "confirmation_method": "automatic",
        "payment_method_options": {"card": {"request_three_d_secure": "automatic"}},
        "payment_method_types": ["card"],
        "setup_future_usage": None,
        "_failures": 0,
        "_invoice": None,
    }
