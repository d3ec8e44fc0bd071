"""When time next does something to a subscription; kept with it, so that it happens at its own moment.

https://docs.stripe.com/billing/subscriptions/overview
"""

from __future__ import annotations

from typing import Any

from stripe_emulator.agenda import DUE, key_of
from stripe_emulator.call import Call
from stripe_emulator.objects.schedules.record import close_with_subscription
from stripe_emulator.objects.subscriptions.period import DAY
from stripe_emulator.objects.subscriptions.record import ENDED, SUBSCRIPTION, peek_items

Document = dict[str, Any]

TIME = "subscription.time"
FIRST_PAYMENT = 23 * 3600  # an incomplete subscription waits this long
BEFORE_TRIAL_END = 3 * DAY
BEFORE_RENEWAL = 7 * DAY
RENEWING = ("active", "past_due", "unpaid")


def keep(call: Call, subscription: Document) -> Document:
    """Store a subscription, and let time come back to it: whoever changes one stores it with this."""
    call.save(SUBSCRIPTION, subscription)
    if subscription["status"] in ENDED:
        close_with_subscription(call, subscription)
    moment, clock = next_moment(subscription, peek_items(call, subscription)), subscription["test_clock"]
    entry = call.store.peek(DUE, key_of(TIME, subscription["id"]))
    if entry is None or (entry["at"], entry["clock"]) != (moment, clock):
        call.due(TIME, subscription["id"], moment, clock)
    return subscription


def next_moment(subscription: Document, items: list[Document]) -> int | None:
    """Return when a subscription next ends, renews, leaves its trial, or is told to be about to; None: never."""
    status = subscription["status"]
    if status in ENDED:
        return None
    moments: list[int] = []
    if status == "incomplete":
        moments.append(subscription["created"] + FIRST_PAYMENT)
    if subscription["cancel_at"] is not None:
        moments.append(subscription["cancel_at"])
    if status == "trialing":
        moments += _of_trial(subscription)
    elif status in RENEWING and items:
        moments += _of_period(subscription, items)
    return min(moments, default=None)


def _of_trial(subscription: Document) -> list[int]:
    end = int(subscription["trial_end"])
    told = subscription.get("_trial_end_told") == end
    return [end] if told else [end, max(end - BEFORE_TRIAL_END, subscription["trial_start"] or 0)]


def _of_period(subscription: Document, items: list[Document]) -> list[int]:
    end = min(int(item["current_period_end"]) for item in items)
    return [end] if upcoming_at(subscription, items) is None else [end, end - BEFORE_RENEWAL]


def upcoming_at(subscription: Document, items: list[Document]) -> int | None:
    """Return when the next invoice is announced; a period as short as a week has no such moment."""
    end = min(int(item["current_period_end"]) for item in items)
    start = min(int(item["current_period_start"]) for item in items if item["current_period_end"] == end)
    is_told = subscription.get("_upcoming_told", 0) >= end
    return None if is_told or end - start <= BEFORE_RENEWAL else end - BEFORE_RENEWAL
