"""What a quantity costs at a price: exact, in minor units. https://docs.stripe.com/products-prices/pricing-models."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

Document = dict[str, Any]


def cost(price: Document, quantity: int, currency: str) -> int:
    """Return the amount due for a quantity, rounded once at the end as Stripe does."""
    option = price["currency_options"].get(currency, price)
    if price["billing_scheme"] == "per_unit":
        exact = _unit(option) * _transformed(price, quantity)
    elif price["tiers_mode"] == "volume":
        exact = _volume(option["tiers"], quantity)
    else:
        exact = _graduated(option["tiers"], quantity)
    return int(exact.quantize(Decimal(1), rounding=ROUND_HALF_UP))


def _unit(shown: Document) -> Decimal:
    return Decimal(shown["unit_amount_decimal"] or 0)


def _flat(tier: Document) -> Decimal:
    return Decimal(tier["flat_amount_decimal"] or 0)


def _transformed(price: Document, quantity: int) -> int:
    transform = price["transform_quantity"]
    if not transform:
        return quantity
    whole, rest = divmod(quantity, int(transform["divide_by"]))
    return whole + (1 if rest and transform["round"] == "up" else 0)


def _volume(tiers: list[Document], quantity: int) -> Decimal:
    """Every unit costs what the tier of the whole quantity says; nothing costs nothing but the first flat fee."""
    tier = next(tier for tier in tiers if tier["up_to"] is None or quantity <= tier["up_to"])
    return _flat(tier) + _unit(tier) * quantity


def _graduated(tiers: list[Document], quantity: int) -> Decimal:
    """Units are counted tier by tier; a tier's flat fee is due once it is reached."""
    total, below = Decimal(0), 0
    for tier in tiers:
        if below and quantity <= below:
            break
        top = quantity if tier["up_to"] is None else min(quantity, tier["up_to"])
        total += _flat(tier) + _unit(tier) * (top - below)
        below = tier["up_to"] or quantity
    return total
