"""Subscription items: one price each, with a quantity unless usage is metered.

https://docs.stripe.com/api/subscription_items
"""

from __future__ import annotations

from typing import Any

from stripe_emulator.call import Call
from stripe_emulator.errors import requests
from stripe_emulator.errors import subscriptions as errors
from stripe_emulator.objects.subscriptions.due import Before, collected
from stripe_emulator.objects.subscriptions.lines import add_item, change_item, new_price, remove_item
from stripe_emulator.objects.subscriptions.record import ENDED, SUBSCRIPTION, SUBSCRIPTION_ITEM, items_of
from stripe_emulator.objects.subscriptions.time import up_to_date
from stripe_emulator.pagination import page
from stripe_emulator.routing import Routes

Document = dict[str, Any]

KINDS = [SUBSCRIPTION_ITEM]
routes = Routes()


@routes("POST /v1/subscription_items")
def create(call: Call) -> Document:
    """Add an item to a running subscription."""
    subscription = _running(call, call.params["subscription"])
    item = add_item(call, subscription, new_price(call, call.params, ""), call.params, "")
    call.save(SUBSCRIPTION, subscription)
    return item


@routes("GET /v1/subscription_items/{item}")
def retrieve(call: Call) -> Document:
    """Return one item."""
    item, _ = _item(call)
    return item


@routes("POST /v1/subscription_items/{item}")
def update(call: Call) -> Document:
    """Change quantity, price or metadata."""
    item, subscription = _item(call)
    _running(call, subscription["id"])
    before = Before.of(call, subscription)
    changed = change_item(call, subscription, item, call.params, "")
    call.save(SUBSCRIPTION, collected(call, subscription, before))
    return changed


@routes("DELETE /v1/subscription_items/{item}")
def delete(call: Call) -> Document:
    """Remove an item from a running subscription."""
    item, subscription = _item(call)
    _running(call, subscription["id"])
    remove_item(call, subscription, item)
    call.save(SUBSCRIPTION, subscription)
    return {"id": item["id"], "object": SUBSCRIPTION_ITEM.object, "deleted": True}


@routes("GET /v1/subscription_items")
def index(call: Call) -> Document:
    """List a subscription's items, oldest first, unlike every other list."""
    subscription = call.named(SUBSCRIPTION, call.params["subscription"], "subscription")
    items = items_of(call, up_to_date(call, subscription))
    url = f"{call.url}?subscription={subscription['id']}"
    return page(call, items, noun=SUBSCRIPTION_ITEM.noun, url=url)


def _item(call: Call) -> tuple[Document, Document]:
    """Return the item the address names, brought up to date with its subscription."""
    item = call.store.get(SUBSCRIPTION_ITEM.object, call.path["item"])
    subscription = call.store.get(SUBSCRIPTION.object, item["subscription"]) if item else None
    if item is None or subscription is None:
        raise errors.no_such_item(call.path["item"])
    subscription = up_to_date(call, subscription)
    return call.store.get(SUBSCRIPTION_ITEM.object, item["id"]) or item, subscription


def _running(call: Call, identifier: str) -> Document:
    subscription = up_to_date(call, call.named(SUBSCRIPTION, identifier, "subscription", status=404))
    if subscription["status"] in ENDED:
        raise requests.no_such("subscription", identifier, param="subscription", status=404)
    return subscription
