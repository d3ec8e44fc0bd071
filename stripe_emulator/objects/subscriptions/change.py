"""Changes of a running subscription: its items, its trial, its announced end, how it is paid.

https://docs.stripe.com/billing/subscriptions/change-price
"""

from __future__ import annotations

from typing import Any

from stripe_emulator.call import Call
from stripe_emulator.errors import subscriptions as errors
from stripe_emulator.objects.invoices.make import bill_if_any
from stripe_emulator.objects.subscriptions.discounts import set_discounts
from stripe_emulator.objects.subscriptions.end import set_end
from stripe_emulator.objects.subscriptions.free import is_free
from stripe_emulator.objects.subscriptions.lines import add_item, change_item, in_trial, new_price, remove_item
from stripe_emulator.objects.subscriptions.moments import keep
from stripe_emulator.objects.subscriptions.once import add_once
from stripe_emulator.objects.subscriptions.paused import set_collection_pause
from stripe_emulator.objects.subscriptions.payment import require_attached
from stripe_emulator.objects.subscriptions.pending import refuse_unsupported
from stripe_emulator.objects.subscriptions.prorate import Before, is_moved, prorate
from stripe_emulator.objects.subscriptions.record import SUBSCRIPTION, SUBSCRIPTION_ITEM, items_of
from stripe_emulator.objects.subscriptions.renewal import restart_periods
from stripe_emulator.objects.subscriptions.settle import settle_change
from stripe_emulator.objects.subscriptions.tax_rates import rates_of
from stripe_emulator.objects.subscriptions.thresholds import set_thresholds
from stripe_emulator.objects.subscriptions.time import after_trial

Document = dict[str, Any]

_PLAIN = ("collection_method", "days_until_due", "description", "trial_settings")


def change(call: Call, subscription: Document) -> Document:
    """Return the subscription with everything the request asks for, stored and paid for as far as it goes."""
    refuse_unsupported(call, subscription)
    before = Before.of(call, subscription)
    subscription, invoice = concluded(call, changed(call, subscription), before)
    if invoice is not None:
        settle_change(call, subscription, invoice, before)
    return call.named(SUBSCRIPTION, subscription["id"], "id")


def changed(call: Call, subscription: Document) -> Document:
    """Return the subscription as the request wants it; nothing is billed yet."""
    params, was_free = call.params, is_free(call, subscription)
    subscription |= {name: params[name] for name in _PLAIN if name in params}
    subscription["payment_settings"] |= params.get("payment_settings", {})
    subscription["invoice_settings"] |= params.get("invoice_settings", {})
    set_collection_pause(call, subscription)
    if "default_payment_method" in params:
        _set_payment_method(call, subscription)
    if "default_tax_rates" in params:
        subscription["default_tax_rates"] = rates_of(call, params["default_tax_rates"], "default_tax_rates")
    _change_items(call, subscription, params.get("items", []))
    becomes = was_free != is_free(call, subscription) and not in_trial(call, subscription)
    if params.get("billing_cycle_anchor", {}).get("type") == "now" or becomes:
        restart_periods(call, subscription, call.now)
    if "trial_end" in params:
        subscription = _set_trial_end(call, subscription, params["trial_end"])
    set_discounts(call, subscription)
    set_thresholds(call, subscription)
    add_once(call, subscription, params.get("add_invoice_items"))
    set_end(call, subscription)
    return subscription


def concluded(call: Call, subscription: Document, before: Before) -> tuple[Document, Document | None]:
    """Store a changed subscription with its prorations, and the draft of an invoice if one is made at once."""
    behavior = call.params.get("proration_behavior", "create_prorations")
    moment = call.params.get("proration_date", call.now)
    prorate(call, subscription, before, moment, wanted=behavior != "none")
    keep(call, subscription)
    if _begins_period(call, subscription, before) or behavior == "always_invoice":
        return subscription, bill_if_any(call, subscription, "subscription_update")
    return subscription, None


def _begins_period(call: Call, subscription: Document, before: Before) -> bool:
    items = items_of(call, subscription)
    return any(is_moved(before.items[one["id"]], one) for one in items if one["id"] in before.items)


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


def _set_trial_end(call: Call, subscription: Document, trial_end: int | str) -> Document:
    if trial_end == "now":
        if subscription["status"] != "trialing":
            return subscription
        subscription["trial_end"] = call.now
        restart_periods(call, subscription, call.now)
        return after_trial(call, subscription)
    moment = int(trial_end)
    if moment <= call.now:
        raise errors.time_in_past("trial_end", moment)
    if subscription["status"] == "trialing":
        return _with_longer_trial(call, subscription, moment)
    subscription |= {"status": "trialing", "trial_start": call.now, "trial_end": moment}
    restart_periods(call, subscription, moment, until=moment)
    return subscription


def _with_longer_trial(call: Call, subscription: Document, moment: int) -> Document:
    subscription |= {"trial_end": moment, "billing_cycle_anchor": moment}
    for item in items_of(call, subscription):
        call.save(SUBSCRIPTION_ITEM, {**item, "current_period_end": moment})
    return subscription
