"""What a quantity costs at a price: exact, in minor units. https://docs.stripe.com/products-prices/pricing-models."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

Document = dict[str, Any]


def cost(price: Document, quantity: int, currency: str) -> int:
    """Return the amount due for a quantity, rounded once at the end as Stripe does."""
    return int(exact_cost(price, quantity, currency).quantize(Decimal(1), rounding=ROUND_HALF_UP))


def exact_cost(price: Document, quantity: int, currency: str) -> Decimal:
    """Return what a quantity costs before anything is rounded."""
    option = price["currency_options"].get(currency, price)
    if price["billing_scheme"] == "per_unit":
        return _unit(option) * _transformed(price, quantity)
    if price["tiers_mode"] == "volume":
        return _volume(option["tiers"], quantity)
    return _graduated(option["tiers"], quantity)


@dataclass(frozen=True)
class TierPart:
    """What one tier of a price asks for: units at its amount, and its flat fee."""

    number: int  # counted from one
    units: int
    unit_amount: Decimal | None
    flat_amount: Decimal | None


def tier_parts(price: Document, quantity: int, currency: str) -> list[TierPart]:
    """Return the tiers that a quantity reaches; of a volume price it is one."""
    tiers = price["currency_options"].get(currency, price)["tiers"]
    bounds = [(0, *(tier["up_to"] for tier in tiers))[place] for place in range(len(tiers))]
    reached = [place for place, below in enumerate(bounds) if place == 0 or quantity > below]
    if price["tiers_mode"] == "volume":
        return [_part(tiers[reached[-1]], reached[-1], quantity)]
    tops = [min(quantity, tiers[place]["up_to"] or quantity) for place in reached]
    return [_part(tiers[place], place, top - bounds[place]) for place, top in zip(reached, tops, strict=True)]


def _part(tier: Document, place: int, units: int) -> TierPart:
    amounts = (tier["unit_amount_decimal"], tier["flat_amount_decimal"])
    unit, flat = (None if amount is None else Decimal(amount) for amount in amounts)
    return TierPart(place + 1, units, unit, flat)


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
