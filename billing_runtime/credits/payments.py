"""Payments that buy credits, as invoices and checkout pages tell of them. Pure."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from billing_runtime.catalog import PriceType
    from billing_runtime.credits.settings import TopUp

Json = dict[str, Any]

#: A dispute in one of these holds the money back; an inquiry (`warning_…`) holds nothing yet, and what was won is back.
#: https://docs.stripe.com/api/disputes/object#dispute_object-status
HELD_BACK = frozenset({"needs_response", "under_review", "lost"})


@dataclass(frozen=True, slots=True)
class Payment:
    """What was paid: on which invoice or page, how much in minor units, and with which payment intents."""

    of: str
    amount: int
    intents: tuple[str, ...] = ()

    def text(self) -> str:
        """As it is kept with the grants that it paid for."""
        return json.dumps({"of": self.of, "amount": self.amount, "intents": self.intents})


def payment_of(text: str) -> Payment:
    """The reverse."""
    kept = json.loads(text)
    return Payment(kept["of"], kept["amount"], tuple(kept["intents"]))


@dataclass(frozen=True, slots=True)
class Bought:
    """Credits that a line of an invoice or page has bought."""

    name: str
    source: str
    units: int
    priority: int
    expires_at: int | None


@dataclass(frozen=True, slots=True)
class Offer:
    """What a line's price buys, and of which type it is."""

    top_up: TopUp
    type: PriceType


def bought_on_invoice(invoice: Mapping[str, Any], find: Callable[[str], Offer | None]) -> list[Bought]:
    """What a paid invoice buys; `find` is what a price's id stands for."""
    reason, paid_at = invoice.get("billing_reason"), invoice.get("paid_at")
    if invoice.get("status") != "paid":
        return []
    automatic = invoice.get("top_up") is not None
    return [
        _bought(invoice["id"], line, offer, paid_at)
        for line, offer in _sold(invoice, find)
        if automatic or offer.top_up.grants_for(reason, once=offer.type == "one_time")
    ]


def bought_on_page(page: Mapping[str, Any], at: int, find: Callable[[str], Offer | None]) -> list[Bought]:
    """What a checkout page of single payments has sold.

    One that leaves an invoice behind tells of nothing: its invoice does, and is paid by an event of its own. So does
    the first invoice of a subscription.
    """
    paid = page.get("payment_status") in ("paid", "no_payment_required") and page.get("status") == "complete"
    if page.get("mode") != "payment" or not paid or page.get("invoice_creation") or page.get("invoice"):
        return []
    return [_bought(page["id"], line, offer, at) for line, offer in _sold(page, find)]


def paid_on_invoice(invoice: Mapping[str, Any]) -> Payment:
    """How a paid invoice was paid."""
    return Payment(invoice["id"], invoice.get("amount_paid") or 0, tuple(invoice.get("payment_intents") or ()))


def paid_on_page(page: Mapping[str, Any]) -> Payment:
    """How a page was paid."""
    intent = page.get("payment_intent")
    return Payment(page["id"], page.get("amount_total") or 0, (intent,) if intent else ())


def owed(units: int, payment: Payment, gone: Mapping[str, int], *, void: bool) -> int:
    """How many of the units that a payment bought go back with its money.

    As large a part as went back of what was paid, without the fraction of a unit: that stays with the customer. `gone`
    is how much of each payment intent was refunded or is held back by a dispute.
    """
    if void:
        return units
    back = min(sum(gone.get(intent, 0) for intent in payment.intents), payment.amount)
    return units * back // payment.amount if payment.amount > 0 else 0


def gone_of(charges: Iterable[Mapping[str, Any]], disputes: Iterable[Mapping[str, Any]]) -> dict[str, int]:
    """How much of each payment intent has gone back, as Stripe last said of charges and disputes."""
    found: dict[str, int] = {}
    for charge in charges:
        _add(found, charge.get("payment_intent"), charge.get("amount_refunded") or 0)
    for dispute in disputes:
        if dispute.get("status") in HELD_BACK:
            _add(found, dispute.get("payment_intent"), dispute.get("amount") or 0)
    return found


def _add(found: dict[str, int], intent: str | None, amount: int) -> None:
    if intent is not None:
        found[intent] = found.get(intent, 0) + amount


def _sold(body: Mapping[str, Any], find: Callable[[str], Offer | None]) -> Iterable[tuple[Json, Offer]]:
    """Lines that were charged for and buy credits: no part of a period, and nothing of a trial."""
    for line in body.get("lines") or ():
        if line["price"] and not line["proration"] and (line["amount"] or 0) > 0 and (line["quantity"] or 0) > 0:
            offer = find(line["price"])
            if offer is not None:
                yield line, offer


def _bought(of: str, line: Json, offer: Offer, at: int | None) -> Bought:
    top_up = offer.top_up
    ends = None
    if top_up.expires_in is not None and at is not None:
        ends = at + int(top_up.expires_in.total_seconds())
    return Bought(top_up.name, f"{of}/{line['id']}", top_up.units * line["quantity"], top_up.priority, ends)
