"""The next invoice of a subscription before there is one: what it would be if it were made now.

https://docs.stripe.com/api/invoices/create_preview
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from stripe_emulator.call import Call
from stripe_emulator.objects.invoices.make import bill
from stripe_emulator.objects.subscriptions.record import items_of
from stripe_emulator.objects.subscriptions.renewal import next_periods

Document = dict[str, Any]


def announce_upcoming(call: Call, subscription: Document) -> None:
    """Tell of the next invoice as it would be."""
    call.announce("invoice.upcoming", next_invoice(call, subscription))


def next_invoice(call: Call, subscription: Document) -> Document:
    """Return the invoice of the next renewal, with nothing of it stored."""
    trial = replace(call, store=call.store.scratch(), request_id=None)
    moment = min(int(item["current_period_end"]) for item in items_of(trial, subscription))
    return as_upcoming(cycle_at(trial, {**subscription}, moment))


def cycle_at(call: Call, subscription: Document, moment: int) -> Document:
    """Renew a subscription at a moment, and return the draft."""
    call = call.at(moment)
    start = next_periods(call, subscription)
    return bill(call, subscription, "subscription_cycle", period=(moment if start is None else start, moment))


def as_upcoming(invoice: Document) -> Document:
    """Return a draft as a preview shows it: under an id that nobody can ask for."""
    identifier = f"upcoming_{invoice['id']}"
    lines = [{**line, "invoice": identifier, "id": f"il_tmp_{line['id'][3:]}"} for line in invoice["_lines"]]
    return {**invoice, "id": identifier, "billing_reason": "upcoming", "auto_advance": False, "_lines": lines}
