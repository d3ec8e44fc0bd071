"""What becomes of the invoice that a new or changed subscription makes at once.

https://docs.stripe.com/billing/subscriptions/overview#payment-status
"""

from __future__ import annotations

from typing import Any

from stripe_emulator.call import Call
from stripe_emulator.errors import subscriptions as errors
from stripe_emulator.objects.invoices.advance import begin, send
from stripe_emulator.objects.invoices.finalize import finalize
from stripe_emulator.objects.payments.collect import collect, declined
from stripe_emulator.objects.subscriptions.moments import keep
from stripe_emulator.objects.subscriptions.payment import outcome_of
from stripe_emulator.objects.subscriptions.pending import postpone
from stripe_emulator.objects.subscriptions.prorate import Before
from stripe_emulator.objects.subscriptions.record import SUBSCRIPTION

Document = dict[str, Any]


def settle_first(call: Call, subscription: Document, invoice: Document) -> None:
    """Collect the first invoice, or leave the subscription incomplete, or refuse it, as the request says."""
    behavior = call.params.get("payment_behavior", "allow_incomplete")
    if not _is_due(invoice):
        finalize(call, invoice)
        return
    if invoice["collection_method"] == "send_invoice":
        send(call, finalize(call, invoice))
        return
    keep(call, {**subscription, "status": "incomplete"})
    if behavior != "default_incomplete" and outcome_of(call, subscription) is None:
        raise errors.no_payment_method()
    invoice = finalize(call, invoice)
    if behavior != "default_incomplete":
        _collected(call, invoice, behavior)


def settle_change(call: Call, subscription: Document, invoice: Document, before: Before) -> None:
    """Collect the invoice of a change; what is not paid leaves the subscription past due, or refuses the change."""
    behavior = call.params.get("payment_behavior", "allow_incomplete")
    if not _is_due(invoice):
        finalize(call, invoice)
        return
    if invoice["collection_method"] == "send_invoice":
        send(call, finalize(call, invoice))
        return
    if subscription["pause_collection"] is not None:
        begin(call, invoice)
        return
    invoice = finalize(call, invoice)
    if behavior != "default_incomplete":
        invoice = _collected(call, invoice, behavior)
        if behavior == "pending_if_incomplete" and invoice["status"] != "paid":
            postpone(call, before, invoice)
    elif subscription["status"] == "active":
        keep(call, {**call.named(SUBSCRIPTION, subscription["id"], "id"), "status": "past_due"})


def _is_due(invoice: Document) -> bool:
    return bool(invoice["amount_due"] > 0)


def _collected(call: Call, invoice: Document, behavior: str) -> Document:
    """Return an invoice after an attempt to pay; one that fails takes everything back where that was asked for."""
    invoice = collect(call, invoice, off_session=bool(call.params.get("off_session")))
    refused = declined(call, invoice, keeps=False)
    if behavior == "error_if_incomplete" and refused is not None:
        raise refused
    return invoice
