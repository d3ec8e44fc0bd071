"""Changes of a running subscription: its items, its trial, its announced end, how it is paid."""

from __future__ import annotations

from typing import Any

from stripe_emulator.call import Call
from stripe_emulator.errors import subscriptions as errors
from stripe_emulator.objects.subscriptions.due import Before, collected
from stripe_emulator.objects.subscriptions.end import set_end
from stripe_emulator.objects.subscriptions.lines import add_item, change_item, new_price, remove_item
from stripe_emulator.objects.subscriptions.payment import require_attached
from stripe_emulator.objects.subscriptions.period import period_at
from stripe_emulator.objects.subscriptions.record import SUBSCRIPTION_ITEM, items_of, price_of
from stripe_emulator.objects.subscriptions.time import after_trial

Document = dict[str, Any]

_PLAIN = ("collection_method", "days_until_due", "description", "trial_settings")


def change(call: Call, subscription: Document) -> Document:
    """Return the subscription with everything the request asks for."""
    params, before = call.params, Before.of(call, subscription)
    subscription |= {name: params[name] for name in _PLAIN if name in params}
    subscription["payment_settings"] |= params.get("payment_settings", {})
    subscription["invoice_settings"] |= params.get("invoice_settings", {})
    if "pause_collection" in params:
        paused = params["pause_collection"]
        subscription["pause_collection"] = paused and {"resumes_at": None, **paused}
    if "default_payment_method" in params:
        _set_payment_method(call, subscription)
    _change_items(call, subscription, params.get("items", []))
    if params.get("billing_cycle_anchor", {}).get("type") == "now":
        _restart_periods(call, subscription, call.now)
    if "trial_end" in params:
        subscription = _set_trial_end(call, subscription, params["trial_end"])
    set_end(call, subscription)
    return collected(call, subscription, before)


def _set_payment_method(call: Call, subscription: Document) -> None:
    method = call.params["default_payment_method"]
    name = "default_payment_method"
    subscription[name] = require_attached(call, subscription["customer"], method, name)


def _change_items(call: Call, subscription: Document, items: list[Document]) -> None:
    # What leaves goes first, so that an item can take over its price; a new item keeps the last one leavable.
    order = sorted(range(len(items)), key=lambda index: (not _adds(items[index]), not items[index].get("deleted")))
    for index in order:
        _change_item(call, subscription, items[index], f"items[{index}]")


def _adds(given: Document) -> bool:
    return "id" not in given


def _change_item(call: Call, subscription: Document, given: Document, prefix: str) -> None:
    if _adds(given):
        add_item(call, subscription, new_price(call, given, prefix), given, prefix)
        return
    item = call.store.get(SUBSCRIPTION_ITEM.object, given["id"])
    if item is None or item["subscription"] != subscription["id"]:
        raise errors.no_such_item(given["id"])
    if given.get("deleted"):
        remove_item(call, subscription, item)
    else:
        change_item(call, subscription, item, given, prefix)


def _restart_periods(call: Call, subscription: Document, anchor: int) -> None:
    subscription["billing_cycle_anchor"] = anchor
    for item in items_of(call, subscription):
        start, end = period_at(anchor, price_of(call, item)["recurring"], call.now)
        call.save(SUBSCRIPTION_ITEM, {**item, "current_period_start": start, "current_period_end": end})


def _set_trial_end(call: Call, subscription: Document, trial_end: int | str) -> Document:
    if trial_end == "now":
        if subscription["status"] != "trialing":
            return subscription
        subscription["trial_end"] = call.now
        _restart_periods(call, subscription, call.now)
        return after_trial(call, subscription)
    moment = int(trial_end)
    if moment <= call.now:
        raise errors.time_in_past("trial_end", moment)
    begun = subscription["trial_start"] or call.now
    subscription |= {"status": "trialing", "trial_start": begun, "trial_end": moment, "billing_cycle_anchor": moment}
    for item in items_of(call, subscription):
        call.save(SUBSCRIPTION_ITEM, {**item, "current_period_end": moment})
    return subscription
