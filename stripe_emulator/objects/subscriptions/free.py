"""Whether a subscription costs nothing at all: when it begins to, or no longer does, a new period begins.

https://docs.stripe.com/billing/subscriptions/change-price#immediate-payment
"""

from __future__ import annotations

from typing import Any

from stripe_emulator.call import Call
from stripe_emulator.objects.catalog.price_calculation import exact_cost
from stripe_emulator.objects.subscriptions.record import peek_items, price_of

Document = dict[str, Any]


def is_free(call: Call, subscription: Document) -> bool:
    """Say whether every price of a subscription is zero; usage is never free beforehand."""
    return all(_is_free(call, item, subscription["currency"]) for item in peek_items(call, subscription))


def _is_free(call: Call, item: Document, currency: str) -> bool:
    return item["quantity"] is not None and exact_cost(price_of(call, item), max(item["quantity"], 1), currency) == 0
