"""What a quantity costs: the one place where amounts are computed."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stripe_emulator.objects.catalog.price_calculation import cost

AMOUNTS = st.integers(min_value=0, max_value=10_000)


def per_unit(amount: str, transform: dict[str, Any] | None = None) -> dict[str, Any]:
    """Return a per-unit price."""
    return {
        "billing_scheme": "per_unit",
        "currency_options": {},
        "unit_amount_decimal": amount,
        "transform_quantity": transform,
    }


def tiered(mode: str, *tiers: tuple[int | None, int, int]) -> dict[str, Any]:
    """Return a tiered price from (up_to, unit, flat)."""
    shown = [
        {"up_to": up_to, "unit_amount_decimal": str(unit), "flat_amount_decimal": str(flat)}
        for up_to, unit, flat in tiers
    ]
    return {"billing_scheme": "tiered", "currency_options": {}, "tiers_mode": mode, "tiers": shown}


@pytest.mark.parametrize(("quantity", "expected"), [(0, 0), (1, 4), (1000, 4), (1001, 8), (2500, 12)])
def test_started_packages_are_charged(quantity: int, expected: int) -> None:
    """Rounding up charges every started package."""
    assert cost(per_unit("4", {"divide_by": 1000, "round": "up"}), quantity, "usd") == expected


def test_full_packages_are_charged() -> None:
    """Rounding down charges only full packages."""
    assert cost(per_unit("4", {"divide_by": 1000, "round": "down"}), 2500, "usd") == 8


@pytest.mark.parametrize(("quantity", "expected"), [(1, 0), (2, 1), (3, 1), (30, 10)])
def test_fractions_are_rounded_once(quantity: int, expected: int) -> None:
    """The sum is rounded, half up, not each unit."""
    assert cost(per_unit("0.333"), quantity, "usd") == expected


@pytest.mark.parametrize(("quantity", "expected"), [(0, 100), (5, 150), (6, 298), (10, 330)])
def test_graduated_tiers(quantity: int, expected: int) -> None:
    """Units are counted tier by tier, and a flat fee is due once its tier is reached."""
    price = tiered("graduated", (5, 10, 100), (None, 8, 140))
    assert cost(price, quantity, "usd") == expected


@pytest.mark.parametrize(("quantity", "expected"), [(0, 100), (5, 150), (6, 188)])
def test_volume_tiers(quantity: int, expected: int) -> None:
    """All units cost what the tier of the whole quantity says."""
    assert cost(tiered("volume", (5, 10, 100), (None, 8, 140)), quantity, "usd") == expected


@given(unit=AMOUNTS, quantity=st.integers(min_value=0, max_value=10_000), bound=st.integers(1, 5_000))
def test_equal_tiers_are_no_tiers(unit: int, quantity: int, bound: int) -> None:
    """Where every tier costs the same, both modes cost what a per-unit price costs."""
    expected = unit * quantity
    assert cost(tiered("graduated", (bound, unit, 0), (None, unit, 0)), quantity, "usd") == expected
    assert cost(tiered("volume", (bound, unit, 0), (None, unit, 0)), quantity, "usd") == expected


@given(first=AMOUNTS, second=AMOUNTS, quantity=st.integers(0, 1_000), bound=st.integers(1, 500))
def test_graduated_tiers_add_up(first: int, second: int, quantity: int, bound: int) -> None:
    """The graduated amount is the sum over the units, one by one."""
    expected = sum(first if unit <= bound else second for unit in range(1, quantity + 1))
    assert cost(tiered("graduated", (bound, first, 0), (None, second, 0)), quantity, "usd") == expected


def test_the_subscriptions_currency_counts() -> None:
    """A price in several currencies is charged in the one asked for."""
    price = {**per_unit("1200"), "currency_options": {"eur": {"unit_amount_decimal": "1100"}}}
    assert (cost(price, 2, "usd"), cost(price, 2, "eur")) == (2400, 2200)
