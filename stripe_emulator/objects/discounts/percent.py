"""What percentages leave of a proration: the discounts a subscription has when it is made count in it.

https://docs.stripe.com/billing/subscriptions/prorations#prorations-and-discounts
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

from stripe_emulator.call import Call
from stripe_emulator.objects.discounts.record import DISCOUNT, is_over
from stripe_emulator.objects.discounts.redeem import coupon_of
from stripe_emulator.objects.invoices.money import shared

Document = dict[str, Any]


def share_left(call: Call, subscription: Document, item: Document, product: str) -> Fraction:
    """Return the part of a price that the percentages leave: one after the other."""
    left = Fraction(1)
    for _, part in _percentages(call, subscription, item, product):
        left *= 1 - part
    return left


def split(call: Call, subscription: Document, item: Document, product: str, off: int) -> list[Document]:
    """Share what was taken off among the discounts that took it."""
    left, weights, names = Fraction(1), [], []
    for name, part in _percentages(call, subscription, item, product):
        weights.append(int(left * part * 10**12))
        names.append(name)
        left *= 1 - part
    sign = -1 if off < 0 else 1
    amounts = shared(abs(off), weights)
    return [{"amount": sign * amount, "discount": name} for name, amount in zip(names, amounts, strict=True)]


def _percentages(call: Call, subscription: Document, item: Document, product: str) -> list[tuple[str, Fraction]]:
    customer = call.store.peek("customer", subscription["customer"]) or {}
    theirs = customer.get("discount")
    fallback = [theirs["id"]] if theirs and not subscription["discounts"] else []
    found = []
    for identifier in [*item["discounts"], *subscription["discounts"], *fallback]:
        discount = call.store.peek(DISCOUNT.object, identifier)
        if discount is None or is_over(call, discount):
            continue
        coupon = coupon_of(call, identifier)
        applies = coupon["applies_to"] is None or product in coupon["applies_to"]["products"]
        if coupon["percent_off"] is not None and applies:
            found.append((identifier, Fraction(Decimal(str(coupon["percent_off"]))) / 100))
    return found
