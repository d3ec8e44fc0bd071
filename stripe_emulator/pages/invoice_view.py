"""An invoice as values that its page shows."""

from __future__ import annotations

from typing import Any

from stripe_emulator.pages.money import date, money

Document = dict[str, Any]


def view(invoice: Document) -> Document:
    """Return what the page shows of an invoice."""
    currency = invoice["currency"]
    return {
        "invoice": invoice,
        "title": f"Invoice {invoice['number'] or ''}".strip(),
        "state": invoice["status"],
        "facts": _facts(invoice),
        "lines": [_line(one, currency) for one in invoice["_lines"]],
        "sums": [(text, money(amount, currency)) for text, amount in _sums(invoice) if amount],
        "total": money(invoice["total"], currency),
        "due": money(invoice["amount_remaining"], currency),
        "can_pay": invoice["status"] == "open" and invoice["amount_remaining"] > 0,
    }


def printed(invoice: Document) -> list[str]:
    """Return the invoice as lines of text."""
    shown = view(invoice)
    lines = [
        f"{one['quantity'] or ''} {one['text']} {one['period']}: {one['amount']}".strip() for one in shown["lines"]
    ]
    facts = [f"{text}: {value}" for text, value in shown["facts"]]
    sums = [f"{text}: {amount}" for text, amount in shown["sums"]]
    return [shown["title"], shown["state"], "", *facts, "", *lines, "", *sums, f"Amount due: {shown['due']}"]


def _facts(invoice: Document) -> list[tuple[str, str]]:
    known = (
        ("Billed to", invoice["customer_name"] or invoice["customer_email"]),
        ("Issued", date(invoice["effective_at"] or invoice["created"])),
        ("Due", invoice["due_date"] and date(invoice["due_date"])),
        ("Paid", _paid_at(invoice)),
        ("Subscription", invoice["_subscription"]),
    )
    return [(text, str(value)) for text, value in known if value]


def _paid_at(invoice: Document) -> str | None:
    moment = invoice["status_transitions"]["paid_at"]
    return date(moment) if moment else None


def _line(line: Document, currency: str) -> Document:
    start, end = line["period"]["start"], line["period"]["end"]
    return {
        "text": line["description"] or "",
        "period": f"{date(start)} – {date(end)}" if start != end else "",
        "quantity": line["quantity"],
        "amount": money(line["amount"], currency),
    }


def _sums(invoice: Document) -> list[tuple[str, int]]:
    """Return what stands between the lines and the total, and what was used of the customer's balance."""
    discounts = sum(int(one["amount"]) for one in invoice["total_discount_amounts"] or [])
    credits_ = sum(
        int(one["amount"])
        for one in invoice["total_pretax_credit_amounts"] or []
        if one.get("type") == "credit_balance_transaction"
    )
    taxes = sum(int(one["amount"]) for one in invoice["total_taxes"] or [])
    before = [("Subtotal", invoice["subtotal"]), ("Discounts", -discounts), ("Credits", -credits_), ("Tax", taxes)]
    balance = invoice["amount_due"] - invoice["total"] if invoice["total"] > 0 else 0
    return [*before, ("Total", invoice["total"]), ("Balance applied", balance), ("Paid", -invoice["amount_paid"])]
