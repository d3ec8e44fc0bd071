"""What the world outside does to payments, and who follows when a payment intent has moved.

https://docs.stripe.com/payments/3d-secure/authentication-flow
"""

from __future__ import annotations

from typing import Any

from stripe_emulator.call import Call
from stripe_emulator.objects.checkout.arrival import tell_session
from stripe_emulator.objects.customers.record import in_time_of
from stripe_emulator.objects.payments import collect
from stripe_emulator.objects.payments.attempt import authenticated, settled
from stripe_emulator.objects.payments.setups import authenticated_setup
from stripe_emulator.objects.subscriptions.pending_setup import follow_setup

Document = dict[str, Any]


def authenticate(call: Call, intent: Document, *, succeeds: bool) -> Document:
    """Let the customer confirm with the bank, or not; the intent waits for that. Both kinds of intents have it."""
    call = in_time_of(call, intent["customer"])
    if intent["status"] != "requires_action":
        message = f"{intent['id']} is {intent['status']}: only an intent that is requires_action waits for its customer"
        raise ValueError(message)
    if intent["object"] == "setup_intent":
        intent = authenticated_setup(call, intent, succeeds=succeeds)
        follow_setup(call, intent)
        return intent
    intent = authenticated(call, intent, succeeds=succeeds)
    follow(call, intent)
    return intent


def settle(call: Call, intent: Document, *, succeeds: bool) -> Document:
    """Let a debit that is on its way arrive, or come back, before its time."""
    call = in_time_of(call, intent["customer"])
    if intent["status"] != "processing":
        message = f"{intent['id']} is {intent['status']}: only a payment that is processing can be settled"
        raise ValueError(message)
    intent = settled(call, intent, succeeds=succeeds)
    follow(call, intent)
    return intent


def follow(call: Call, intent: Document) -> None:
    """Let everything follow that waits for a payment."""
    collect.follow(call, intent)
    tell_session(call, intent)
