"""Collecting an invoice: its customer's card is charged. https://docs.stripe.com/invoicing/automatic-collection."""

from __future__ import annotations

from typing import Any

from stripe_emulator.call import Call
from stripe_emulator.objects.invoices.finalize import paid
from stripe_emulator.objects.invoices.record import INVOICE
from stripe_emulator.objects.subscriptions.payment import outcome_of
from stripe_emulator.objects.subscriptions.status import after_payment

Document = dict[str, Any]

_ATTEMPT = {"succeeds": "succeeded", "requires_action": "requires_action"}


def collect(call: Call, invoice: Document, *, off_session: bool = True, method: str | None = None) -> Document:  # noqa: ARG001
    """Charge the card of an invoice, and return it saved: paid, or open with one attempt more."""
    outcome = _outcome(call, invoice, method)
    attempt = {"attempt_count": invoice["attempt_count"] + 1, "attempted": True}
    invoice = {**invoice, **attempt, "_attempt": _ATTEMPT.get(outcome or "", "failed")}
    if outcome == "succeeds":
        return paid(call, invoice, invoice["amount_remaining"])
    call.save(INVOICE, invoice)
    after_payment(call, invoice)
    return invoice


def _outcome(call: Call, invoice: Document, method: str | None) -> str | None:
    chosen = method or invoice["default_payment_method"]
    found = call.store.peek("payment_method", chosen) if chosen else None
    if found is not None:
        return str(found["_outcome"])
    subscription = call.store.peek("subscription", invoice["_subscription"] or "")
    return outcome_of(call, subscription or {"customer": invoice["customer"], "default_payment_method": None})
