"""A Stripe price as a migration sees it: what it is, what it costs, who may be on it.

https://docs.stripe.com/api/prices/object
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any

from billing_runtime.marks import terms_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from billing_runtime.catalog import PriceType, Seats
    from billing_runtime.manifest import Manifest

Json = dict[str, Any]
ZERO = Decimal(0)
# How many periods of an interval a month has, as numerator and denominator.
_A_MONTH = {"day": (365, 12), "week": (52, 12), "month": (1, 1), "year": (1, 12)}


@dataclass(frozen=True, slots=True)
class Tier:
    """One step; amounts in minor units, `up_to` None in the last."""

    up_to: int | None
    unit: Decimal
    flat: Decimal


@dataclass(frozen=True, slots=True)
class Amounts:
    """What a price costs in one currency."""

    unit: Decimal | None = None
    tiers: tuple[Tier, ...] = ()
    volume: bool = False
    divide_by: int = 1
    round_up: bool = True

    def due(self, quantity: int) -> int:
        """What Stripe bills for a quantity: whole minor units, rounded half up, once."""
        return int(self._exact(quantity).quantize(Decimal(1), rounding=ROUND_HALF_UP))

    def _exact(self, quantity: int) -> Decimal:
        if self.tiers:
            return self._volume(quantity) if self.volume else self._graduated(quantity)
        whole, rest = divmod(quantity, self.divide_by)
        return (self.unit or ZERO) * (whole + (1 if rest and self.round_up else 0))

    def _volume(self, quantity: int) -> Decimal:
        tier = next(tier for tier in self.tiers if tier.up_to is None or quantity <= tier.up_to)
        return tier.flat + tier.unit * quantity

    def _graduated(self, quantity: int) -> Decimal:
        total, below = ZERO, 0
        for tier in self.tiers:
            if below and quantity <= below:
                break
            top = quantity if tier.up_to is None else min(quantity, tier.up_to)
            total += tier.flat + tier.unit * (top - below)
            below = top
        return total


@dataclass(frozen=True, slots=True)
class PriceFacts:
    """One price; `amounts` by currency, None for a currency whose tiers Stripe did not show."""

    id: str
    key: str | None
    lookup_key: str | None
    active: bool
    product_active: bool
    usage: str | None
    meter: str | None
    interval: str | None
    interval_count: int
    amounts: Mapping[str, Amounts | None]
    type: PriceType | None = None
    seats: Seats | None = None
    created: int = 0

    @property
    def metered(self) -> bool:
        """Whether usage is billed, not a quantity."""
        return self.usage == "metered"

    @property
    def every(self) -> str:
        """Its interval in words: `month`, `3 months`; `once` for a one-time price."""
        if self.interval is None:
            return "once"
        return self.interval if self.interval_count == 1 else f"{self.interval_count} {self.interval}s"

    @property
    def named(self) -> str:
        """Its key and id, as messages name it."""
        return f"{self.key} ({self.id})" if self.key else self.id

    def due(self, currency: str, quantity: int | None) -> int | None:
        """What a period costs in minor units; None where usage decides, or the amounts are not known."""
        amounts = self.amounts.get(currency)
        return None if amounts is None or quantity is None else amounts.due(quantity)

    def monthly(self, total: int) -> int:
        """So much each period as so much each month, rounded once, half up."""
        numerator, denominator = _A_MONTH[self.interval or "month"]
        exact = Decimal(total * numerator) / Decimal(denominator * self.interval_count)
        return int(exact.quantize(Decimal(1), rounding=ROUND_HALF_UP))


def read_price(manifest: Manifest, body: Json) -> PriceFacts:
    """The facts of Stripe's object, its product, tiers and currency options expanded."""
    recurring = body.get("recurring") or {}
    product = body.get("product")
    terms = terms_of(manifest, body | {"product": product["id"] if isinstance(product, dict) else product})
    return PriceFacts(
        id=body["id"],
        key=terms.key if terms else None,
        lookup_key=body.get("lookup_key"),
        active=body["active"],
        product_active=product.get("active", True) if isinstance(product, dict) else True,
        usage=recurring.get("usage_type"),
        meter=recurring.get("meter"),
        interval=recurring.get("interval"),
        interval_count=int(recurring.get("interval_count") or 1),
        amounts=_currencies(body),
        type=terms.type if terms else None,
        seats=terms.seats if terms else None,
        created=body.get("created", 0),
    )


def _currencies(body: Json) -> dict[str, Amounts | None]:
    options = body.get("currency_options") or {}
    found = {currency: _amounts(body, option) for currency, option in options.items()}
    return {body["currency"]: _amounts(body, body)} | {
        currency: amounts for currency, amounts in found.items() if currency != body["currency"]
    }


def _amounts(body: Json, option: Json) -> Amounts | None:
    if body.get("billing_scheme") == "tiered":
        tiers = option.get("tiers")
        volume = body.get("tiers_mode") == "volume"
        return Amounts(tiers=tuple(map(_tier, tiers)), volume=volume) if tiers else None
    package = body.get("transform_quantity") or {"divide_by": 1, "round": "up"}
    unit = _decimal(option, "unit_amount")
    return None if unit is None else Amounts(unit, (), False, int(package["divide_by"]), package["round"] == "up")


def _tier(tier: Json) -> Tier:
    return Tier(tier["up_to"], _decimal(tier, "unit_amount") or ZERO, _decimal(tier, "flat_amount") or ZERO)


def _decimal(found: Json, name: str) -> Decimal | None:
    value = found.get(f"{name}_decimal")
    return None if value is None else Decimal(str(value))
