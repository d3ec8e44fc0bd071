"""What a quantity costs at a price, line by line as on Stripe's invoices. Pure.

https://docs.stripe.com/products-prices/pricing-models, https://docs.stripe.com/currencies
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from billing_runtime.catalog import Tier, TransformQuantity

if TYPE_CHECKING:
    from collections.abc import Iterator

Json = dict[str, Any]

#: Minor units that nobody can be charged singly: three-decimal currencies end in 0, two have no cents in use.
_STEPS = {"bhd": 10, "jod": 10, "kwd": 10, "omr": 10, "tnd": 10, "isk": 100, "ugx": 100}


@dataclass(frozen=True, slots=True)
class Rate:
    """How one price counts in one currency; amounts are minor units, exact."""

    currency: str
    unit_amount: Decimal | None = None
    tiers: tuple[Tier, ...] | None = None
    tiers_mode: str | None = None
    transform_quantity: TransformQuantity | None = None

    @property
    def volume(self) -> bool:
        """Whether every unit costs what the tier of the last one says."""
        return self.tiers_mode == "volume"


@dataclass(frozen=True, slots=True)
class Charge:
    """What one line asks for: `quantity` units, or the flat fee of a tier; `tier` counts from 1.

    `amount` is in minor units, rounded once; `unit_amount` is exact.
    """

    quantity: int
    unit_amount: Decimal
    amount: int
    tier: int | None = None
    flat_fee: bool = False


def charges(rate: Rate, quantity: int) -> tuple[Charge, ...]:
    """The lines of a quantity: one, or for a tiered price one for the units of every tier reached and its flat fee.

    A quantity below 0, which corrections of usage can leave, is charged as 0. Of 0 units a tiered price charges the
    flat fee of its first tier.
    """
    units = max(0, quantity)
    if rate.tiers is None:
        unit = rate.unit_amount or Decimal(0)
        return (Charge(units, unit, rounded(Fraction(unit) * _packages(rate, units), rate.currency)),)
    reached = list(_reached(rate.tiers, units))
    if rate.volume:
        reached = [(reached[-1][0], reached[-1][1], units)]
    return tuple(charge for number, tier, part in reached for charge in _of_tier(rate.currency, number, tier, part))


def rounded(exact: Fraction | Decimal | int, currency: str) -> int:
    """The nearest amount that the currency can be charged in; what lies in the middle goes away from zero."""
    step = _STEPS.get(currency, 1)
    whole = (2 * abs(Fraction(exact)) + step) // (2 * step) * step
    return int(whole) if exact >= 0 else -int(whole)


def read_rate(price: Json, currency: str) -> Rate | None:
    """How a price of Stripe's counts in a currency; None if it is not sold in it, or its tiers are not there.

    `tiers` and `currency_options` are in the body only if they were asked for with `expand`.
    """
    shown = price if price["currency"] == currency else (price.get("currency_options") or {}).get(currency)
    if shown is None:
        return None
    transform = price.get("transform_quantity")
    rule = TransformQuantity(int(transform["divide_by"]), transform["round"]) if transform else None
    if price.get("billing_scheme") != "tiered":
        unit = _decimal(shown.get("unit_amount_decimal"))
        return None if unit is None else Rate(currency, unit, transform_quantity=rule)
    if not shown.get("tiers"):
        return None
    return Rate(currency, None, tuple(_tier(one) for one in shown["tiers"]), price["tiers_mode"], rule)


def _packages(rate: Rate, quantity: int) -> int:
    rule = rate.transform_quantity
    if rule is None:
        return quantity
    return -(-quantity // rule.divide_by) if rule.round == "up" else quantity // rule.divide_by


def _reached(tiers: tuple[Tier, ...], quantity: int) -> Iterator[tuple[int, Tier, int]]:
    """Every tier that the quantity reaches, with how many units fall into it; the first one always."""
    below = 0
    for number, tier in enumerate(tiers, 1):
        top = quantity if tier.up_to == "inf" else min(quantity, tier.up_to)
        yield number, tier, top - below
        if top == quantity:
            return
        below = top


def _of_tier(currency: str, number: int, tier: Tier, units: int) -> Iterator[Charge]:
    unit, flat = tier.unit_amount, tier.flat_amount
    if unit is not None or flat is None:
        exact = unit or Decimal(0)
        yield Charge(units, exact, rounded(Fraction(exact) * units, currency), number)
    if flat is not None:
        yield Charge(1, flat, rounded(flat, currency), number, flat_fee=True)


def _tier(body: Json) -> Tier:
    up_to: int | None = body["up_to"]
    unit, flat = _decimal(body.get("unit_amount_decimal")), _decimal(body.get("flat_amount_decimal"))
    return Tier("inf" if up_to is None else int(up_to), unit, flat)


def _decimal(text: Any) -> Decimal | None:
    return None if text is None else Decimal(str(text))
