"""What time does to a subscription: trials end, periods follow each other, announced ends come.

Each happens at its own moment, also when a clock is moved over many of them at once.
https://docs.stripe.com/billing/subscriptions/overview
"""

from __future__ import annotations

from typing import Any

from stripe_emulator.agenda import Tasks
from stripe_emulator.call import Call
from stripe_emulator.objects.invoices.advance import begin
from stripe_emulator.objects.invoices.make import bill
from stripe_emulator.objects.invoices.upcoming import announce_upcoming
from stripe_emulator.objects.subscriptions.end import end, expire, final_invoice
from stripe_emulator.objects.subscriptions.moments import (
    BEFORE_TRIAL_END,
    FIRST_PAYMENT,
    RENEWING,
    TIME,
    keep,
    upcoming_at,
)
from stripe_emulator.objects.subscriptions.paused import as_paused
from stripe_emulator.objects.subscriptions.payment import outcome_of
from stripe_emulator.objects.subscriptions.record import ENDED, SUBSCRIPTION, peek_items
from stripe_emulator.objects.subscriptions.renewal import next_periods

Document = dict[str, Any]

tasks = Tasks()


@tasks(TIME)
def pass_time(call: Call, identifier: str) -> None:
    """Do to a subscription what its moment brings."""
    subscription = call.store.get(SUBSCRIPTION.object, identifier)
    if subscription is not None and subscription["status"] not in ENDED:
        keep(call, _aged(call, _announced(call, subscription)))


def _announced(call: Call, subscription: Document) -> Document:
    """Tell about the end of a trial and the next invoice, each once."""
    if subscription["status"] == "trialing" and subscription["trial_end"] - BEFORE_TRIAL_END <= call.now:
        if subscription.get("_trial_end_told") != subscription["trial_end"]:
            call.announce("customer.subscription.trial_will_end", subscription)
        subscription["_trial_end_told"] = subscription["trial_end"]
    if subscription["status"] in RENEWING:
        items = peek_items(call, subscription)
        moment = upcoming_at(subscription, items)
        if moment is not None and moment <= call.now:
            subscription["_upcoming_told"] = min(int(item["current_period_end"]) for item in items)
            announce_upcoming(call, subscription)
    return subscription


def _aged(call: Call, subscription: Document) -> Document:
    if subscription["status"] == "incomplete":
        late = subscription["created"] + FIRST_PAYMENT <= call.now
        return expire(call, subscription) if late else subscription
    if subscription["cancel_at"] is not None and subscription["cancel_at"] <= call.now:
        return end(final_invoice(call, subscription), subscription["cancel_at"])
    if subscription["status"] == "trialing" and subscription["trial_end"] <= call.now:
        subscription = after_trial(call, subscription)
    return renewed(call, subscription) if subscription["status"] in RENEWING else subscription


def after_trial(call: Call, subscription: Document) -> Document:
    """Return the subscription as the end of its trial leaves it, before anything is billed."""
    charged = subscription["collection_method"] == "charge_automatically"
    behavior = subscription["trial_settings"]["end_behavior"]["missing_payment_method"]
    if charged and behavior != "create_invoice" and outcome_of(call, subscription) is None:
        if behavior == "cancel":
            return end(subscription, subscription["trial_end"])
        return as_paused(subscription, call.now, "trial_end_without_payment_method")
    return {**subscription, "status": "active"}


def renewed(call: Call, subscription: Document) -> Document:
    """Move every item whose period is over into the next one, and bill it: the invoice waits for about an hour."""
    start = next_periods(call, subscription)
    if start is not None:
        begin(call, bill(call, subscription, "subscription_cycle", period=(start, call.now)))
    return subscription
