"""The ends of an invoice that is not paid: void, or given up.

https://docs.stripe.com/invoicing/integration/workflow-transitions
"""

from __future__ import annotations

from typing import Any

from stripe_emulator.call import Call
from stripe_emulator.objects.credits.apply import reinstate_credits
from stripe_emulator.objects.customers.balance import change_balance
from stripe_emulator.objects.customers.record import CUSTOMER
from stripe_emulator.objects.invoices.finalize import remind
from stripe_emulator.objects.invoices.record import INVOICE
from stripe_emulator.objects.payments.dunning import note_delinquent, stop
from stripe_emulator.objects.payments.invoice_intent import release
from stripe_emulator.objects.subscriptions.pending import discard
from stripe_emulator.objects.subscriptions.status import after_payment

Document = dict[str, Any]


def void(call: Call, invoice: Document) -> Document:
    """Take an invoice back, with what it took of the customer's balance."""
    _give_back(call, invoice)
    release(call, invoice, reason="void_invoice")
    discard(call, invoice)
    reinstate_credits(call, invoice)
    return _closed(call, invoice, "void", "voided_at")


def mark_uncollectible(call: Call, invoice: Document) -> Document:
    """Give an invoice up; it can still be paid."""
    stop(call, invoice)
    note_delinquent(call, invoice["customer"], delinquent=False)
    invoice = _closed(call, invoice, "uncollectible", "marked_uncollectible_at")
    after_payment(call, invoice)
    return invoice


def _closed(call: Call, invoice: Document, status: str, moment: str) -> Document:
    transitions = {**invoice["status_transitions"], moment: call.now}
    remind(call, invoice, None)
    ended = {"auto_advance": False, "next_payment_attempt": None, "status": status, "status_transitions": transitions}
    return call.save(INVOICE, {**invoice, **ended})


def _give_back(call: Call, invoice: Document) -> None:
    if invoice["ending_balance"] is None:
        return
    customer = call.store.get(CUSTOMER.object, invoice["customer"])
    used = invoice["ending_balance"] - invoice["starting_balance"]
    if customer is not None and used:
        currency, invoice_id = invoice["currency"], invoice["id"]
        change_balance(call, customer, -used, currency, reason="unapplied_from_invoice", invoice=invoice_id)
