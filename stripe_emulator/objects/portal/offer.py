"""What a customer may switch a subscription to: the prices and quantities of the portal's configuration."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from stripe_emulator.call import Call
from stripe_emulator.objects.catalog.price_calculation import cost

Document = dict[str, Any]

_DAYS = {"day": 1, "week": 7, "month": 30, "year": 365}


@dataclass(frozen=True)
class Choice:
    """A price that can be chosen, and within which bounds its quantity."""

    price: Document
    adjustable: bool
    minimum: int
    maximum: int | None

    def has(self, quantity: int) -> bool:
        """Say whether the quantity lies within the bounds."""
        return quantity >= self.minimum and (self.maximum is None or quantity <= self.maximum)


def choices(call: Call, update: Document, subscription: Document, current: str) -> list[Choice]:
    """Return the prices a subscription can have, its own among them only if that is offered too."""
    found = []
    for product in update["products"] or []:
        for identifier in product["prices"]:
            price = call.store.peek("price", identifier)
            if price is not None and subscription["currency"] in price["currency_options"]:
                found.append(_choice(price, product["adjustable_quantity"], update, current))
    return [one for one in found if one is not None]


def _choice(price: Document, bounds: Document, update: Document, current: str) -> Choice | None:
    allowed = update["default_allowed_updates"]
    if price["id"] != current and ("price" not in allowed or not price["active"]):
        return None
    licensed = price["recurring"]["usage_type"] == "licensed"
    adjustable = licensed and bounds["enabled"] and "quantity" in allowed
    return Choice(price, adjustable, bounds["minimum"], bounds["maximum"])


def is_later(update: Document, subscription: Document, old: tuple[Document, int], new: tuple[Document, int]) -> bool:
    """Say whether a change waits for the end of the period: what becomes less, or shorter, if configured so."""
    conditions = {one["type"] for one in update["schedule_at_period_end"]["conditions"]}
    currency = subscription["currency"]
    cheaper = cost(*new, currency) < cost(*old, currency)
    shorter = _days(new[0]) < _days(old[0])
    return ("decreasing_item_amount" in conditions and cheaper) or ("shortening_interval" in conditions and shorter)


def _days(price: Document) -> int:
    return _DAYS[price["recurring"]["interval"]] * int(price["recurring"]["interval_count"])
