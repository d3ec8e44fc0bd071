"""What time does to a subscription: trials end, periods follow each other, announced ends come.

Nothing runs in the background: a subscription is brought up to date when it is looked at.
"""

from __future__ import annotations

from typing import Any

from stripe_emulator.call import Call
from stripe_emulator.objects.subscriptions.end import end
from stripe_emulator.objects.subscriptions.payment import can_be_paid
from stripe_emulator.objects.subscriptions.period import period_at
from stripe_emulator.objects.subscriptions.record import (
    ENDED,
    SUBSCRIPTION,
    SUBSCRIPTION_ITEM,
    items_of,
    peek_items,
    price_of,
)

Document = dict[str, Any]

_FIRST_PAYMENT = 23 * 3600  # an incomplete subscription waits this long
_WITHOUT_METHOD = {"cancel": "canceled", "create_invoice": "past_due", "pause": "paused"}


def up_to_date(call: Call, subscription: Document) -> Document:
    """Return the subscription as it is now, and store it if it changed."""
    if subscription["status"] in ENDED:
        return subscription
    changed = _aged(call, subscription)
    if changed is subscription or changed == subscription:
        return subscription
    return call.save(SUBSCRIPTION, changed)


def _aged(call: Call, subscription: Document) -> Document:
    if subscription["status"] == "incomplete" and subscription["created"] + _FIRST_PAYMENT <= call.now:
        return end(subscription, subscription["created"] + _FIRST_PAYMENT, status="incomplete_expired")
    if subscription["cancel_at"] is not None and subscription["cancel_at"] <= call.now:
        return end(subscription, subscription["cancel_at"])
    if subscription["status"] == "trialing" and subscription["trial_end"] <= call.now:
        subscription = after_trial(call, subscription)
    if subscription["status"] in ("active", "past_due") and _renewed(call, subscription):
        paid = can_be_paid(call, subscription, items_of(call, subscription))
        return {**subscription, "status": subscription["status"] if paid else "past_due"}
    return subscription


def after_trial(call: Call, subscription: Document) -> Document:
    """Return the subscription as the end of its trial leaves it."""
    if can_be_paid(call, subscription, items_of(call, subscription)):
        return {**subscription, "status": "active"}
    behavior = subscription["trial_settings"]["end_behavior"]["missing_payment_method"]
    status = _WITHOUT_METHOD[behavior]
    if status == "canceled":
        return end(subscription, subscription["trial_end"])
    return {**subscription, "status": status}


def _renewed(call: Call, subscription: Document) -> bool:
    """Move every item whose period is over into the period of now."""
    over = [item for item in peek_items(call, subscription) if item["current_period_end"] <= call.now]
    for item in over:
        recurring = price_of(call, item)["recurring"]
        start, stop = period_at(subscription["billing_cycle_anchor"], recurring, call.now)
        call.save(SUBSCRIPTION_ITEM, {**item, "current_period_start": start, "current_period_end": stop})
    return bool(over)
