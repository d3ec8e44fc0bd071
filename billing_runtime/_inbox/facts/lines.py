"""What stands on an invoice or a checkout page, without the words: https://docs.stripe.com/api/invoice-line-item"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from billing_runtime._inbox.facts.reading import id_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

Json = dict[str, Any]


def every(shown: Json | None, rest: Callable[[], Iterable[Json]]) -> list[Json]:
    """All of a list of which an object shows the beginning."""
    found = shown or {}
    return list(rest()) if found.get("has_more") else list(found.get("data", ()))


def invoice_line(line: Json) -> Json:
    """An invoice's line: its price, how many, what they cost before discounts, and whether it is a part of a period."""
    priced = (line.get("pricing") or {}).get("price_details") or {}
    parent = line.get("parent") or {}
    details = parent.get("subscription_item_details") or parent.get("invoice_item_details") or {}
    return {
        "id": line["id"],
        "price": id_of(priced.get("price") or line.get("price")),
        "quantity": line.get("quantity"),
        "amount": line["amount"],
        "proration": bool(details.get("proration") or line.get("proration")),
    }


def session_line(line: Json) -> Json:
    """A checkout page's line."""
    return {
        "id": line["id"],
        "price": id_of(line.get("price")),
        "quantity": line.get("quantity"),
        "amount": line.get("amount_subtotal"),
        "proration": False,
    }


def intents(payments: Json | None) -> list[str]:
    """The payment intents that have paid an invoice."""
    found = [one for one in (payments or {}).get("data", ()) if one["status"] == "paid"]
    named = [id_of((one.get("payment") or {}).get("payment_intent")) for one in found]
    return [one for one in named if one]
