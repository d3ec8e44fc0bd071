"""Which status a subscription has after an invoice of its was paid, or was not.

https://docs.stripe.com/billing/subscriptions/overview#subscription-statuses
"""

from __future__ import annotations

from typing import Any

from stripe_emulator.call import Call
from stripe_emulator.objects.subscriptions.moments import keep
from stripe_emulator.objects.subscriptions.pending import applied, waits_for
from stripe_emulator.objects.subscriptions.record import ENDED

Document = dict[str, Any]


def after_payment(call: Call, invoice: Document) -> None:
    """Move the status of an invoice's subscription: to active when it is paid, to past due when an attempt failed."""
    subscription = call.store.get("subscription", invoice["_subscription"] or "")
    if subscription is None or subscription["status"] in ENDED:
        return
    subscription = applied(call, subscription, invoice)
    if waits_for(subscription, invoice):
        return  # the subscription goes on as if nobody had asked for the change
    status = status_after(subscription, invoice)
    if status != subscription["status"]:
        details = None if status == "active" else subscription.get("status_details")
        keep(call, {**subscription, "status": status, "status_details": details})


def status_after(subscription: Document, invoice: Document) -> str:
    """Return the status that follows; only the latest invoice says whether a subscription is paid."""
    status = str(subscription["status"])
    is_latest = subscription["latest_invoice"] == invoice["id"]
    if status == "paused":  # only the payment of its resumption takes it up
        resumed = subscription.get("_resumption") == invoice["id"] and invoice["status"] in ("paid", "uncollectible")
        return "active" if resumed else status
    if invoice["status"] == "paid":
        waits = status in ("incomplete", "past_due", "unpaid")
        return "active" if waits and (is_latest or status == "incomplete") else status
    is_late = invoice["attempted"] if invoice["collection_method"] == "charge_automatically" else _is_overdue(invoice)
    is_due = invoice["status"] == "open" and invoice["amount_due"] > 0
    return "past_due" if status == "active" and is_due and is_latest and is_late else status


def _is_overdue(invoice: Document) -> bool:
    return bool(invoice.get("_overdue_at"))
