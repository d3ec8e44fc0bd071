"""The ledger of billing credits: what was granted, applied, given back, expired and voided, and what is left.

What is left of a grant stands beside it and changes with every booking.
https://docs.stripe.com/api/billing/credit-balance-transaction
"""

from __future__ import annotations

from typing import Any

from stripe_emulator.call import Call
from stripe_emulator.kinds import Kind
from stripe_emulator.objects.credits.allocation import Use

Document = dict[str, Any]


def _of_grant(before: Document | None, after: Document | None) -> list[str]:
    if after is None:
        return []
    return ["billing.credit_grant.created" if before is None else "billing.credit_grant.updated"]


def _of_transaction(before: Document | None, _after: Document | None) -> list[str]:
    return ["billing.credit_balance_transaction.created"] if before is None else []


CREDIT_GRANT = Kind(
    "billing.credit_grant",
    "credgr",
    "credit grant",
    expandable={"customer": "customer", "test_clock": "test_helpers.test_clock"},
    events=_of_grant,
)
TRANSACTION = Kind(
    "billing.credit_balance_transaction",
    "cbtxn",
    "credit balance transaction",
    expandable={
        "credit_grant": "billing.credit_grant",
        "credit.credits_application_invoice_voided.invoice": "invoice",
        "debit.credits_applied.invoice": "invoice",
        "test_clock": "test_helpers.test_clock",
    },
    events=_of_transaction,
)


def grants_of(call: Call, customer: str) -> list[Document]:
    """Return a customer's grants, oldest first; for reading only."""
    return call.store.where(CREDIT_GRANT.object, "customer", customer)


def peek_grant(call: Call, identifier: str) -> Document:
    """Return a grant as it is now; for reading only."""
    grant = call.store.peek(CREDIT_GRANT.object, identifier)
    if grant is None:
        message = f"credit grant {identifier} is missing from the data file"
        raise LookupError(message)
    return grant


def left(grant: Document) -> int:
    """Return what is left of a grant."""
    return int(grant["_left"])


def is_over(call: Call, grant: Document) -> bool:
    """Say whether a grant was voided or has expired."""
    return grant["voided_at"] is not None or (grant["expires_at"] is not None and grant["expires_at"] <= call.now)


def currency_of(grant: Document) -> str:
    """Return the currency of a grant."""
    return str(grant["amount"]["monetary"]["currency"])


def credit(call: Call, grant: Document) -> Document:
    """Book the credits of a new grant, and return it with them."""
    booked = {"credits_application_invoice_voided": None, "type": "credits_granted"}
    _book(call, grant, "credit", grant["amount"]["monetary"]["value"], booked, effective=grant["effective_at"])
    return peek_grant(call, grant["id"])


def debit_rest(call: Call, grant: Document, kind: str) -> Document:
    """Book out what is left of a grant, if anything is, and return the grant without it."""
    if left(grant) > 0:
        _book(call, grant, "debit", left(grant), {"credits_applied": None, "type": kind})
    return peek_grant(call, grant["id"])


def book_applied(call: Call, grant: Document, invoice: str, use: Use) -> Document:
    """Book what pays for a line of an invoice, and return the transaction."""
    line = {"invoice": invoice, "invoice_line_item": use.line}
    return _book(
        call, grant, "debit", use.amount, {"credits_applied": line, "type": "credits_applied"}, invoice=invoice
    )


def book_reinstated(call: Call, grant: Document, applied: Document) -> Document:
    """Book back what paid for a line of an invoice that is void now, and return the transaction."""
    line, kind = applied["debit"]["credits_applied"], "credits_application_invoice_voided"
    value = applied["debit"]["amount"]["monetary"]["value"]
    return _book(call, grant, "credit", value, {kind: line, "type": kind}, invoice=line["invoice"])


def _book(
    call: Call,
    grant: Document,
    side: str,
    value: int,
    booked: Document,
    *,
    effective: int | None = None,
    invoice: str | None = None,
) -> Document:
    """Book a credit or a debit, and keep what is left of the grant."""
    amount = {"monetary": {"currency": currency_of(grant), "value": value}, "type": "monetary"}
    fields = {
        "created": call.now,
        "credit": None,
        "credit_grant": grant["id"],
        "debit": None,
        "effective_at": call.now if effective is None else effective,
        "test_clock": grant["test_clock"],
        "type": side,
        side: {"amount": amount, **booked},
        "_customer": grant["customer"],
        "_invoice": invoice,
    }
    rest = left(grant) + (value if side == "credit" else -value)
    call.save(CREDIT_GRANT, {**grant, "_left": rest})
    return call.create(TRANSACTION, fields)
