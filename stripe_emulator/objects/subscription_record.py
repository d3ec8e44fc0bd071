"""What subscriptions and their items are, and how they are shown."""

from __future__ import annotations

from typing import Any

from stripe_emulator.call import Call
from stripe_emulator.kinds import Kind
from stripe_emulator.objects.plan import plan_of

Document = dict[str, Any]

ENDED = ("canceled", "incomplete_expired")


def items_of(call: Call, subscription: Document) -> list[Document]:
    """Return a subscription's items, oldest first."""
    found = (call.store.get("subscription_item", identifier) for identifier in subscription["_items"])
    return [item for item in found if item is not None]


def price_of(call: Call, item: Document) -> Document:
    """Return the price of an item; a price is never deleted."""
    price = call.store.get("price", item["price"])
    if price is None:
        message = f"price {item['price']} of {item['id']} is missing from the data file"
        raise LookupError(message)
    return price


def _view_item(call: Call, item: Document) -> Document:
    price = price_of(call, item)
    shown = {name: value for name, value in item.items() if name != "livemode"}  # items have none at Stripe
    return {**shown, "plan": plan_of(price), "price": price}


def _view_subscription(call: Call, subscription: Document) -> Document:
    items = items_of(call, subscription)
    url = f"/v1/subscription_items?subscription={subscription['id']}"
    shown = {"object": "list", "data": items, "has_more": False, "total_count": len(items), "url": url}
    return {**subscription, "items": shown}


SUBSCRIPTION = Kind(
    "subscription",
    "sub",
    "subscription",
    expandable={"customer": "customer", "default_payment_method": "payment_method"},
    view=_view_subscription,
)
SUBSCRIPTION_ITEM = Kind("subscription_item", "si", "subscription_item", view=_view_item)
