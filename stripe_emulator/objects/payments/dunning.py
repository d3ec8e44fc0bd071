"""What follows when an invoice was not paid: further attempts on certain days, and the end of patience.

https://docs.stripe.com/billing/revenue-recovery/smart-retries and
https://docs.stripe.com/billing/subscriptions/overview#subscription-statuses
"""

from __future__ import annotations

from typing import Any

from stripe_emulator.agenda import DUE, key_of
from stripe_emulator.call import Call
from stripe_emulator.objects.customers.record import CUSTOMER
from stripe_emulator.objects.invoices.record import INVOICE
from stripe_emulator.objects.payments.billing_settings import billing_settings
from stripe_emulator.objects.subscriptions.moments import keep
from stripe_emulator.objects.subscriptions.record import ENDED, SUBSCRIPTION

Document = dict[str, Any]

RETRY = "invoice.retry"
_DAY = 86400


def scheduled(call: Call, invoice: Document) -> Document:
    """Return an invoice that was not paid, with the moment of the next attempt, if there is to be one.

    An attempt that somebody makes by hand does not move what is already planned.
    """
    if not _is_retried(call, invoice):
        return _without_retry(call, invoice)
    planned = call.store.peek(DUE, key_of(RETRY, invoice["id"]))
    if planned is not None:
        return {**invoice, "next_payment_attempt": planned["at"]}
    days, tried = billing_settings(call).retry_days, invoice["attempt_count"]
    if tried > len(days):
        return {**_without_retry(call, invoice), "_patience_is_over": True}
    moment = call.now + days[tried - 1] * _DAY
    call.due(RETRY, invoice["id"], moment, invoice["test_clock"])
    return {**invoice, "next_payment_attempt": moment}


def stop(call: Call, invoice: Document) -> None:
    """Plan no further attempts."""
    call.due(RETRY, invoice["id"], None)


def conclude(call: Call, invoice: Document) -> None:
    """Do to the subscription what the account has chosen for the time after the last attempt."""
    subscription = call.store.get(SUBSCRIPTION.object, invoice["_subscription"] or "")
    if not invoice.get("_patience_is_over") or subscription is None or subscription["status"] in ENDED:
        return
    chosen = billing_settings(call).after_retries
    if chosen == "cancel":
        _cancel(call, subscription)
        call.save(INVOICE, {**invoice, "auto_advance": False})
    elif chosen == "unpaid":
        keep(call, {**subscription, "status": "unpaid"})


def note_delinquent(call: Call, customer: str, *, delinquent: bool) -> None:
    """Note with the customer how the last invoice ended: paid, or not paid in time."""
    found = call.store.get(CUSTOMER.object, customer)
    if found is not None and found["delinquent"] != delinquent:
        call.save(CUSTOMER, {**found, "delinquent": delinquent})


def _cancel(call: Call, subscription: Document) -> None:
    details = {**subscription["cancellation_details"], "reason": "payment_failed"}
    ended = {"status": "canceled", "ended_at": call.now, "canceled_at": subscription["canceled_at"] or call.now}
    keep(call, {**subscription, **ended, "cancellation_details": details})


def _without_retry(call: Call, invoice: Document) -> Document:
    stop(call, invoice)
    return {**invoice, "next_payment_attempt": None}


def _is_retried(call: Call, invoice: Document) -> bool:
    """Say whether Stripe itself tries again: no invoice that is sent, nor a subscription's very first."""
    subscription = call.store.peek(SUBSCRIPTION.object, invoice["_subscription"] or "")
    waits = subscription is not None and subscription["status"] in ("incomplete", *ENDED)
    return bool(invoice["auto_advance"]) and invoice["collection_method"] == "charge_automatically" and not waits
