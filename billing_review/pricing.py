"""What a quantity costs at a price: exact, in minor units. https://docs.stripe.com/products-prices/pricing-models"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, localcontext
from typing import Any, Literal

from billing_review.money import PRECISION

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Tier:
    """One tier, which begins where the one before ends; amounts in minor units."""

    up_to: int | None
    """Its last unit; None in the last tier."""
    unit: Decimal = ZERO
    flat: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class Package:
    """The amount is for so many units at once."""

    divide_by: int
    round: Literal["up", "down"]

    def count(self, quantity: int) -> int:
        """How many packages a quantity is."""
        whole, rest = divmod(quantity, self.divide_by)
        return whole + (1 if rest and self.round == "up" else 0)


@dataclass(frozen=True, slots=True)
class Pricing:
    """The arithmetic of a price in one currency."""

    currency: str
    unit: Decimal | None = None
    """The amount of a unit or package; None where tiers say it."""
    tiers: tuple[Tier, ...] = ()
    mode: Literal["graduated", "volume"] | None = None
    package: Package | None = None
    interval: str | None = None
    """day, week, month or year; None for what is paid once."""
    interval_count: int = 1
    metered: bool = False
    per_seat: bool = False

    def cost(self, quantity: int) -> Decimal:
        """What a quantity costs, before it is rounded to whole minor units.

        With tiers, a quantity of nothing costs the first tier's flat fee, as at Stripe.
        """
        with localcontext(prec=PRECISION):
            if self.mode == "volume":
                return self._volume(quantity)
            if self.tiers:
                return self._graduated(quantity)
            packages = self.package.count(quantity) if self.package else quantity
            return (self.unit or ZERO) * packages

    def due(self, quantity: int) -> int:
        """What is billed: whole minor units, rounded half up, once at the end."""
        return int(self.cost(quantity).to_integral_value(rounding=ROUND_HALF_UP))

    def _volume(self, quantity: int) -> Decimal:
        tier = next((tier for tier in self.tiers if tier.up_to is None or quantity <= tier.up_to), self.tiers[-1])
        return tier.flat + tier.unit * quantity

    def _graduated(self, quantity: int) -> Decimal:
        total, below = ZERO, 0
        for number, tier in enumerate(self.tiers):
            if number and quantity <= below:
                break
            top = quantity if tier.up_to is None else min(quantity, tier.up_to)
            total += tier.flat + tier.unit * (top - below)
            below = top
        return total


def pricing_of(args: Mapping[str, Any], currency: str | None = None) -> Pricing:
    """The arithmetic of a declared price, in its own currency or in another that it has.

    Raises KeyError for a currency that the price does not have.
    """
    own = args["currency"]
    amounts = args if currency in {None, own} else args["currency_options"][currency]
    recurring = args.get("recurring") or {}
    packages = args.get("transform_quantity")
    tiers = tuple(_tier(tier) for tier in amounts.get("tiers") or ())
    return Pricing(
        currency=currency or own,
        unit=None if tiers else _amount(amounts, "unit_amount"),
        tiers=tiers,
        mode=(args.get("tiers_mode") or "graduated") if tiers else None,
        package=Package(int(packages["divide_by"]), packages["round"]) if packages else None,
        interval=recurring.get("interval"),
        interval_count=int(recurring.get("interval_count") or 1),
        metered=recurring.get("usage_type") == "metered" or bool(recurring.get("meter")),
        per_seat=args.get("seats") is not None,
    )


def currencies_of(args: Mapping[str, Any]) -> tuple[str, ...]:
    """The price's own currency, then the others it has."""
    others = sorted(args.get("currency_options") or {})
    return (args["currency"], *(one for one in others if one != args["currency"]))


def _tier(tier: Mapping[str, Any]) -> Tier:
    up_to = tier["up_to"]
    return Tier(
        None if up_to == "inf" else int(up_to),
        _amount(tier, "unit_amount") or ZERO,
        _amount(tier, "flat_amount") or ZERO,
    )


def _amount(found: Mapping[str, Any], name: str) -> Decimal | None:
    value = found.get(name)
    if value is None:
        value = found.get(f"{name}_decimal")
    return None if value is None else Decimal(str(value))
