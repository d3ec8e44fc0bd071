"""Taking up a paused subscription. https://docs.stripe.com/billing/subscriptions/pause#resume-subscriptions."""

from __future__ import annotations

from typing import Any

from stripe_emulator.agenda import Tasks
from stripe_emulator.call import Call
from stripe_emulator.errors import subscriptions as errors
from stripe_emulator.kinds import Kind
from stripe_emulator.objects.invoices.close import void
from stripe_emulator.objects.invoices.due import billed_until
from stripe_emulator.objects.invoices.finalize import finalize
from stripe_emulator.objects.invoices.make import bill_if_any
from stripe_emulator.objects.invoices.record import INVOICE
from stripe_emulator.objects.payments.collect import collect
from stripe_emulator.objects.subscriptions.moments import FIRST_PAYMENT, keep
from stripe_emulator.objects.subscriptions.period import period_at
from stripe_emulator.objects.subscriptions.prorate import Before, prorate
from stripe_emulator.objects.subscriptions.record import SUBSCRIPTION, SUBSCRIPTION_ITEM, items_of, price_of
from stripe_emulator.objects.subscriptions.renewal import restart_periods
from stripe_emulator.routing import Routes

Document = dict[str, Any]

KINDS: list[Kind] = []
routes = Routes()
tasks = Tasks()

RESUMPTION = "subscription.resumption"


@routes("POST /v1/subscriptions/{subscription}/resume")
def resume(call: Call) -> Document:
    """Take up a paused subscription: its resumption is invoiced at once, and what is paid for that decides."""
    subscription = call.in_path(SUBSCRIPTION, "subscription")
    if subscription["status"] != "paused":
        raise errors.not_paused()
    if subscription["collection_method"] != "charge_automatically":
        raise errors.resume_needs_automatic_collection()
    call = call.on_clock(subscription["test_clock"])
    invoice = _invoiced(call, subscription)
    if invoice is not None:
        invoice = finalize(call, invoice)
    subscription = call.named(SUBSCRIPTION, subscription["id"], "subscription")
    if invoice is None or invoice["status"] == "paid":
        return keep(call, {**subscription, "status": "active", "status_details": None})
    if call.params.get("payment_behavior") == "resume_on_payment_success":
        call.due(RESUMPTION, subscription["id"], call.now + FIRST_PAYMENT, subscription["test_clock"])
        return keep(call, {**subscription, "_resumption": invoice["id"]})
    keep(call, {**subscription, "status": "active", "status_details": None})
    collect(call, invoice, off_session=False)
    return call.named(SUBSCRIPTION, subscription["id"], "subscription")


@tasks(RESUMPTION)
def give_up(call: Call, identifier: str) -> None:
    """Nobody has tried to pay for a resumption within 23 hours: its invoice is void, the pause goes on."""
    subscription = call.store.get(SUBSCRIPTION.object, identifier)
    if subscription is None or subscription["status"] != "paused":
        return
    invoice = call.store.get(INVOICE.object, subscription.get("_resumption") or "")
    if invoice is not None and invoice["status"] == "open" and not invoice["attempted"]:
        void(call, invoice)


def _invoiced(call: Call, subscription: Document) -> Document | None:
    """Return the draft of what resuming costs, if it costs anything now."""
    for item in items_of(call, subscription):
        if item["quantity"] is None:  # what was used during the pause is nobody's
            call.save(SUBSCRIPTION_ITEM, {**item, "_used_from": call.now, "_used_billed": 0})
    if call.params.get("billing_cycle_anchor", {}).get("type", "now") == "now":
        restart_periods(call, subscription, call.now)
        subscription["trial_end"] = subscription["trial_end"] and min(subscription["trial_end"], call.now)
        call.save(SUBSCRIPTION, subscription)
        return bill_if_any(call, subscription, "subscription_update")
    behavior = call.params.get("proration_behavior", "create_prorations")
    before = Before(subscription, _paid_for(call, subscription))
    prorate(call, subscription, before, call.params.get("proration_date", call.now), wanted=behavior != "none")
    return bill_if_any(call, subscription, "subscription_update") if behavior == "always_invoice" else None


def _paid_for(call: Call, subscription: Document) -> dict[str, Document]:
    """Move every item into the period of now, and return those that are paid for already."""
    paid = {}
    for item in items_of(call, subscription):
        recurring = price_of(call, item)["recurring"]
        start, end = period_at(subscription["billing_cycle_anchor"], recurring, call.now)
        moved = {**item, "current_period_start": start, "current_period_end": end}
        call.save(SUBSCRIPTION_ITEM, moved)
        if billed_until(item) >= end:
            paid[item["id"]] = moved
    return paid
