"""What thin events tell of a change more exactly: a price that was archived, an item that was added.

They have no counterpart that carries the object. https://docs.stripe.com/api/v2/core/events/event-types
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Document = dict[str, Any]
Teller = Callable[[Document, Document], list[str]]
"""From an object as it is and what its changed fields were to the types of further thin events."""

_TOLD_STATUSES = ("active", "incomplete_expired", "past_due", "trialing", "unpaid")


def further_types(event: Document) -> list[str]:
    """Return the types of the thin events that only such a change makes, without `v1.`."""
    before = event["data"].get("previous_attributes")
    teller = _TELLERS.get(event["type"])
    return teller(event["data"]["object"], before) if teller and before else []


def _of_price(price: Document, before: Document) -> list[str]:
    changed = [f"price.{name}_changed" for name in ("lookup_key", "tax_behavior") if name in before]
    return _activity("price", price, before) + changed


def _of_product(product: Document, before: Document) -> list[str]:
    changed = [f"product.{name}_changed" for name in ("default_price", "tax_code") if name in before]
    return _activity("product", product, before) + changed


def _of_promotion_code(code: Document, before: Document) -> list[str]:
    is_full = "times_redeemed" in before and code["times_redeemed"] == code["max_redemptions"]
    return ["promotion_code.fully_redeemed"] if is_full else []


def _of_subscription(subscription: Document, before: Document) -> list[str]:
    status = subscription["status"]
    told = [status] if "status" in before and status in _TOLD_STATUSES else []
    told += [f"{name}_changed" for name in ("cancel_at", "default_payment_method") if name in before]
    return [f"customer.subscription.{name}" for name in (*told, *_of_items(subscription, before))]


def _of_items(subscription: Document, before: Document) -> list[str]:
    if "data" not in before.get("items", {}):
        return []
    old, new = ({item["id"]: item for item in one["items"]["data"]} for one in (before, subscription))
    both = [(old[identifier], new[identifier]) for identifier in new if identifier in old]
    tests = (
        ("item_added", any(identifier not in old for identifier in new)),
        ("item_removed", any(identifier not in new for identifier in old)),
        ("item_price_changed", any(was["price"]["id"] != now["price"]["id"] for was, now in both)),
        ("item_quantity_changed", any(was.get("quantity") != now.get("quantity") for was, now in both)),
        ("item_tax_rates_changed", any(was.get("tax_rates") != now.get("tax_rates") for was, now in both)),
    )
    return [name for name, is_so in tests if is_so]


def _activity(noun: str, document: Document, before: Document) -> list[str]:
    if "active" not in before:
        return []
    return [f"{noun}.activated" if document["active"] else f"{noun}.deactivated"]


_TELLERS: dict[str, Teller] = {
    "price.updated": _of_price,
    "product.updated": _of_product,
    "promotion_code.updated": _of_promotion_code,
    "customer.subscription.updated": _of_subscription,
}
