"""Subscriptions. https://docs.stripe.com/api/subscriptions."""

from __future__ import annotations

from typing import Any

from stripe_emulator.call import Call, merge_metadata
from stripe_emulator.errors import requests
from stripe_emulator.errors import subscriptions as errors
from stripe_emulator.long_lists import few, page_of
from stripe_emulator.objects.subscriptions.change import change
from stripe_emulator.objects.subscriptions.end import cancel
from stripe_emulator.objects.subscriptions.record import ENDED, SUBSCRIPTION, SUBSCRIPTION_ITEM, peek_items
from stripe_emulator.objects.subscriptions.start import start
from stripe_emulator.objects.subscriptions.time import tasks
from stripe_emulator.routing import Routes

Document = dict[str, Any]

KINDS = [SUBSCRIPTION]
routes = Routes()
__all__ = ["KINDS", "routes", "tasks"]

_ID = "subscription_exposed_id"
_NOT_EMULATED = (
    "application_fee_percent", "billing_schedules", "customer_account", "default_source", "on_behalf_of",
    "pending_invoice_item_interval", "transfer_data",
)  # fmt: skip
_NO_FILTERS = ("current_period_end", "current_period_start", "customer_account")


@routes("POST /v1/subscriptions")
def create(call: Call) -> Document:
    """Create a subscription."""
    _refuse_not_emulated(call)
    return start(call)


@routes("GET /v1/subscriptions/{subscription_exposed_id}")
def retrieve(call: Call) -> Document:
    """Return one subscription, also after its end."""
    return call.in_path(SUBSCRIPTION, _ID)


@routes("POST /v1/subscriptions/{subscription_exposed_id}")
def update(call: Call) -> Document:
    """Change a subscription; one that has ended keeps only its metadata and cancellation details changeable."""
    _refuse_not_emulated(call)
    subscription = call.in_path(SUBSCRIPTION, _ID)
    call = call.on_clock(subscription["test_clock"])
    if subscription["status"] in ENDED and set(call.params) - {"metadata", "cancellation_details"}:
        raise errors.canceled()
    if "metadata" in call.params:
        subscription["metadata"] = merge_metadata(subscription["metadata"], call.params["metadata"])
    subscription["cancellation_details"] |= call.params.get("cancellation_details", {})
    return call.save(SUBSCRIPTION, subscription) if subscription["status"] in ENDED else change(call, subscription)


@routes("POST /v1/subscriptions/{subscription}/migrate")
def migrate(call: Call) -> Document:
    """Move a subscription to the flexible billing mode, from which there is no way back."""
    subscription = call.in_path(SUBSCRIPTION, "subscription")
    flexible = {"proration_discounts": "included", **call.params["billing_mode"].get("flexible", {})}
    mode = {"flexible": flexible, "type": "flexible", "updated_at": call.on_clock(subscription["test_clock"]).now}
    return call.save(SUBSCRIPTION, {**subscription, "billing_mode": mode})


@routes("DELETE /v1/subscriptions/{subscription_exposed_id}")
def delete(call: Call) -> Document:
    """End a subscription now; a second time there is nothing left to end."""
    subscription = call.in_path(SUBSCRIPTION, _ID)
    if subscription["status"] in ENDED:
        raise requests.no_such("subscription", subscription["id"], param="id", status=404)
    return cancel(call.on_clock(subscription["test_clock"]), subscription, call.params)


@routes("GET /v1/subscriptions")
def index(call: Call) -> Document:
    """List subscriptions, newest first; those that are canceled only if asked for."""
    _refuse_not_emulated(call, _NO_FILTERS)
    return page_of(call, SUBSCRIPTION, lambda one: _looked_at(call, one), _among(call))


def _among(call: Call) -> set[str] | None:
    """Return every subscription that can be asked for, where that is known to be few."""
    rows, items = call.store.rows(SUBSCRIPTION.object), call.store.rows(SUBSCRIPTION_ITEM.object)
    if "customer" in call.params:
        mine = rows.with_value("customer", call.params["customer"])
        return mine if few(mine, rows) else None
    price = _price(call)
    found = set() if price is None else items.with_value("price", price)
    if price is None or not few(found, rows):
        return None
    return {str(items.documents[one]["subscription"]) for one in found}


def _looked_at(call: Call, subscription: Document) -> Document | None:
    """Return a subscription, if it is asked for."""
    for name in ("customer", "collection_method", "test_clock"):
        if name in call.params and subscription[name] != call.params[name]:
            return None
    price = _price(call)
    if price is not None and all(item["price"] != price for item in peek_items(call, subscription)):
        return None
    if subscription["test_clock"] is not None and not {"test_clock", "customer"} & set(call.params):
        return None  # what lives on a test clock is listed only where it is asked for
    return subscription if _has_status(subscription["status"], call.params.get("status")) else None


def _price(call: Call) -> str | None:
    return call.params.get("price") or call.params.get("plan")


def _has_status(status: str, wanted: str | None) -> bool:
    if wanted in ("all", "ended"):
        return wanted == "all" or status in ENDED
    return status != "canceled" if wanted is None else status == wanted


def _refuse_not_emulated(call: Call, names: tuple[str, ...] = _NOT_EMULATED) -> None:
    for name in names:
        if call.params.get(name):
            raise requests.not_emulated(name)
    if call.params.get("automatic_tax", {}).get("enabled"):
        raise requests.not_emulated("automatic_tax[enabled]")
