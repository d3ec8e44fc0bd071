"""Making an invoice of what a subscription owes and of what waits for the customer's next invoice.

https://docs.stripe.com/billing/invoices/subscription
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from stripe_emulator.call import Call
from stripe_emulator.errors import invoices as errors
from stripe_emulator.objects.discounts.once import attached_discounts, use_up
from stripe_emulator.objects.invoices.charged import note_charges
from stripe_emulator.objects.invoices.draft import blank
from stripe_emulator.objects.invoices.due import due_lines
from stripe_emulator.objects.invoices.line import of_invoice_item
from stripe_emulator.objects.invoices.record import INVOICE, INVOICE_ITEM
from stripe_emulator.objects.invoices.totals import summed
from stripe_emulator.objects.subscriptions.record import SUBSCRIPTION

Document = dict[str, Any]

HOUR = 3600
ADVANCE = "invoice.advance"
_LIMITS = ((60, 10, "minute"), (86400, 20, "day"))  # seconds, so many invoices of a subscription


def bill(
    call: Call,
    subscription: Document,
    reason: str,
    *,
    period: tuple[int, int] | None = None,
    usage_until: int | None = None,
) -> Document:
    """Store and return a draft of what is due and pending; the subscription (which is saved) names it as its latest."""
    invoice = _drafted(call, subscription, reason, period, usage_until)
    use_up(call, subscription, invoice)
    note_charges(call, invoice)
    subscription["latest_invoice"] = invoice["id"]
    call.save(SUBSCRIPTION, subscription)
    return call.save(INVOICE, invoice)


def bill_if_any(call: Call, subscription: Document, reason: str, *, usage_until: int | None = None) -> Document | None:
    """Bill what is due and pending; where nothing is, there is no invoice either."""
    trial = replace(call, store=call.store.scratch(), request_id=None)
    if not _drafted(trial, {**subscription}, reason, None, usage_until)["_lines"]:
        return None
    return bill(call, subscription, reason, usage_until=usage_until)


def _drafted(
    call: Call, subscription: Document, reason: str, period: tuple[int, int] | None, usage_until: int | None
) -> Document:
    _refuse_too_many(call, subscription)
    invoice = call.create(INVOICE, _fields(call, subscription, reason, period))
    pending = take_pending(call, invoice, subscription["id"])
    due = due_lines(call, subscription, usage_until=usage_until)
    return summed(call, {**invoice, "_lines": [*pending, *due]})


def is_wanted(call: Call, subscription: Document) -> bool:
    """Say whether anything waits for a subscription's next invoice."""
    return bool(pending_items(call, subscription["customer"], subscription["currency"], subscription["id"]))


def take_pending(call: Call, invoice: Document, subscription: str | None) -> list[Document]:
    """Put the items that wait for this invoice on it, and return their lines."""
    found = pending_items(call, invoice["customer"], invoice["currency"], subscription)
    for item in found:
        call.save(INVOICE_ITEM, {**item, "invoice": invoice["id"]})
    return [of_invoice_item(call, item) for item in found]


def pending_items(call: Call, customer: str, currency: str, subscription: str | None) -> list[Document]:
    """Return the items that wait: those of the subscription, and those that wait for any invoice."""
    return [
        item
        for item in call.store.where(INVOICE_ITEM.object, "customer", customer)
        if item["invoice"] is None and item["currency"] == currency and subscription_of(item) in (None, subscription)
    ]


def subscription_of(item: Document) -> str | None:
    """Return the subscription an invoice item is about."""
    details = (item["parent"] or {}).get("subscription_details") or {}
    return details.get("subscription")


def advance_later(call: Call, invoice: Document, moment: int | None) -> Document:
    """Let an invoice be finalized and collected at a moment."""
    call.due(ADVANCE, invoice["id"], moment, invoice["test_clock"])
    return call.save(INVOICE, {**invoice, "automatically_finalizes_at": moment})


def _fields(call: Call, subscription: Document, reason: str, period: tuple[int, int] | None) -> Document:
    customer = call.store.get("customer", subscription["customer"]) or {}
    details = {
        "metadata": dict(subscription["metadata"]),
        "subscription": subscription["id"],
        "subscription_proration_date": None,
    }
    start, end = period or (call.now, call.now)
    settings = subscription["invoice_settings"]
    return {
        **blank(call, customer, subscription["currency"], reason),
        "auto_advance": subscription["status"] != "unpaid",
        "collection_method": subscription["collection_method"],
        "custom_fields": settings["custom_fields"],
        "default_payment_method": None,
        "default_tax_rates": list(subscription["default_tax_rates"]),
        "description": settings["description"] or subscription["description"],
        "discounts": attached_discounts(call, subscription, customer),
        "footer": settings["footer"],
        "parent": {"quote_details": None, "subscription_details": details, "type": "subscription_details"},
        "period_end": end,
        "period_start": start,
        "_days_until_due": subscription["days_until_due"],
        "_subscription": subscription["id"],
    }


def _refuse_too_many(call: Call, subscription: Document) -> None:
    if call.request_id is None:  # time makes one at a time
        return
    made = [one["created"] for one in call.store.where(INVOICE.object, "_subscription", subscription["id"])]
    for seconds, most, name in _LIMITS:
        if sum(one > call.now - seconds for one in made) >= most:
            raise errors.too_many_invoices(most, name)
