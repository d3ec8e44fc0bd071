"""Pausing a subscription, and taking it up again. https://docs.stripe.com/billing/subscriptions/pause."""

from __future__ import annotations

from typing import Any

from stripe_emulator.agenda import Tasks
from stripe_emulator.call import Call
from stripe_emulator.errors import subscriptions as errors
from stripe_emulator.kinds import Kind
from stripe_emulator.objects.invoices.advance import advance
from stripe_emulator.objects.invoices.make import bill_if_any
from stripe_emulator.objects.subscriptions.moments import keep
from stripe_emulator.objects.subscriptions.paused import COLLECT, as_paused
from stripe_emulator.objects.subscriptions.prorate import credit_rest
from stripe_emulator.objects.subscriptions.record import SUBSCRIPTION, SUBSCRIPTION_ITEM, items_of
from stripe_emulator.objects.subscriptions.removed import bill_removed
from stripe_emulator.routing import Routes

Document = dict[str, Any]

KINDS: list[Kind] = []
routes = Routes()
tasks = Tasks()

_CAN_BE_PAUSED = ("active", "past_due", "trialing")


@routes("POST /v1/subscriptions/{subscription}/pause")
def pause(call: Call) -> Document:
    """Pause: what was paid for the time ahead is given back, what was used is billed, unless that is not wanted."""
    subscription = call.in_path(SUBSCRIPTION, "subscription")
    if subscription["schedule"] is not None:
        raise errors.scheduled_cannot_be_paused()
    if subscription["status"] not in _CAN_BE_PAUSED:
        raise errors.cannot_be_paused(subscription["status"])
    call = call.on_clock(subscription["test_clock"])
    wanted = call.params.get("bill_for", {})
    back = wanted.get("unused_time_from", {}).get("type", "now")
    used = wanted.get("outstanding_usage_through", {}).get("type", "now")
    for item in items_of(call, subscription):
        _settle(call, subscription, item, back, used)
    if call.params.get("invoicing_behavior") == "invoice":
        invoice = bill_if_any(call, subscription, "subscription_update")
        if invoice is not None:
            advance(call, invoice)
            subscription = call.named(SUBSCRIPTION, subscription["id"], "subscription")
    for item in items_of(call, subscription):
        _leave(call, item, back)
    return keep(call, as_paused(subscription, call.now, "pause_requested"))


@tasks(COLLECT)
def collect_again(call: Call, identifier: str) -> None:
    """Collect the invoices of a subscription again, as was announced when that was paused."""
    subscription = call.store.get(SUBSCRIPTION.object, identifier)
    if subscription is not None and subscription["pause_collection"] is not None:
        keep(call, {**subscription, "pause_collection": None})


def _settle(call: Call, subscription: Document, item: Document, back: str, used: str) -> None:
    """Let what an item owes, and is owed, up to now wait for the next invoice."""
    if item["quantity"] is None:
        if used == "now":
            bill_removed(call, subscription, item)
        call.save(SUBSCRIPTION_ITEM, {**item, "_used_from": call.now, "_used_billed": 0})
    elif back != "none":
        credit_rest(call, subscription, item, _given_back_from(call, item, back))


def _leave(call: Call, item: Document, back: str) -> None:
    """Note up to when an item is paid for; what was given back is not."""
    if item["quantity"] is not None and back != "none":
        call.save(SUBSCRIPTION_ITEM, {**item, "_billed_until": _given_back_from(call, item, back)})


def _given_back_from(call: Call, item: Document, back: str) -> int:
    return int(item["current_period_start"]) if back == "item_current_period_start" else call.now
