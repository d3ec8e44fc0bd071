"""Billing credits on an invoice: they pay for metered lines, after discounts and before tax.

https://docs.stripe.com/billing/subscriptions/usage-based/billing-credits
"""

from __future__ import annotations

from typing import Any

from stripe_emulator.call import Call
from stripe_emulator.objects.credits.allocation import Charge
from stripe_emulator.objects.credits.apply import apply_credits, previewed
from stripe_emulator.objects.invoices.reductions import left

Document = dict[str, Any]


def with_credits(call: Call, invoice: Document) -> Document:
    """Return an invoice that is being finalized, with the credits booked that pay for its lines."""
    for one in apply_credits(call, invoice, _charges(invoice)):
        _add(invoice, one.use.line, one.use.amount, one.transaction)
    return invoice


def with_previewed_credits(call: Call, invoice: Document) -> Document:
    """Return an invoice with the credits that would pay for its lines; nothing is booked."""
    for one in previewed(call, invoice["customer"], invoice["currency"], _charges(invoice)):
        _add(invoice, one.line, one.amount, f"cbtxn_preview_{one.grant}")
    return invoice


def _charges(invoice: Document) -> list[Charge]:
    return [
        Charge(line["id"], line["pricing"]["price_details"]["price"], left(line))
        for line in invoice["_lines"]
        if line.get("_metered") and line["pricing"]
    ]


def _add(invoice: Document, line_id: str, amount: int, transaction: str) -> None:
    line = next(line for line in invoice["_lines"] if line["id"] == line_id)
    entry = {"amount": amount, "credit_balance_transaction": transaction, "type": "credit_balance_transaction"}
    line["pretax_credit_amounts"].append(entry)
