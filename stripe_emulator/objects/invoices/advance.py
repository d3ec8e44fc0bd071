"""What becomes of an invoice by itself: finalized after about an hour, then charged, or sent.

https://docs.stripe.com/invoicing/integration/automatic-advancement-collection
"""

from __future__ import annotations

from typing import Any

from stripe_emulator.agenda import Tasks
from stripe_emulator.call import Call
from stripe_emulator.objects.invoices.close import mark_uncollectible, void
from stripe_emulator.objects.invoices.finalize import DUE_SOON, OVERDUE, finalize
from stripe_emulator.objects.invoices.make import ADVANCE, HOUR, advance_later
from stripe_emulator.objects.invoices.record import INVOICE
from stripe_emulator.objects.payments.collect import collect
from stripe_emulator.objects.payments.dunning import note_delinquent
from stripe_emulator.objects.subscriptions.status import after_payment

Document = dict[str, Any]

tasks = Tasks()


@tasks(ADVANCE)
def advance_by_time(call: Call, identifier: str) -> None:
    """Finalize a draft whose hour is over, and collect it."""
    invoice = call.store.get(INVOICE.object, identifier)
    if invoice is None or invoice["status"] not in ("draft", "open"):
        return
    if invoice["status"] == "draft":
        advance(call, invoice)
    elif invoice["attempt_count"] == 0:
        _collected(call, invoice)


@tasks(OVERDUE)
def overdue(call: Call, identifier: str) -> None:
    """Tell that an invoice was not paid in time."""
    invoice = call.store.get(INVOICE.object, identifier)
    if invoice is not None and invoice["status"] == "open":
        note_delinquent(call, invoice["customer"], delinquent=True)
        call.announce("invoice.overdue", invoice)
        after_payment(call, call.save(INVOICE, {**invoice, "_overdue_at": call.now}))


@tasks(DUE_SOON)
def due_soon(call: Call, identifier: str) -> None:
    """Remind that an invoice is not paid yet."""
    invoice = call.store.get(INVOICE.object, identifier)
    if invoice is not None and invoice["status"] == "open":
        call.announce("invoice.will_be_due", invoice)


def advance(call: Call, invoice: Document) -> Document:
    """Finalize a draft and collect or send it, unless its subscription's collection is paused."""
    invoice = finalize(call, invoice)
    return _collected(call, invoice) if invoice["status"] == "open" else invoice


def collect_later(call: Call, invoice: Document) -> Document:
    """Let an open invoice be collected within the hour."""
    call.due(ADVANCE, invoice["id"], call.now + HOUR, invoice["test_clock"])
    return call.save(INVOICE, {**invoice, "next_payment_attempt": _attempt_at(call, invoice)})


def _attempt_at(call: Call, invoice: Document) -> int | None:
    return call.now + HOUR if invoice["collection_method"] == "charge_automatically" else None


def _collected(call: Call, invoice: Document) -> Document:
    paused = _paused(call, invoice)
    if paused == "mark_uncollectible":
        return mark_uncollectible(call, invoice)
    if paused == "void":
        return void(call, invoice)
    if invoice["collection_method"] == "send_invoice":
        return send(call, invoice)
    return collect(call, invoice)


def send(call: Call, invoice: Document) -> Document:
    """Send an open invoice to its customer."""
    call.announce("invoice.sent", invoice)
    return invoice


def begin(call: Call, invoice: Document) -> Document:
    """Let a new draft wait for its hour, unless nobody is to advance it."""
    if not invoice["auto_advance"]:
        return invoice
    if _paused(call, invoice) == "keep_as_draft":
        return call.save(INVOICE, {**invoice, "auto_advance": False})
    return advance_later(call, invoice, call.now + HOUR)


def _paused(call: Call, invoice: Document) -> str | None:
    subscription = call.store.peek("subscription", invoice["_subscription"] or "")
    paused = subscription and subscription["pause_collection"]
    return paused["behavior"] if paused else None
