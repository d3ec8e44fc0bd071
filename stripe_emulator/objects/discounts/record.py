"""What a discount is: a coupon that somebody redeemed, for a customer, a subscription, an item or one invoice.

https://docs.stripe.com/api/discounts
"""

from __future__ import annotations

from typing import Any

from stripe_emulator.call import Call
from stripe_emulator.errors import discounts as errors
from stripe_emulator.errors import requests
from stripe_emulator.kinds import Kind, lifecycle
from stripe_emulator.routing import Routes

Document = dict[str, Any]


def _events(before: Document | None, after: Document | None) -> list[str]:
    """Only what belongs to a customer or a subscription is told; what is on one invoice is told with the invoice."""
    one = after or before or {}
    if one["invoice"] or one["invoice_item"] or (one["customer"] is None and one["subscription"] is None):
        return []
    return lifecycle("customer.discount")(before, after)


DISCOUNT = Kind(
    "discount",
    "di",
    "discount",
    expandable={"customer": "customer", "promotion_code": "promotion_code", "source.coupon": "coupon"},
    events=_events,
)


KINDS = [DISCOUNT]
routes = Routes()


@routes("DELETE /v1/customers/{customer}/discount")
def delete_of_customer(call: Call) -> Document:
    """Take a customer's discount away."""
    customer = call.store.get("customer", call.path["customer"])
    if customer is None:
        raise requests.no_such("customer", call.path["customer"], param="customer", status=404)
    if customer["discount"] is None:
        raise errors.no_discount(f"customer '{customer['id']}'")
    deleted = end_discount(call.on_clock(customer["test_clock"]), customer["discount"]["id"])
    call.store.put("customer", customer["id"], {**customer, "discount": None})
    return deleted


@routes("DELETE /v1/subscriptions/{subscription_exposed_id}/discount")
def delete_of_subscription(call: Call) -> Document:
    """Take a subscription's discounts away; the last one is the answer."""
    identifier = call.path["subscription_exposed_id"]
    subscription = call.store.get("subscription", identifier)
    if subscription is None:
        raise requests.no_such("subscription", identifier, param="subscription_exposed_id", status=404)
    if not subscription["discounts"]:
        raise errors.no_discount(f"subscription '{identifier}'")
    call = call.on_clock(subscription["test_clock"])
    deleted = [end_discount(call, one) for one in subscription["discounts"]]
    call.store.put("subscription", identifier, {**subscription, "discounts": []})
    return deleted[-1]


def discount_of(call: Call, identifier: str) -> Document:
    """Return a discount, for reading only, also one that no longer belongs to anybody."""
    found = call.store.peek(DISCOUNT.object, identifier) or call.store.peek("deleted_discount", identifier)
    if found is None:
        message = f"discount {identifier} is missing from the data file"
        raise LookupError(message)
    return found


def is_over(call: Call, discount: Document) -> bool:
    """Say whether the months of a discount have passed."""
    return discount["end"] is not None and int(discount["end"]) <= call.now


def end_discount(call: Call, identifier: str) -> Document:
    """Take a discount away; what it was applied to still names it."""
    found = {**discount_of(call, identifier), "end": call.now}
    deleted = {**found, "deleted": True}
    call.store.remove(DISCOUNT.object, identifier)
    call.store.put("deleted_discount", identifier, deleted)
    return deleted
