"""What a discount is: a coupon that somebody redeemed, for a customer, a subscription, an item or one invoice.

https://docs.stripe.com/api/discounts
"""

from __future__ import annotations

from typing import Any

from stripe_emulator.call import Call
from stripe_emulator.kinds import Kind, lifecycle

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
