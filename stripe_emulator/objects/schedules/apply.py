"""A phase begins: the subscription is started as it says, or changed into it.

https://docs.stripe.com/billing/subscriptions/subscription-schedules#phases
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from stripe_emulator.call import Call
from stripe_emulator.objects.invoices.advance import begin
from stripe_emulator.objects.schedules.record import EXPIRING, PHASE, SCHEDULE
from stripe_emulator.objects.subscriptions.change import changed, concluded
from stripe_emulator.objects.subscriptions.moments import keep
from stripe_emulator.objects.subscriptions.prorate import Before
from stripe_emulator.objects.subscriptions.record import ENDED, SUBSCRIPTION, SUBSCRIPTION_ITEM, items_of
from stripe_emulator.objects.subscriptions.start import begun

Document = dict[str, Any]

_WEEK = 7 * 86400


def start_subscription(call: Call, schedule: Document) -> Document:
    """Start the subscription in the first phase; its first invoice waits for an hour, as a renewal's does."""
    phase = schedule["phases"][0]
    params = {
        **_settings(schedule, phase),
        "billing_mode": {"type": schedule["billing_mode"]["type"]},
        "customer": schedule["customer"],
        "items": [_asked(one) for one in phase["items"]],
        "metadata": phase["metadata"],
    }
    call, subscription, invoice = begun(replace(call, params=params))
    subscription = keep(call, {**subscription, "schedule": schedule["id"]})
    if invoice is not None:
        begin(call, {**invoice, "auto_advance": True})
    return entered(call, {**schedule, "subscription": subscription["id"], "status": "active"}, phase)


def change_subscription(call: Call, schedule: Document, phase: Document, behavior: str | None = None) -> Document:
    """Change the subscription into a phase, with prorations where the phase or the request wants them."""
    subscription = call.named(SUBSCRIPTION, schedule["subscription"], "subscription")
    if subscription["status"] in ENDED:
        return schedule
    items = items_of(call, subscription)
    params = _settings(schedule, phase)
    params |= {"items": _changes(items, phase), "proration_behavior": behavior or phase["proration_behavior"]}
    if phase["billing_cycle_anchor"] == "phase_start":
        params["billing_cycle_anchor"] = {"type": "now"}
    subscription["metadata"] = {**subscription["metadata"], **phase["metadata"]}
    inner = replace(call, params=params)
    before = Before.of(inner, subscription)
    subscription = changed(inner, subscription)
    _join_renewal(inner, subscription, items)
    _, invoice = concluded(inner, subscription, before)
    if invoice is not None:
        begin(inner, {**invoice, "auto_advance": True})
    return entered(call, schedule, phase)


def entered(call: Call, schedule: Document, phase: Document) -> Document:
    """Return a schedule saved in a phase, and let time come back at the phase's end."""
    clock, last = schedule["test_clock"], schedule["phases"][-1]["end_date"]
    call.due(PHASE, schedule["id"], phase["end_date"], clock, early=True)
    call.due(EXPIRING, schedule["id"], last - _WEEK if last - _WEEK > call.now else None, clock)
    bounds = {"start_date": phase["start_date"], "end_date": phase["end_date"]}
    return call.save(SCHEDULE, {**schedule, "current_phase": bounds})


def _settings(schedule: Document, phase: Document) -> Document:
    """Return what a phase says of the whole subscription, or the schedule for all of its phases."""
    general = schedule["default_settings"]
    method = phase["default_payment_method"] or general["default_payment_method"]
    collection = phase["collection_method"] or general["collection_method"]
    invoices = phase["invoice_settings"] or general["invoice_settings"] or {}
    given = {
        "add_invoice_items": phase["add_invoice_items"],
        "collection_method": collection,
        "days_until_due": invoices.get("days_until_due"),
        "default_payment_method": method,
        "default_tax_rates": phase["default_tax_rates"],
        "description": phase["description"] or general["description"],
        "trial_end": phase["trial_end"] if (phase["trial_end"] or 0) > phase["start_date"] else None,
    }
    return {"discounts": _named(phase["discounts"]), **{name: value for name, value in given.items() if value}}


def _asked(item: Document) -> Document:
    quantity = {} if item["quantity"] is None else {"quantity": item["quantity"]}
    more = {"discounts": _named(item["discounts"]), "metadata": item["metadata"], "tax_rates": item["tax_rates"]}
    return {"price": item["price"], **quantity, **{name: value for name, value in more.items() if value}}


def _named(discounts: list[Document]) -> list[Document]:
    return [{name: value for name, value in one.items() if value} for one in discounts]


def _changes(items: list[Document], phase: Document) -> list[Document]:
    """Return what makes a phase's items of those there are: of the same price first, then one for another."""
    asked = [_asked(one) for one in phase["items"]]
    same = {one["price"]: one["id"] for one in items}
    kept = {one["price"] for one in asked if one["price"] in same}
    free = [one["id"] for one in items if one["price"] not in kept]
    made = []
    for one in asked:
        identifier = same.get(one["price"]) or (free.pop(0) if free else None)
        made.append({"id": identifier, **one} if identifier else one)
    return [*made, *({"id": identifier, "deleted": True} for identifier in free)]


def _join_renewal(call: Call, subscription: Document, before: list[Document]) -> None:
    """Let an item that is added where a period ends begin with the next period, and be billed with it."""
    if not any(one["current_period_end"] == call.now for one in before):
        return
    old = {one["id"] for one in before}
    for item in items_of(call, subscription):
        if item["id"] not in old:
            ends = {"current_period_start": call.now, "current_period_end": call.now}
            call.save(SUBSCRIPTION_ITEM, {**item, **ends, "_billed_until": call.now, "_used_from": call.now})
