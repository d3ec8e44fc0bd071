"""What subscriptions and their items are, and how they are shown."""

from __future__ import annotations

from typing import Any

from stripe_emulator.call import Call
from stripe_emulator.kinds import Kind
from stripe_emulator.objects.catalog.plan import plan_of

Document = dict[str, Any]

ENDED = ("canceled", "incomplete_expired")
INNER = 10  # so many items stand in the subscription itself; the others are a list of their own


def items_of(call: Call, subscription: Document) -> list[Document]:
    """Return a subscription's items, oldest first."""
    found = (call.store.get("subscription_item", identifier) for identifier in subscription["_items"])
    return [item for item in found if item is not None]


def peek_items(call: Call, subscription: Document) -> list[Document]:
    """Return a subscription's items themselves, oldest first; for reading only."""
    found = (call.store.peek("subscription_item", identifier) for identifier in subscription["_items"])
    return [item for item in found if item is not None]


def price_of(call: Call, item: Document) -> Document:
    """Return the price of an item, for reading only; a price is never deleted."""
    price = call.store.peek("price", item["price"])
    if price is None:
        message = f"price {item['price']} of {item['id']} is missing from the data file"
        raise LookupError(message)
    return price


def _view_item(call: Call, item: Document) -> Document:
    price = price_of(call, item)
    shown = {name: value for name, value in item.items() if name != "livemode"}  # items have none at Stripe
    rates = [call.store.peek("tax_rate", one) or one for one in item["tax_rates"]]
    return {**shown, "plan": plan_of(price), "price": price, "tax_rates": rates}


def _view_subscription(call: Call, subscription: Document) -> Document:
    items = peek_items(call, subscription)
    rates = [call.store.peek("tax_rate", one) or one for one in subscription["default_tax_rates"]]
    url = f"/v1/subscription_items?subscription={subscription['id']}"
    first, more = items[:INNER], len(items) > INNER
    shown = {"object": "list", "data": first, "has_more": more, "total_count": len(items), "url": url}
    return {**subscription, "default_tax_rates": rates, "items": shown}


def _events(before: Document | None, after: Document | None) -> list[str]:
    """Created, updated or, at its end, deleted; paused and resumed as well."""
    if before is None or after is None:
        return ["customer.subscription.created"] if before is None else []
    if after["status"] == "canceled" and before["status"] != "canceled":
        return ["customer.subscription.deleted"]
    told = ["customer.subscription.updated"]
    if after["status"] == "paused" and before["status"] != "paused":
        told.append("customer.subscription.paused")
    if before["status"] == "paused" and after["status"] != "paused":
        told.append("customer.subscription.resumed")
    return told


SUBSCRIPTION = Kind(
    "subscription",
    "sub",
    "subscription",
    expandable={
        "customer": "customer",
        "default_payment_method": "payment_method",
        "discounts": "discount",
        "latest_invoice": "invoice",
        "pending_setup_intent": "setup_intent",
        "schedule": "subscription_schedule",
        "test_clock": "test_helpers.test_clock",
    },
    view=_view_subscription,
    events=_events,
)
SUBSCRIPTION_ITEM = Kind(
    "subscription_item",
    "si",
    "subscription_item",
    expandable={"discounts": "discount"},
    view=_view_item,
    part_of=("subscription", "subscription"),
)
