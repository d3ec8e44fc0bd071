"""From one period into the next: each item by its own interval, counted from the anchor.

https://docs.stripe.com/billing/subscriptions/billing-cycle
"""

from __future__ import annotations

from typing import Any

from stripe_emulator.call import Call
from stripe_emulator.objects.subscriptions.period import period_at
from stripe_emulator.objects.subscriptions.record import SUBSCRIPTION_ITEM, items_of, price_of

Document = dict[str, Any]


def next_periods(call: Call, subscription: Document) -> int | None:
    """Move every item whose period is over into the next one; return the earliest start of those that are over."""
    over = [item for item in items_of(call, subscription) if item["current_period_end"] <= call.now]
    for item in over:
        _next_period(call, subscription, item)
    return min((int(item["current_period_start"]) for item in over), default=None)


def _next_period(call: Call, subscription: Document, item: Document) -> None:
    """Move an item into the period that begins where its last one ends; up to when it was billed stays known."""
    begun, stopped = item["current_period_start"], item["current_period_end"]
    _, stop = period_at(subscription["billing_cycle_anchor"], price_of(call, item)["recurring"], stopped)
    known = {"_billed_until": item.get("_billed_until", stopped), "_used_from": item.get("_used_from", begun)}
    call.save(SUBSCRIPTION_ITEM, {**item, **known, "current_period_start": stopped, "current_period_end": stop})


def restart_periods(call: Call, subscription: Document, anchor: int, until: int | None = None) -> None:
    """Begin a new period of every item now, or one that lasts until a moment."""
    subscription["billing_cycle_anchor"] = anchor
    for item in items_of(call, subscription):
        end = until or period_at(anchor, price_of(call, item)["recurring"], call.now)[1]
        known = {"_used_from": item.get("_used_from", item["current_period_start"])}
        moved = {"current_period_start": call.now, "current_period_end": end, "_billed_until": call.now}
        call.save(SUBSCRIPTION_ITEM, {**item, **known, **moved})
