"""Discounts of a subscription and of its items. https://docs.stripe.com/billing/subscriptions/coupons."""

from __future__ import annotations

from typing import Any

from stripe_emulator.call import Call
from stripe_emulator.objects.catalog.price_calculation import exact_cost
from stripe_emulator.objects.discounts.record import DISCOUNT, end_discount
from stripe_emulator.objects.discounts.redeem import redeem_all
from stripe_emulator.objects.subscriptions.record import items_of, price_of

Document = dict[str, Any]


def set_discounts(call: Call, subscription: Document) -> None:
    """Give a subscription the discounts that a request asks for; those it no longer has are over."""
    if "discounts" not in call.params:
        return
    owner = {"customer": subscription["customer"], "subscription": subscription["id"]}
    subscription["discounts"] = replaced(
        call, subscription["discounts"], call.params["discounts"], owner, subscription, "discounts"
    )


def set_item_discounts(call: Call, subscription: Document, item: Document, given: Document, name: str) -> None:
    """Give an item the discounts that a request asks for."""
    if "discounts" in given:
        owner = {"customer": subscription["customer"], "subscription": subscription["id"]}
        owner["subscription_item"] = item["id"]
        item["discounts"] = replaced(call, item["discounts"], given["discounts"], owner, subscription, name)


def replaced(
    call: Call, old: list[str], given: list[Document] | None, owner: Document, subscription: Document, name: str
) -> list[str]:
    """Return the discounts that a request asks for, and end those it does not name."""
    amount, currency = first_amount(call, subscription), subscription["currency"]
    made = redeem_all(call, given, owner, currency=currency, amount=amount, name=name)
    for identifier in old:
        if identifier not in made and call.store.peek(DISCOUNT.object, identifier) is not None:
            end_discount(call, identifier)
    return made


def first_amount(call: Call, subscription: Document) -> int:
    """Return what a period of the licensed items costs: minimum amounts of promotion codes are about it."""
    licensed = [item for item in items_of(call, subscription) if item["quantity"] is not None]
    currency = subscription["currency"]
    return int(sum(exact_cost(price_of(call, item), item["quantity"], currency) for item in licensed))
