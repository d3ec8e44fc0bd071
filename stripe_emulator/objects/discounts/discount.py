"""Discounts of customers and subscriptions, taken away. https://docs.stripe.com/api/discounts."""

from __future__ import annotations

from typing import Any

from stripe_emulator.call import Call
from stripe_emulator.errors import discounts as errors
from stripe_emulator.errors import requests
from stripe_emulator.objects.discounts.record import DISCOUNT, end_discount
from stripe_emulator.routing import Routes

Document = dict[str, Any]

KINDS = [DISCOUNT]
routes = Routes()


@routes("DELETE /v1/customers/{customer}/discount")
def delete_of_customer(call: Call) -> Document:
    """Take a customer's discount away."""
    customer = call.store.get("customer", call.path["customer"])
    if customer is None:
        raise requests.no_such("customer", call.path["customer"], param="customer", status=404)
    if customer["discount"] is None:
        raise errors.no_discount(f"customer '{customer['id']}'")
    deleted = end_discount(call.on_clock(customer["test_clock"]), customer["discount"]["id"])
    call.store.put("customer", customer["id"], {**customer, "discount": None})
    return deleted


@routes("DELETE /v1/subscriptions/{subscription_exposed_id}/discount")
def delete_of_subscription(call: Call) -> Document:
    """Take a subscription's discounts away; the last one is the answer."""
    identifier = call.path["subscription_exposed_id"]
    subscription = call.store.get("subscription", identifier)
    if subscription is None:
        raise requests.no_such("subscription", identifier, param="subscription_exposed_id", status=404)
    if not subscription["discounts"]:
        raise errors.no_discount(f"subscription '{identifier}'")
    call = call.on_clock(subscription["test_clock"])
    deleted = [end_discount(call, one) for one in subscription["discounts"]]
    call.store.put("subscription", identifier, {**subscription, "discounts": []})
    return deleted[-1]
