"""Which discounts the next invoice of a subscription has, and what becomes of those that count once.

https://docs.stripe.com/billing/subscriptions/coupons
"""

from __future__ import annotations

from typing import Any

from stripe_emulator.call import Call
from stripe_emulator.objects.discounts.record import DISCOUNT, discount_of, end_discount, is_over
from stripe_emulator.objects.discounts.redeem import coupon_of

Document = dict[str, Any]


def attached_discounts(call: Call, subscription: Document, customer: Document) -> list[str]:
    """Return a subscription's discounts, or its customer's where it has none of its own."""
    mine = [one for one in subscription["discounts"] if not is_over(call, discount_of(call, one))]
    theirs = customer.get("discount")
    if mine or not theirs or is_over(call, discount_of(call, theirs["id"])):
        return mine
    return [theirs["id"]]


def use_up(call: Call, subscription: Document, invoice: Document) -> None:
    """Take away what counted once and has, and what is over."""
    used = {one["discount"] for line in invoice["_lines"] for one in line["discount_amounts"] if one["amount"]}
    subscription["discounts"] = [one for one in subscription["discounts"] if _stays(call, one, used)]
    for identifier in subscription["_items"]:
        item = call.store.get("subscription_item", identifier)
        if item is not None and item["discounts"]:
            call.store.put(
                "subscription_item",
                identifier,
                {**item, "discounts": [one for one in item["discounts"] if _stays(call, one, used)]},
            )
    _use_up_customers(call, invoice, used)


def _stays(call: Call, identifier: str, used: set[str]) -> bool:
    if call.store.peek(DISCOUNT.object, identifier) is None:
        return False
    is_used = identifier in used and coupon_of(call, identifier)["duration"] == "once"
    if not is_used and not is_over(call, discount_of(call, identifier)):
        return True
    end_discount(call, identifier)
    return False


def _use_up_customers(call: Call, invoice: Document, used: set[str]) -> None:
    customer = call.store.get("customer", invoice["customer"])
    discount = customer and customer.get("discount")
    if customer and discount and not _stays(call, discount["id"], used):
        call.store.put("customer", customer["id"], {**customer, "discount": None})
