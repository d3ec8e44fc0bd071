"""The ledger of billing credits: what was granted, expired and voided, and what is left of it.

Nothing runs in the background: grants that ended are booked out when somebody looks.
"""

from __future__ import annotations

from typing import Any

from stripe_emulator.call import Call
from stripe_emulator.kinds import Kind

Document = dict[str, Any]

CREDIT_GRANT = Kind("billing.credit_grant", "credgr", "credit grant", expandable={"customer": "customer"})
TRANSACTION = Kind(
    "billing.credit_balance_transaction",
    "cbtxn",
    "credit balance transaction",
    expandable={"credit_grant": "billing.credit_grant"},
)


def credit(call: Call, grant: Document) -> None:
    """Book the credits of a new grant."""
    amount = {"monetary": grant["amount"]["monetary"], "type": "monetary"}
    booked = {"credit": {"amount": amount, "credits_application_invoice_voided": None, "type": "credits_granted"}}
    _book(call, grant, {**booked, "debit": None, "type": "credit"}, moment=call.now, effective=grant["effective_at"])


def debit_rest(call: Call, grant: Document, kind: str, moment: int) -> None:
    """Book out what is left of a grant, if anything is."""
    rest = left(call, grant)
    if rest == 0:
        return
    amount = {"monetary": {"currency": currency_of(grant), "value": rest}, "type": "monetary"}
    booked = {"debit": {"amount": amount, "credits_applied": None, "type": kind}}
    _book(call, grant, {**booked, "credit": None, "type": "debit"}, moment=moment, effective=moment)


def left(call: Call, grant: Document) -> int:
    """Return what is left of a grant."""
    return sum(_signed(one) for one in call.store.all(TRANSACTION.object) if one["credit_grant"] == grant["id"])


def is_over(call: Call, grant: Document) -> bool:
    """Say whether a grant was voided or has expired."""
    return grant["voided_at"] is not None or _is_expired(call, grant)


def currency_of(grant: Document) -> str:
    """Return the currency of a grant."""
    return str(grant["amount"]["monetary"]["currency"])


def settle(call: Call) -> None:
    """Book out every grant that has expired since somebody last looked."""
    expired = [grant for grant in call.store.all(CREDIT_GRANT.object) if _is_expired(call, grant)]
    for grant in sorted(expired, key=lambda grant: int(grant["expires_at"])):
        debit_rest(call, grant, "credits_expired", grant["expires_at"])


def _is_expired(call: Call, grant: Document) -> bool:
    return grant["expires_at"] is not None and grant["expires_at"] <= call.now


def _signed(transaction: Document) -> int:
    booked = transaction["credit"] or transaction["debit"]
    value = int(booked["amount"]["monetary"]["value"])
    return value if transaction["type"] == "credit" else -value


def _book(call: Call, grant: Document, booked: Document, *, moment: int, effective: int) -> None:
    common = {"created": moment, "credit_grant": grant["id"], "effective_at": effective, "test_clock": None}
    call.create(TRANSACTION, {**common, **booked, "_customer": grant["customer"]})
