"""What a price costs, each period and each month."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing_runtime import load_manifest
from billing_runtime.migration.facts import Amounts, PriceFacts, Tier, read_price
from tests.billing_runtime.conftest import example

GRADUATED = (Tier(10, Decimal(100), Decimal(0)), Tier(None, Decimal(80), Decimal(500)))


def facts(**changes: Any) -> PriceFacts:
    """A monthly price of 12.00 USD."""
    usual: dict[str, Any] = {
        "id": "price_1",
        "key": None,
        "lookup_key": None,
        "active": True,
        "product_active": True,
        "usage": "licensed",
        "meter": None,
        "interval": "month",
        "interval_count": 1,
        "amounts": {"usd": Amounts(Decimal(1200))},
    }
    return PriceFacts(**(usual | changes))


@pytest.mark.parametrize(
    ("amounts", "quantity", "due"),
    [
        (Amounts(Decimal(1200)), 3, 3600),
        (Amounts(Decimal("0.5")), 3, 2),  # 1.5, rounded half up
        (Amounts(Decimal("0.5")), 1, 1),
        (Amounts(Decimal(4), divide_by=1000), 1001, 8),
        (Amounts(Decimal(4), divide_by=1000, round_up=False), 1999, 4),
        (Amounts(tiers=GRADUATED), 10, 1000),
        (Amounts(tiers=GRADUATED), 12, 1660),  # 10 × 100, then 500 and 2 × 80
        (Amounts(tiers=GRADUATED, volume=True), 12, 1460),  # 500 and 12 × 80
        (Amounts(tiers=GRADUATED, volume=True), 0, 0),
    ],
)
def test_a_period_costs_what_stripe_bills(amounts: Amounts, quantity: int, due: int) -> None:
    """Whole minor units, rounded once, whatever the form of the price."""
    assert amounts.due(quantity) == due


@pytest.mark.parametrize(
    ("interval", "count", "total", "monthly"),
    [
        ("month", 1, 1200, 1200),
        ("month", 3, 1000, 333),
        ("year", 1, 10000, 833),
        ("year", 1, 10002, 834),  # 833.5
        ("week", 1, 100, 433),  # 52 weeks in 12 months
        ("day", 1, 100, 3042),  # 365 days in 12 months
    ],
)
def test_revenue_is_brought_to_a_month(interval: str, count: int, total: int, monthly: int) -> None:
    """Divided once, at the end, and rounded half up."""
    assert facts(interval=interval, interval_count=count).monthly(total) == monthly


@given(st.lists(st.integers(0, 10**6), min_size=1, max_size=30))
def test_a_sum_is_rounded_once(periods: list[int]) -> None:
    """A twelfth of the sum differs from the exact one by at most half a unit, however many are added up."""
    yearly = facts(interval="year")
    assert abs(Decimal(yearly.monthly(sum(periods))) - Decimal(sum(periods)) / 12) <= Decimal("0.5")


def test_every_currency_of_a_price_is_read() -> None:
    """Its own and the options, tiers in each; one whose tiers are not shown is known, its amounts are not."""
    tier = {"up_to": None, "unit_amount_decimal": "90", "flat_amount_decimal": None}
    body = {
        "id": "price_x",
        "active": False,
        "billing_scheme": "tiered",
        "tiers_mode": "volume",
        "currency": "usd",
        "tiers": [tier],
        "currency_options": {"usd": {"tiers": [tier]}, "eur": {"tiers": [tier]}, "gbp": {}},
        "recurring": {"interval": "year", "interval_count": 2, "usage_type": "licensed", "meter": None},
        "product": {"id": "prod_team", "active": False},
        "metadata": {"billing:type": "per_seat", "billing:key": "team.old", "billing:seats": "follow minimum=3"},
    }
    price = read_price(load_manifest(example()), body)
    assert (price.due("usd", 2), price.due("eur", 3), price.due("gbp", 3)) == (180, 270, None)
    assert set(price.amounts) == {"usd", "eur", "gbp"}
    assert (price.key, price.every, price.product_active) == ("team.old", "2 years", False)
    assert price.seats is not None
    assert price.seats.minimum == 3


def test_usage_has_no_amount() -> None:
    """What a metered item will cost, nobody knows before."""
    assert facts(usage="metered").due("usd", None) is None
