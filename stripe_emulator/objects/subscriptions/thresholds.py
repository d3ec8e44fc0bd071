"""Billing thresholds: an invoice as soon as usage or its price reaches a bound, before the period is over.

https://docs.stripe.com/billing/subscriptions/usage-based/thresholds
"""

from __future__ import annotations

from typing import Any

from stripe_emulator.call import Call
from stripe_emulator.errors import invoices as errors
from stripe_emulator.objects.invoices.advance import begin
from stripe_emulator.objects.invoices.due import due_lines, used_from
from stripe_emulator.objects.invoices.make import bill
from stripe_emulator.objects.invoices.record import INVOICE
from stripe_emulator.objects.metering.usage import usage_of
from stripe_emulator.objects.subscriptions.moments import RENEWING, keep
from stripe_emulator.objects.subscriptions.prorate import credit_rest
from stripe_emulator.objects.subscriptions.record import SUBSCRIPTION, SUBSCRIPTION_ITEM, items_of, peek_items, price_of
from stripe_emulator.objects.subscriptions.renewal import restart_periods

Document = dict[str, Any]


def set_thresholds(call: Call, subscription: Document) -> None:
    """Take over a subscription's thresholds from a request; nothing clears them."""
    if "billing_thresholds" in call.params:
        given = call.params["billing_thresholds"]
        blank = {"amount_gte": None, "reset_billing_cycle_anchor": False}
        subscription["billing_thresholds"] = {**blank, **given} if given else None
    has_any = subscription["billing_thresholds"] or any(
        item["billing_thresholds"] for item in peek_items(call, subscription)
    )
    if has_any and subscription["status"] == "trialing":
        raise errors.in_trial("billing_thresholds")


def of_item(price: Document, given: Document, name: str) -> Document | None:
    """Return the threshold of an item."""
    wanted: Document | None = given.get("billing_thresholds")
    if wanted and price["recurring"]["usage_type"] != "metered":
        raise errors.threshold_on_licensed(name)
    return wanted or None


def usage_arrived(call: Call, meter: str, customer: str) -> None:
    """Make the invoices that new usage of a customer asks for; metering calls this after each event."""
    for subscription in call.store.where(SUBSCRIPTION.object, "customer", customer):
        if subscription["status"] in RENEWING and _uses(call, subscription, meter):
            current = call.store.get(SUBSCRIPTION.object, subscription["id"]) or subscription
            _check(call.on_clock(current["test_clock"]), current)


def _uses(call: Call, subscription: Document, meter: str) -> bool:
    items = peek_items(call, subscription)
    metered = any(price_of(call, item)["recurring"]["meter"] == meter for item in items)
    return metered and bool(subscription["billing_thresholds"] or any(item["billing_thresholds"] for item in items))


def _check(call: Call, subscription: Document) -> None:
    bounds = subscription["billing_thresholds"] or {"amount_gte": None, "reset_billing_cycle_anchor": False}
    reached = [item for item in items_of(call, subscription) if _is_reached(call, subscription, item)]
    amount = bounds["amount_gte"]
    over = amount is not None and _amount(call, subscription) >= amount
    if not reached and not over:
        return
    if bounds["reset_billing_cycle_anchor"]:
        for item in items_of(call, subscription):
            credit_rest(call, subscription, item, call.now)
        restart_periods(call, subscription, call.now)
    invoice = bill(call, subscription, "subscription_threshold", usage_until=call.now + 1)
    reason = {"amount_gte": amount if over else None, "item_reasons": _reasons(invoice, reached)}
    begin(call, call.save(INVOICE, {**invoice, "threshold_reason": reason}))
    keep(call, subscription)


def _is_reached(call: Call, subscription: Document, item: Document) -> bool:
    bound = item["billing_thresholds"]
    if not bound:
        return False
    meter = call.store.peek("billing.meter", price_of(call, item)["recurring"]["meter"])
    if meter is None:
        return False
    used = usage_of(call, meter, subscription["customer"], used_from(item), call.now + 1)
    return bool(used - item.get("_used_billed", 0) >= bound["usage_gte"])


def _amount(call: Call, subscription: Document) -> int:
    """Return what usage costs that was not billed yet; nothing is noted as billed by the question."""
    items = items_of(call, subscription)
    lines = due_lines(call, subscription, usage_until=call.now + 1)
    for item in items:
        call.save(SUBSCRIPTION_ITEM, item)
    return sum(int(line["amount"]) for line in lines)


def _reasons(invoice: Document, reached: list[Document]) -> list[Document]:
    found = []
    for item in reached:
        named = [
            line["id"]
            for line in invoice["_lines"]
            if ((line["parent"] or {}).get("subscription_item_details") or {}).get("subscription_item") == item["id"]
        ]
        found.append({"line_item_ids": named, "usage_gte": item["billing_thresholds"]["usage_gte"]})
    return found
