"""Adding, changing and removing the items of a subscription: shared by both ways to do it."""

from __future__ import annotations

from typing import Any

from stripe_emulator.call import Call, merge_metadata
from stripe_emulator.errors import parameters
from stripe_emulator.errors import subscriptions as errors
from stripe_emulator.errors.requests import not_emulated
from stripe_emulator.objects.catalog.price import PRICE, create_price
from stripe_emulator.objects.subscriptions.discounts import set_item_discounts
from stripe_emulator.objects.subscriptions.period import period_at
from stripe_emulator.objects.subscriptions.record import SUBSCRIPTION_ITEM, items_of, price_of
from stripe_emulator.objects.subscriptions.removed import bill_removed
from stripe_emulator.objects.subscriptions.tax_rates import rates_of
from stripe_emulator.objects.subscriptions.thresholds import of_item

Document = dict[str, Any]

_MOST = 20
_NOT_EMULATED = ("current_trial",)


def named(prefix: str, name: str) -> str:
    """Return the name an error gives a parameter: alone, or inside `items[0]`."""
    return f"{prefix}[{name}]" if prefix else name


def new_price(call: Call, given: Document, prefix: str) -> Document:
    """Return the price an item asks for: active, recurring, by id or made on the spot."""
    _refuse_not_emulated(given, prefix)
    if "price_data" in given:
        return create_price(call, given["price_data"])
    param = named(prefix, "price")
    identifier = given.get("price") or given.get("plan")
    if identifier is None:
        raise parameters.missing(param)
    price = call.named(PRICE, identifier, param)
    if not price["active"]:
        raise errors.inactive_price(param)
    if price["type"] == "one_time":
        raise errors.one_time_price(param)
    return price


def add_item(call: Call, subscription: Document, price: Document, given: Document, prefix: str) -> Document:
    """Add an item to a subscription that has none at this price yet."""
    _refuse_foreign_currency(subscription, price)
    others = items_of(call, subscription)
    used = next((item for item in others if item["price"] == price["id"]), None)
    if used:
        raise errors.price_in_use(price["id"], used["id"])
    if len(others) >= _MOST:
        raise errors.too_many_items(_MOST)
    fields = {
        "billing_thresholds": of_item(price, given, named(prefix, "billing_thresholds")),
        "created": call.now,
        "discounts": [],
        "metadata": merge_metadata({}, given.get("metadata")),
        "price": price["id"],
        "quantity": _quantity(price, given, prefix),
        "subscription": subscription["id"],
        "tax_rates": rates_of(call, given.get("tax_rates"), named(prefix, "tax_rates")),
        "_used_from": call.now,
        **_period(call, subscription, price),
    }
    item = call.create(SUBSCRIPTION_ITEM, fields)
    subscription["_items"].append(item["id"])
    set_item_discounts(call, subscription, item, given, named(prefix, "discounts"))
    return item


def change_item(call: Call, subscription: Document, item: Document, given: Document, prefix: str) -> Document:
    """Change an item's quantity, price or metadata."""
    _refuse_not_emulated(given, prefix)
    old = price_of(call, item)
    asks = any(name in given for name in ("price", "plan", "price_data"))
    price = new_price(call, given, prefix) if asks and given.get("price", given.get("plan")) != old["id"] else old
    if price["id"] != old["id"]:
        item = _with_price(call, subscription, item, price)
    if "quantity" in given or price["id"] != old["id"]:
        item["quantity"] = _quantity(price, given, prefix)  # another price begins with one unless told otherwise
    if "metadata" in given:
        item["metadata"] = merge_metadata(item["metadata"], given["metadata"])
    if "billing_thresholds" in given:
        item["billing_thresholds"] = of_item(price, given, named(prefix, "billing_thresholds"))
    if "tax_rates" in given:
        item["tax_rates"] = rates_of(call, given["tax_rates"], named(prefix, "tax_rates"))
    set_item_discounts(call, subscription, item, given, named(prefix, "discounts"))
    return call.save(SUBSCRIPTION_ITEM, item)


def remove_item(call: Call, subscription: Document, item: Document) -> None:
    """Remove an item; the last one stays."""
    subscription["_items"].remove(item["id"])
    if not subscription["_items"]:
        raise errors.last_item()
    bill_removed(call, subscription, item)
    call.store.remove(SUBSCRIPTION_ITEM.object, item["id"])


def _refuse_not_emulated(given: Document, prefix: str) -> None:
    for name in _NOT_EMULATED:
        if given.get(name):
            raise not_emulated(named(prefix, name))


def _with_price(call: Call, subscription: Document, item: Document, price: Document) -> Document:
    _refuse_foreign_currency(subscription, price)
    for other in items_of(call, subscription):
        if other["price"] == price["id"]:
            raise errors.price_in_use(price["id"], other["id"])
    old = price_of(call, item)["recurring"]
    item = {**item, "price": price["id"]}
    if all(old[name] == price["recurring"][name] for name in ("interval", "interval_count")):
        return item
    if not in_trial(call, subscription):
        subscription["billing_cycle_anchor"] = call.now  # another interval starts a new period now
    return {**item, **_period(call, subscription, price)}


def _period(call: Call, subscription: Document, price: Document) -> Document:
    if in_trial(call, subscription):
        return {"current_period_start": call.now, "current_period_end": subscription["trial_end"]}
    start, end = period_at(subscription["billing_cycle_anchor"], price["recurring"], call.now)
    return {"current_period_start": max(start, subscription["start_date"]), "current_period_end": end}


def in_trial(call: Call, subscription: Document) -> bool:
    """Say whether the subscription's trial has not ended yet."""
    return subscription["trial_end"] is not None and int(subscription["trial_end"]) > call.now


def _quantity(price: Document, given: Document, prefix: str) -> int | None:
    if price["recurring"]["usage_type"] == "metered":
        if "quantity" in given:
            raise errors.metered_quantity(named(prefix, "quantity"))
        return None
    quantity = int(given.get("quantity", 1))
    if quantity < 0:
        raise parameters.invalid_non_negative(named(prefix, "quantity"))
    return quantity


def _refuse_foreign_currency(subscription: Document, price: Document) -> None:
    if subscription["currency"] not in price["currency_options"]:
        raise errors.other_currency(price["currency"], subscription["currency"])
