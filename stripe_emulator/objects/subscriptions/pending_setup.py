"""A subscription that costs nothing at first can have its payment method made ready at once.

https://docs.stripe.com/billing/subscriptions/trials and https://docs.stripe.com/api/subscriptions/object
"""

from __future__ import annotations

from typing import Any

from stripe_emulator.call import Call
from stripe_emulator.objects.customers.payment_method_record import behavior_of, default_method
from stripe_emulator.objects.payments.setups import confirm_setup, setup_for
from stripe_emulator.objects.subscriptions.record import SUBSCRIPTION

Document = dict[str, Any]


def prepare_setup(call: Call, subscription: Document) -> Document:
    """Return a new subscription with the setup intent it needs: nothing was charged, and the bank was not asked."""
    if subscription["collection_method"] != "charge_automatically" or subscription["status"] == "incomplete":
        return subscription
    method = default_method(call, subscription["customer"], subscription["default_payment_method"])
    asks = call.params.get("payment_behavior") == "default_incomplete" and method is None
    unknown = method is not None and behavior_of(method).must_authenticate_setup() and not method.get("_set_up")
    if not asks and not unknown:
        return subscription
    intent = setup_for(call, customer=subscription["customer"])
    if method is not None:
        intent = confirm_setup(call, intent, method["id"])
    return call.save(SUBSCRIPTION, {**subscription, "pending_setup_intent": intent["id"]})


def follow_setup(call: Call, intent: Document) -> None:
    """Let the subscription that waited for a setup intent pay with what was set up."""
    if intent["status"] != "succeeded":
        return
    for found in call.store.where(SUBSCRIPTION.object, "pending_setup_intent", intent["id"]):
        subscription = {**found, "pending_setup_intent": None}
        if subscription["payment_settings"]["save_default_payment_method"] == "on_subscription":
            subscription["default_payment_method"] = intent["payment_method"]
        call.save(SUBSCRIPTION, subscription)
