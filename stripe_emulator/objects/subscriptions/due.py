"""What a change of a running subscription asks for at once, and what happens if it is not paid.

There are no invoices yet: only whether one would have to be paid now, and how that would end.
https://docs.stripe.com/billing/subscriptions/prorations
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from stripe_emulator.call import Call
from stripe_emulator.errors import payments
from stripe_emulator.errors import subscriptions as errors
from stripe_emulator.errors.requests import not_emulated
from stripe_emulator.objects.catalog.price_calculation import cost
from stripe_emulator.objects.subscriptions.payment import amount_due, outcome_of
from stripe_emulator.objects.subscriptions.record import items_of, price_of

Document = dict[str, Any]


@dataclass(frozen=True)
class Before:
    """A subscription's items and anchor as a request found them."""

    items: list[Document]
    anchor: int

    @classmethod
    def of(cls, call: Call, subscription: Document) -> Before:
        """Remember them; a proration date outside their periods is refused."""
        items = items_of(call, subscription)
        date = call.params.get("proration_date")
        if date is not None and not all(
            one["current_period_start"] <= date <= one["current_period_end"] for one in items
        ):
            raise errors.proration_date_outside(date)
        return cls(items, subscription["billing_cycle_anchor"])


def collected(call: Call, subscription: Document, before: Before) -> Document:
    """Return the subscription as the payment leaves it, or refuse the whole change if it was asked to."""
    if not _asks_for_payment(call, subscription, before):
        return subscription
    outcome = outcome_of(call, subscription)
    if outcome == "succeeds":
        return subscription
    behavior = call.params.get("payment_behavior", "allow_incomplete")
    if behavior == "pending_if_incomplete":
        raise not_emulated("payment_behavior=pending_if_incomplete")
    if behavior != "error_if_incomplete":
        return {**subscription, "status": "past_due"}
    if outcome is None:
        raise errors.no_payment_method()
    raise errors.requires_action() if outcome == "requires_action" else payments.declined()


def _asks_for_payment(call: Call, subscription: Document, before: Before) -> bool:
    """Say whether an invoice that costs something would be made now."""
    if subscription["status"] not in ("active", "past_due") or subscription["collection_method"] == "send_invoice":
        return False
    items = items_of(call, subscription)
    ends = {item["id"]: item["current_period_end"] for item in before.items}
    moved = any(item["current_period_end"] != ends.get(item["id"], item["current_period_end"]) for item in items)
    if moved or subscription["billing_cycle_anchor"] != before.anchor:
        return amount_due(call, subscription, items) > 0  # a new period begins, and is paid in advance
    if call.params.get("proration_behavior") != "always_invoice":
        return False
    currency, date = subscription["currency"], call.params.get("proration_date", call.now)
    after = sum(_rest(call, item, currency, date) for item in items)
    return after > sum(_rest(call, item, currency, date) for item in before.items)


def _rest(call: Call, item: Document, currency: str, date: int) -> Fraction:
    """Return what an item costs for the rest of its period."""
    if item["quantity"] is None:
        return Fraction(0)
    start, end = item["current_period_start"], item["current_period_end"]
    return cost(price_of(call, item), item["quantity"], currency) * Fraction(end - date, end - start)
