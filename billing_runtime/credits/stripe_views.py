"""What is told of Stripe's own credits. Amounts in whole minor units, times aware and in UTC."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from billing_runtime.clock import from_unix, time_of

if TYPE_CHECKING:
    from collections.abc import Mapping

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class StripeGrant:
    """Money that a customer may spend on usage (https://docs.stripe.com/api/billing/credit-grant/object).

    `prices` are the prices it pays for, by name or, if the catalog no longer sells one, by id; None: everything that is
    metered. `idempotency_key` is the key it was made under, None for one that was made elsewhere.
    """

    id: str
    customer_id: str
    amount: int
    currency: str
    category: str
    priority: int
    prices: tuple[str, ...] | None
    name: str | None
    effective_at: datetime | None
    expires_at: datetime | None
    voided_at: datetime | None
    created_at: datetime
    idempotency_key: str | None


@dataclass(frozen=True, slots=True)
class StripeBalance:
    """What is left in one currency: `available` may be spent now, `ledger` has what is on its way as well."""

    currency: str
    available: int
    ledger: int


@dataclass(frozen=True, slots=True)
class StripeCreditTransaction:
    """One booking on a grant: `amount` is added, or taken off if it is below 0.

    `kind`: credits_granted, credits_applied (to `invoice_id`), credits_application_invoice_voided (back from it),
    credits_expired, credits_voided (https://docs.stripe.com/api/billing/credit-balance-transaction/object).
    """

    id: str
    grant_id: str
    kind: str
    amount: int
    currency: str
    invoice_id: str | None
    effective_at: datetime
    created_at: datetime


def grant_of(body: Json, names: Mapping[str | None, str], key: str) -> StripeGrant:
    """The grant in an answer; `names` are the prices of the manifest by id, `key` the mark of the idempotency key."""
    money, scope = body["amount"]["monetary"], body["applicability_config"]["scope"]
    prices = [one["id"] for one in scope.get("prices") or ()]
    return StripeGrant(
        body["id"],
        body["customer"],
        money["value"],
        money["currency"],
        body["category"],
        body["priority"],
        tuple(names.get(price, price) for price in prices) if prices else None,
        body.get("name"),
        from_unix(body.get("effective_at")),
        from_unix(body.get("expires_at")),
        from_unix(body.get("voided_at")),
        time_of(body["created"]),
        (body.get("metadata") or {}).get(key),
    )


def balances_of(body: Json) -> tuple[StripeBalance, ...]:
    """The balances in a summary, by currency."""
    found = []
    for one in body["balances"]:
        available, ledger = one["available_balance"]["monetary"], one["ledger_balance"]["monetary"]
        found.append(StripeBalance(available["currency"], available["value"], ledger["value"]))
    return tuple(sorted(found, key=lambda balance: balance.currency))


def transaction_of(body: Json) -> StripeCreditTransaction:
    """The booking in an answer."""
    side = body["type"]
    booked = body[side]
    money, kind = booked["amount"]["monetary"], booked["type"]
    line = booked.get(kind) or {}
    return StripeCreditTransaction(
        body["id"],
        body["credit_grant"],
        kind,
        money["value"] if side == "credit" else -money["value"],
        money["currency"],
        line.get("invoice"),
        time_of(body["effective_at"]),
        time_of(body["created"]),
    )
