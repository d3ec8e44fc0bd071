"""Credits on invoices: what could be spent, what an invoice takes when it is finalized and gives back when voided.

An invoice hands in its lines as `Charge`s, after discounts and before tax, with a call in the time of its customer:

    uses = previewed(call, customer, currency, charges)      # of a draft or a preview: nothing is booked
    applied = apply_credits(call, invoice, charges)          # at finalization: booked, with the ids of the transactions
    reinstate_credits(call, invoice)                         # when the invoice is voided

Lines of prices that are not metered are left alone. https://docs.stripe.com/billing/subscriptions/usage-based/billing-credits
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from stripe_emulator.call import Call
from stripe_emulator.objects.credits.allocation import Charge, Credit, Rank, Use, allocate
from stripe_emulator.objects.credits.ledger import (
    TRANSACTION,
    book_applied,
    book_reinstated,
    currency_of,
    debit_rest,
    grants_of,
    is_over,
    left,
    peek_grant,
)

Document = dict[str, Any]


@dataclass(frozen=True)
class Applied:
    """A use of credits that was booked."""

    use: Use
    transaction: str
    """The id of the credit balance transaction, for `pretax_credit_amounts`."""


def credits_of(call: Call, customer: str, currency: str) -> list[Credit]:
    """Return the credits a customer could spend now: effective, not over, of this currency."""
    grants = [grant for grant in grants_of(call, customer) if currency_of(grant) == currency]
    return [
        Credit(grant["id"], left(grant), _prices(grant), _rank(grant))
        for grant in grants
        if grant["effective_at"] <= call.now and not is_over(call, grant) and left(grant) > 0
    ]


def previewed(call: Call, customer: str, currency: str, charges: Sequence[Charge]) -> list[Use]:
    """Return which credits would pay for which lines, were they billed now."""
    return allocate(credits_of(call, customer, currency), [one for one in charges if _is_metered(call, one.price)])


def apply_credits(call: Call, invoice: Document, charges: Sequence[Charge]) -> list[Applied]:
    """Pay for the lines of an invoice that is being finalized, as far as the credits of its customer reach."""
    uses = previewed(call, invoice["customer"], invoice["currency"], charges)
    return [Applied(use, book_applied(call, peek_grant(call, use.grant), invoice["id"], use)["id"]) for use in uses]


def reinstate_credits(call: Call, invoice: Document) -> None:
    """Give back what a voided invoice was paid with; what has expired meanwhile expires again at once."""
    applied = [one for one in call.store.where(TRANSACTION.object, "_invoice", invoice["id"]) if one["debit"]]
    for transaction in applied:
        book_reinstated(call, peek_grant(call, transaction["credit_grant"]), transaction)
    for identifier in dict.fromkeys(one["credit_grant"] for one in applied):
        grant = peek_grant(call, identifier)
        if is_over(call, grant):
            debit_rest(call, grant, "credits_expired" if grant["voided_at"] is None else "credits_voided")


def _is_metered(call: Call, price: str) -> bool:
    recurring = (call.store.peek("price", price) or {}).get("recurring") or {}
    return bool(recurring.get("usage_type") == "metered" and recurring.get("meter"))


def _prices(grant: Document) -> frozenset[str] | None:
    scope = grant["applicability_config"]["scope"]
    return None if "price_type" in scope else frozenset(one["id"] for one in scope["prices"])


def _rank(grant: Document) -> Rank:
    end = (grant["expires_at"] is None, grant["expires_at"] or 0)
    return grant["priority"], end, grant["category"] != "promotional", grant["effective_at"], grant["created"]
