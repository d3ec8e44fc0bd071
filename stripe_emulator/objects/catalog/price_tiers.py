"""Tiers of a price, graduated or by volume. https://docs.stripe.com/products-prices/pricing-models#tiered-pricing."""

from __future__ import annotations

from typing import Any

from stripe_emulator.errors import catalog as errors
from stripe_emulator.errors import parameters
from stripe_emulator.objects.catalog.price_amounts import echo

Document = dict[str, Any]


def tiers_of(params: Document) -> list[Document] | None:
    """Return the tiers as Stripe echoes them, or None for a price that has none."""
    if params.get("billing_scheme") != "tiered":
        _refuse_tier_parameters(params)
        return None
    for name in ("tiers", "tiers_mode"):
        if not params.get(name):
            raise errors.tiered_needs(name)
    if not params.get("recurring"):
        raise errors.tiered_one_time()
    if "transform_quantity" in params:
        raise errors.not_with_tiers("transform_quantity")
    return echo_tiers(params["tiers"], "tiers")


def echo_tiers(tiers: list[Document], name: str) -> list[Document]:
    """Return tiers with both spellings of their amounts; the last one's bound is null."""
    _refuse_bad_bounds([tier["up_to"] for tier in tiers], name)
    return [_tier(tier, f"{name}[{index}]") for index, tier in enumerate(tiers)]


def _tier(tier: Document, name: str) -> Document:
    for amount in ("unit_amount", "flat_amount"):
        if amount in tier and f"{amount}_decimal" in tier:
            raise parameters.exclusive([amount, f"{amount}_decimal"], f"{name}[{amount}]")
    shown = {**echo("flat_amount", tier, name), **echo("unit_amount", tier, name)}
    if all(value is None for value in shown.values()):
        raise errors.tier_without_amount(name)
    return {**shown, "up_to": None if tier["up_to"] == "inf" else tier["up_to"]}


def _refuse_bad_bounds(bounds: list[Any], name: str) -> None:
    if not bounds or bounds[-1] != "inf":
        raise errors.no_last_tier(name)
    finite = bounds[:-1]
    if "inf" in finite or any(bound < 1 for bound in finite) or finite != sorted(set(finite)):
        raise errors.tiers_not_ascending(name)


def _refuse_tier_parameters(params: Document) -> None:
    for name in ("tiers", "tiers_mode"):
        if name in params:
            raise errors.only_tiered(name)
