"""Entitlements follow from subscriptions: what their products had when they began, changed, or entered a new period.

A feature that is attached to a product later counts for existing subscriptions from their next billing period on.
https://docs.stripe.com/billing/entitlements
"""

from __future__ import annotations

from typing import Any

from stripe_emulator.call import Call
from stripe_emulator.objects.catalog.product_feature_record import of_product
from stripe_emulator.objects.entitlements.record import ACTIVE_ENTITLEMENT, SUMMARY, entitlements_of
from stripe_emulator.storage import Transaction

Document = dict[str, Any]

_ENTITLING = ("active", "past_due", "paused", "trialing")
_GRANTED = "entitled_features"
"""What each subscription gives: its customer, and the features its products had at the time."""


def follow(call: Call) -> None:
    """Bring entitlements up to date with the subscriptions that this call changed."""
    for subscription in _changed(call):
        now = _state(call.store, subscription)
        if now != _state(call.store.before(), subscription):
            _grant(call, subscription, [price for _, price, _ in now])


def _changed(call: Call) -> list[str]:
    """Return the ids of the subscriptions that changed, themselves or by an item."""
    found: dict[str, None] = {}
    for kind, identifier, before, after in call.store.changed():
        if kind == "subscription":
            found[identifier] = None
        if kind == "subscription_item":
            found[(after or before or {})["subscription"]] = None
    return list(found)


def _state(store: Transaction, subscription: str) -> list[tuple[str, str, int]]:
    """Return what entitlements depend on: items, their prices and the beginnings of their periods, if it entitles."""
    found = store.peek("subscription", subscription)
    if found is None or found["status"] not in _ENTITLING:
        return []
    items = (store.peek("subscription_item", identifier) for identifier in found["_items"])
    return [(item["id"], item["price"], item["current_period_start"]) for item in items if item is not None]


def _grant(call: Call, subscription: str, prices: list[str]) -> None:
    """Give what the products of these prices have now, and take what the subscription gave before."""
    products = dict.fromkeys((call.store.peek("price", price) or {}).get("product") for price in prices)
    attached = [one["entitlement_feature"] for product in products if product for one in of_product(call, product)]
    before = call.store.peek(_GRANTED, subscription)
    found = call.store.peek("subscription", subscription)
    customer = found["customer"] if found else (before or {}).get("customer")
    if attached:
        features = list(dict.fromkeys(attached))
        call.store.put(_GRANTED, subscription, {"customer": customer, "features": features})
    elif before:
        call.store.remove(_GRANTED, subscription)
    if customer and (attached or before):
        _renew(call, customer)


def _renew(call: Call, customer: str) -> None:
    """Let a customer have the features that all subscriptions give together, and tell if that is a change."""
    granted = call.store.where(_GRANTED, "customer", customer)
    wanted = dict.fromkeys(feature for one in granted for feature in one["features"])
    had = {one["feature"]: one for one in entitlements_of(call, customer)}
    for feature in had.keys() - wanted.keys():
        call.store.remove(ACTIVE_ENTITLEMENT.object, had[feature]["id"])
    for feature in wanted:
        if feature not in had:
            call.create(ACTIVE_ENTITLEMENT, {"feature": feature, "_customer": customer})
    if had.keys() != wanted.keys():
        summary = {"object": SUMMARY.object, "customer": customer, "livemode": call.scope.livemode}
        call.store.put(SUMMARY.object, customer, summary)
