"""The end of a subscription, asked for, due, or because its customer is gone.

https://docs.stripe.com/billing/subscriptions/cancel
"""

from __future__ import annotations

from typing import Any

from stripe_emulator.call import Call
from stripe_emulator.errors import parameters
from stripe_emulator.errors import subscriptions as errors
from stripe_emulator.objects.invoices.advance import advance, begin
from stripe_emulator.objects.invoices.close import void
from stripe_emulator.objects.invoices.due import due_lines
from stripe_emulator.objects.invoices.make import bill, is_wanted
from stripe_emulator.objects.invoices.record import INVOICE
from stripe_emulator.objects.subscriptions.moments import keep
from stripe_emulator.objects.subscriptions.prorate import credit_rest
from stripe_emulator.objects.subscriptions.record import ENDED, SUBSCRIPTION, items_of

Document = dict[str, Any]


def end(subscription: Document, moment: int, *, status: str = "canceled") -> Document:
    """Return the subscription as it is after its end."""
    canceled_at = subscription["canceled_at"] or moment
    return {**subscription, "status": status, "ended_at": moment, "canceled_at": canceled_at}


def expire(call: Call, subscription: Document) -> Document:
    """Return a subscription whose first payment did not come; its open invoice is void."""
    invoice = call.store.get(INVOICE.object, subscription["latest_invoice"] or "")
    if invoice is not None and invoice["status"] == "open":
        void(call, invoice)
    return end(subscription, call.now, status="incomplete_expired")


def cancel(call: Call, subscription: Document, params: Document) -> Document:
    """End a subscription now because someone asked for it, with a last invoice if that is wanted."""
    details = params.get("cancellation_details", {})
    reason = {**subscription["cancellation_details"], **details, "reason": "cancellation_requested"}
    subscription = {**subscription, "canceled_at": call.now, "cancellation_details": reason}
    if params.get("prorate"):
        for item in items_of(call, subscription):
            credit_rest(call, subscription, item, call.now)
    if params.get("invoice_now"):
        subscription = _invoiced(call, subscription)
    return keep(call, end(subscription, call.now))


def _invoiced(call: Call, subscription: Document) -> Document:
    """Bill usage up to now and what is pending; nothing to bill makes no invoice."""
    if _has_something(call, subscription):
        invoice = bill(call, subscription, "subscription_update", usage_until=call.now)
        advance(call, invoice)
    return subscription


def final_invoice(call: Call, subscription: Document) -> Document:
    """Bill, at an announced end, the usage of the last period and what is pending.

    What the end cuts off a period that was paid for is credited, unless `proration_behavior` was none with it.
    """
    cut_off(call, subscription)
    if _has_something(call, subscription):
        start = min(int(item["current_period_start"]) for item in items_of(call, subscription))
        invoice = bill(call, subscription, "subscription_cycle", period=(start, call.now), usage_until=call.now)
        begin(call, invoice)
    return subscription


def cut_off(call: Call, subscription: Document) -> None:
    """Credit the rest of a period that a dated end leaves over."""
    if subscription.get("_prorates_end"):
        for item in items_of(call, subscription):
            credit_rest(call, subscription, item, call.now)


def _has_something(call: Call, subscription: Document) -> bool:
    if is_wanted(call, subscription):
        return True
    items = items_of(call, subscription)
    found = any(line["quantity"] for line in due_lines(call, subscription, usage_until=call.now))
    for item in items:  # that was only a look
        call.store.put("subscription_item", item["id"], item)
    return found


def end_subscriptions_of(call: Call, customer: str) -> None:
    """End every subscription of a customer."""
    for subscription in call.store.where(SUBSCRIPTION.object, "customer", customer):
        if subscription["status"] not in ENDED:
            cancel(call, subscription, {})


def set_end(call: Call, subscription: Document) -> None:
    """Announce the end a request asks for, or take an announced one back."""
    params = call.params
    if "cancel_at" in params and "cancel_at_period_end" in params:
        raise parameters.exclusive(["cancel_at", "cancel_at_period_end"], "cancel_at")
    if params.get("cancel_at_period_end"):
        _announce_end(call, subscription, _last_end(call, subscription), at_period_end=True)
    elif params.get("cancel_at"):
        _announce_end(call, subscription, _moment(call, subscription, params["cancel_at"]), at_period_end=False)
        subscription["_prorates_end"] = params.get("proration_behavior") != "none"
    elif "cancel_at" in params or "cancel_at_period_end" in params:
        subscription |= {"cancel_at": None, "cancel_at_period_end": False, "canceled_at": None}
        subscription["cancellation_details"]["reason"] = None


def _moment(call: Call, subscription: Document, cancel_at: int | str) -> int:
    ends = [int(item["current_period_end"]) for item in items_of(call, subscription)]
    if isinstance(cancel_at, str):
        return min(ends) if cancel_at == "min_period_end" else max(ends)
    if cancel_at <= call.now:
        raise errors.time_in_past("cancel_at", cancel_at)
    return cancel_at


def _last_end(call: Call, subscription: Document) -> int:
    return max(int(item["current_period_end"]) for item in items_of(call, subscription))


def _announce_end(call: Call, subscription: Document, moment: int, *, at_period_end: bool) -> None:
    subscription |= {"cancel_at": moment, "cancel_at_period_end": at_period_end, "canceled_at": call.now}
    subscription["cancellation_details"]["reason"] = "cancellation_requested"
