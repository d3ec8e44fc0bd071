"""Prices to compare, and what they cost, worked out unit by unit and so in another way than the code does it."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

from hypothesis import strategies as st

from billing_review.pricing import Package, Pricing, Tier

AMOUNTS = st.integers(0, 60).map(Decimal) | st.decimals("0", "9", places=3)


def price_list(pricing: Pricing, upto: int) -> list[Fraction]:
    """The amount of each quantity from 0 on, in minor units, as somebody with patience would write it down."""
    if pricing.mode == "volume":
        return [_whole_tier(pricing.tiers, quantity) for quantity in range(upto + 1)]
    if pricing.mode == "graduated":
        return list(_unit_after_unit(pricing.tiers, upto))
    if pricing.package is None:
        return [Fraction(pricing.unit or 0) * quantity for quantity in range(upto + 1)]
    return [Fraction(pricing.unit or 0) * packages for packages in _packages(pricing.package, upto)]


def _whole_tier(tiers: tuple[Tier, ...], quantity: int) -> Fraction:
    here = [tier for tier in tiers if tier.up_to is None or tier.up_to >= quantity][0]  # noqa: RUF015
    return Fraction(here.flat) + Fraction(here.unit) * quantity


def _unit_after_unit(tiers: tuple[Tier, ...], upto: int) -> Iterator[Fraction]:
    """Each unit at its own tier's amount, and the flat fee of each tier that is entered."""
    total, number = Fraction(tiers[0].flat), 0
    yield total
    for unit in range(1, upto + 1):
        if (end := tiers[number].up_to) is not None and unit > end:
            number += 1
            total += Fraction(tiers[number].flat)
        total += Fraction(tiers[number].unit)
        yield total


def _packages(package: Package, upto: int) -> Iterator[int]:
    """Units are put into packages one by one; one that is begun counts when rounding up, a full one always."""
    full, begun = 0, 0
    yield 0
    for _ in range(upto):
        begun += 1
        if begun == package.divide_by:
            full, begun = full + 1, 0
        yield full + (1 if begun and package.round == "up" else 0)


flat = st.builds(Pricing, st.just("usd"), AMOUNTS)
packages = st.builds(
    Pricing,
    st.just("usd"),
    AMOUNTS,
    package=st.builds(Package, st.integers(1, 40), st.sampled_from(["up", "down"])),
)


@st.composite
def tiered(draw: st.DrawFn) -> Pricing:
    """Up to five tiers, graduated or by volume."""
    bounds = [*sorted(draw(st.sets(st.integers(1, 150), max_size=4))), None]
    tiers = tuple(Tier(bound, draw(AMOUNTS), draw(st.just(Decimal(0)) | AMOUNTS)) for bound in bounds)
    return Pricing("usd", tiers=tiers, mode=draw(st.sampled_from(["graduated", "volume"])))


anything = flat | packages | tiered()
