"""A subscription of Stripe's, reduced to what the application asks about: one shape, whatever the API version.

Since 2025-03-31 the periods stand on the items and not on the subscription; both are read
(https://docs.stripe.com/changelog/basil/2025-03-31/deprecate-subscription-current-period-start-and-end).
"""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]

_PLAIN = (
    "id", "status", "created", "currency", "start_date", "billing_cycle_anchor", "cancel_at", "cancel_at_period_end",
    "canceled_at", "ended_at", "trial_start", "trial_end", "collection_method",
)  # fmt: skip
_PRICE = ("id", "currency", "unit_amount_decimal", "lookup_key", "metadata", "recurring", "tiers_mode", "type")


def normalised(body: Json, items: list[Json]) -> Json:
    """The subscription as it is cached. No personal data: of the customer only the id, of a card brand and last4."""
    plain = {name: body.get(name) for name in _PLAIN}
    return plain | {
        "customer": _id(body["customer"]),
        "schedule": _id(body.get("schedule")),
        "latest_invoice": _id(body.get("latest_invoice")),
        "metadata": body.get("metadata") or {},
        "pause_collection": body.get("pause_collection"),
        "pending_update": body.get("pending_update"),
        "payment_method": _payment_method(body),
        "items": [_item(item, body) for item in items],
    }


def _item(item: Json, subscription: Json) -> Json:
    price = item["price"]
    return {
        "id": item["id"],
        "quantity": item.get("quantity"),
        "current_period_start": _period(item, subscription, "current_period_start"),
        "current_period_end": _period(item, subscription, "current_period_end"),
        "price": {name: price.get(name) for name in _PRICE} | {"product": _id(price.get("product"))},
    }


def _period(item: Json, subscription: Json, edge: str) -> int | None:
    found: int | None = item.get(edge)
    return subscription.get(edge) if found is None else found


def _payment_method(body: Json) -> Json | None:
    """What pays: the subscription's own method, else the customer's default one."""
    own = body.get("default_payment_method")
    customer = body["customer"] if isinstance(body["customer"], dict) else {}
    method = own or (customer.get("invoice_settings") or {}).get("default_payment_method")
    if not isinstance(method, dict):
        return None
    kind = method.get("type")
    details = method.get(kind) or {}
    return {"id": method["id"], "type": kind, "brand": details.get("brand"), "last4": details.get("last4")}


def _id(value: Any) -> str | None:
    found: str | None = value["id"] if isinstance(value, dict) else value
    return found
