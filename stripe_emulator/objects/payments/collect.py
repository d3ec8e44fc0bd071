"""How an invoice is collected: attempts to pay it, and what follows from each.

https://docs.stripe.com/billing/invoices/workflow and https://docs.stripe.com/billing/subscriptions/overview
"""

from __future__ import annotations

from typing import Any

from stripe_emulator.call import Call
from stripe_emulator.errors import StripeError
from stripe_emulator.errors import subscriptions as errors
from stripe_emulator.objects.customers.record import in_time_of
from stripe_emulator.objects.invoices import finalize
from stripe_emulator.objects.invoices.record import INVOICE
from stripe_emulator.objects.payments import dunning
from stripe_emulator.objects.payments.attempt import without_method
from stripe_emulator.objects.payments.intents import confirm, refusal
from stripe_emulator.objects.payments.invoice_intent import current_intent, method_of, with_intent
from stripe_emulator.objects.payments.invoice_payment import close
from stripe_emulator.objects.subscriptions.moments import keep
from stripe_emulator.objects.subscriptions.record import SUBSCRIPTION
from stripe_emulator.objects.subscriptions.status import after_payment

Document = dict[str, Any]


def collect(call: Call, invoice: Document, *, off_session: bool = True, method: str | None = None) -> Document:
    """Try to pay an open invoice, by default with what the subscription or the customer pays with.

    A payment that fails is no error here: the invoice stays open, and says when it is tried again; `declined` says
    how a request is answered then.
    """
    call = in_time_of(call, invoice["customer"])
    invoice, intent = with_intent(call, invoice)
    if intent["status"] == "processing":
        return invoice
    chosen = method or method_of(call, invoice)
    if chosen is None:
        return _concluded(call, invoice, without_method(call, intent))
    return _concluded(call, invoice, confirm(call, intent, chosen, off_session=off_session))


def follow(call: Call, intent: Document) -> None:
    """Let an invoice follow when its intent was confirmed, authenticated or settled by somebody else."""
    invoice = call.store.get(INVOICE.object, intent["_invoice"] or "")
    waits = intent["status"] in ("requires_action", "requires_confirmation")
    if invoice is not None and invoice["status"] in ("open", "uncollectible") and not waits:
        _concluded(in_time_of(call, invoice["customer"]), invoice, intent)


def declined(call: Call, invoice: Document, *, keeps: bool) -> StripeError | None:
    """Return how Stripe answers a request whose attempt to pay this invoice failed, or None if it did not."""
    intent = current_intent(call, invoice)
    if invoice["status"] == "paid" or intent is None or intent["status"] == "processing":
        return None
    if intent["status"] == "requires_action":
        return errors.requires_action()
    return refusal(intent, keeps=keeps) if intent.get("_tried") else errors.no_payment_method()


def not_tried(call: Call, invoice: Document) -> Document:
    """Return an invoice whose turn came without anything new to pay with, saved: the next turn is planned."""
    return _patient(call, call.save(INVOICE, dunning.scheduled(call, invoice)))


def _concluded(call: Call, invoice: Document, intent: Document) -> Document:
    """Return the invoice as an attempt leaves it, saved, after everything that follows from it."""
    tried = {"attempted": True, "attempt_count": max(1, invoice["attempt_count"])}
    if intent["status"] == "succeeded":
        return _paid(call, {**invoice, **tried}, intent)
    if intent["status"] == "processing":
        return _under_way(call, call.save(INVOICE, {**invoice, **tried}))
    return _failed(call, {**invoice, **tried}, intent)


def _paid(call: Call, invoice: Document, intent: Document) -> Document:
    dunning.stop(call, invoice)
    close(call, intent, "paid", paid=intent["amount_received"])
    _remember_method(call, invoice, intent)
    dunning.note_delinquent(call, invoice["customer"], delinquent=False)
    return finalize.paid(call, invoice, intent["amount_received"])


def _under_way(call: Call, invoice: Document) -> Document:
    """A debit that is on its way is trusted: the subscription runs meanwhile."""
    subscription = call.store.get(SUBSCRIPTION.object, invoice["_subscription"] or "")
    if subscription is not None and subscription["status"] == "incomplete":
        keep(call, {**subscription, "status": "active"})
    return invoice


def _failed(call: Call, invoice: Document, intent: Document) -> Document:
    told = "requires_action" if intent["status"] == "requires_action" else "failed"
    invoice = dunning.scheduled(call, {**invoice, "_attempt": told, "_attempts": invoice.get("_attempts", 0) + 1})
    dunning.note_delinquent(call, invoice["customer"], delinquent=True)
    return _patient(call, call.save(INVOICE, invoice))


def _patient(call: Call, invoice: Document) -> Document:
    """Let the subscription follow, which ends with the last attempt if the account wants that."""
    after_payment(call, invoice)
    dunning.conclude(call, invoice)
    return call.store.get(INVOICE.object, invoice["id"]) or invoice


def _remember_method(call: Call, invoice: Document, intent: Document) -> None:
    """Let a subscription pay with what its payment succeeded with, if it is to remember that."""
    subscription = call.store.get(SUBSCRIPTION.object, invoice["_subscription"] or "")
    if subscription is None or not intent["payment_method"]:
        return
    if subscription["payment_settings"]["save_default_payment_method"] == "on_subscription":
        call.save(SUBSCRIPTION, {**subscription, "default_payment_method": intent["payment_method"]})
