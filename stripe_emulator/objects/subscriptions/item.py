"""Subscription items: one price each, with a quantity unless usage is metered.

https://docs.stripe.com/api/subscription_items
"""

from __future__ import annotations

from typing import Any

from stripe_emulator.call import Call
from stripe_emulator.errors import requests
from stripe_emulator.errors import subscriptions as errors
from stripe_emulator.objects.subscriptions.change import concluded
from stripe_emulator.objects.subscriptions.lines import add_item, change_item, new_price, remove_item
from stripe_emulator.objects.subscriptions.pending import refuse_unsupported
from stripe_emulator.objects.subscriptions.prorate import Before
from stripe_emulator.objects.subscriptions.record import ENDED, SUBSCRIPTION, SUBSCRIPTION_ITEM, items_of
from stripe_emulator.objects.subscriptions.settle import settle_change
from stripe_emulator.pagination import page
from stripe_emulator.routing import Routes

Document = dict[str, Any]

KINDS = [SUBSCRIPTION_ITEM]
routes = Routes()


@routes("POST /v1/subscription_items")
def create(call: Call) -> Document:
    """Add an item to a running subscription."""
    call, subscription = _running(call, call.params["subscription"])
    before = Before.of(call, subscription)
    item = add_item(call, subscription, new_price(call, call.params, ""), call.params, "")
    _conclude(call, subscription, before)
    return call.store.get(SUBSCRIPTION_ITEM.object, item["id"]) or item


@routes("GET /v1/subscription_items/{item}")
def retrieve(call: Call) -> Document:
    """Return one item."""
    item, _ = _item(call)
    return item


@routes("POST /v1/subscription_items/{item}")
def update(call: Call) -> Document:
    """Change quantity, price or metadata."""
    item, owner = _item(call)
    call, subscription = _running(call, owner)
    before = Before.of(call, subscription)
    change_item(call, subscription, item, call.params, "")
    _conclude(call, subscription, before)
    return call.store.get(SUBSCRIPTION_ITEM.object, item["id"]) or item


@routes("DELETE /v1/subscription_items/{item}")
def delete(call: Call) -> Document:
    """Remove an item from a running subscription."""
    item, owner = _item(call)
    call, subscription = _running(call, owner)
    before = Before.of(call, subscription)
    remove_item(call, subscription, item)
    _conclude(call, subscription, before)
    return {"id": item["id"], "object": SUBSCRIPTION_ITEM.object, "deleted": True}


@routes("GET /v1/subscription_items")
def index(call: Call) -> Document:
    """List a subscription's items, oldest first, unlike every other list."""
    subscription = call.named(SUBSCRIPTION, call.params["subscription"], "subscription")
    url = f"{call.url}?subscription={subscription['id']}"
    return page(call, items_of(call, subscription), noun=SUBSCRIPTION_ITEM.noun, url=url)


def _item(call: Call) -> tuple[Document, str]:
    """Return the item the address names, and the id of its subscription."""
    item = call.store.get(SUBSCRIPTION_ITEM.object, call.path["item"])
    if item is None:
        raise errors.no_such_item(call.path["item"])
    return item, str(item["subscription"])


def _running(call: Call, identifier: str) -> tuple[Call, Document]:
    """Return a subscription that has not ended, and the call at its time."""
    subscription = call.named(SUBSCRIPTION, identifier, "subscription", status=404)
    if subscription["status"] in ENDED:
        raise requests.no_such("subscription", identifier, param="subscription", status=404)
    return call.on_clock(subscription["test_clock"]), subscription


def _conclude(call: Call, subscription: Document, before: Before) -> None:
    refuse_unsupported(call, subscription)
    subscription, invoice = concluded(call, subscription, before)
    if invoice is not None:
        settle_change(call, subscription, invoice, before)
