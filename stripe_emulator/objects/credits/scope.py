"""What billing credits pay for: every metered price, or some."""

from __future__ import annotations

from typing import Any

from stripe_emulator.call import Call
from stripe_emulator.errors import credits as errors
from stripe_emulator.errors import parameters
from stripe_emulator.objects.catalog.price import PRICE

Document = dict[str, Any]

_MOST = 20


def scope_of(call: Call, given: Document, name: str) -> Document:
    """Return a scope, once its prices are found to be metered."""
    prices = given.get("prices")
    if "price_type" in given and prices is not None:
        raise parameters.exclusive(["price_type", "prices"], name)
    if "price_type" not in given and not prices:
        raise errors.no_scope()
    if prices is None:
        return {"price_type": given["price_type"]}
    if len(prices) > _MOST:
        raise errors.too_many_prices(_MOST)
    for index, entry in enumerate(prices):
        _refuse_not_metered(call, entry["id"], f"{name}[prices][{index}][id]")
    return {"prices": [{"id": entry["id"]} for entry in prices]}


def covers(scope: Document, wanted: Document) -> bool:
    """Say whether credits of a scope pay for everything that is asked about."""
    if "price_type" in scope:
        return True
    mine = {entry["id"] for entry in scope["prices"]}
    return "prices" in wanted and {entry["id"] for entry in wanted["prices"]} <= mine


def _refuse_not_metered(call: Call, identifier: str, name: str) -> None:
    price = call.named(PRICE, identifier, name)
    if not price["recurring"] or price["recurring"]["usage_type"] != "metered":
        raise errors.not_metered(price["id"], name)
