"""What quantities cost, against Stripe's published examples and a count of unit after unit."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing_review.pricing import Package, Pricing, Tier, currencies_of, pricing_of

MONTHLY = {"interval": "month"}
# Up to 5 at 7 USD, up to 10 at 6.50 USD, then 6 USD: https://docs.stripe.com/subscriptions/pricing-models/tiered-pricing
FONTS = [
    {"up_to": 5, "unit_amount": 700},
    {"up_to": 10, "unit_amount": 650},
    {"up_to": "inf", "unit_amount": 600},
]


def priced(**args: Any) -> Pricing:
    """The arithmetic of a declared price in USD."""
    return pricing_of({"currency": "usd", "recurring": MONTHLY, **args})


@pytest.mark.parametrize(("quantity", "cost"), [(1, 700), (5, 3500), (6, 3900), (20, 12000), (25, 15000)])
def test_stripes_own_example_of_volume(quantity: int, cost: int) -> None:
    """All fonts cost what the tier of their number says: Stripe's table."""
    assert priced(tiers=FONTS, tiers_mode="volume").due(quantity) == cost


@pytest.mark.parametrize(
    ("quantity", "cost"),
    [(1, 700), (5, 3500), (6, 4150), (10, 6750), (11, 7350), (20, 12750), (25, 15750)],
)
def test_stripes_own_example_of_graduated(quantity: int, cost: int) -> None:
    """Each font costs what its own tier says: 5 × 7.00, then 5 × 6.50, then 6.00 each."""
    assert priced(tiers=FONTS, tiers_mode="graduated").due(quantity) == cost


@pytest.mark.parametrize(
    ("quantity", "graduated", "volume"),
    [(0, 1000, 1000), (1, 1100, 1100), (10, 2000, 2000), (11, 2550, 1050), (20, 3000, 1500), (21, 3000, 0)],
)
def test_fees(quantity: int, graduated: int, volume: int) -> None:
    """A tier's fee is for entering it: graduated adds them up, volume has one; nothing costs the first one's."""
    tiers = [
        {"up_to": 10, "flat_amount": 1000, "unit_amount": 100},
        {"up_to": 20, "flat_amount": 500, "unit_amount": 50},
        {"up_to": "inf", "unit_amount": 0},
    ]
    assert priced(tiers=tiers, tiers_mode="graduated").due(quantity) == graduated
    assert priced(tiers=tiers, tiers_mode="volume").due(quantity) == volume


@pytest.mark.parametrize(
    ("quantity", "up", "down"),
    [(0, 0, 0), (1, 4, 0), (999, 4, 0), (1000, 4, 4), (1001, 8, 4), (1999, 8, 4), (2000, 8, 8), (2500, 12, 8)],
)
def test_packages(quantity: int, up: int, down: int) -> None:
    """A started package is a whole one, or none, as the price says."""
    for direction, cost in (("up", up), ("down", down)):
        package = {"divide_by": 1000, "round": direction}
        assert priced(unit_amount=4, transform_quantity=package).due(quantity) == cost


@pytest.mark.parametrize(
    ("amount", "quantity", "due"),
    [("0.4", 1, 0), ("0.4", 2, 1), ("0.5", 1, 1), ("0.5", 3, 2), ("0.004", 124, 0), ("0.004", 125, 1), ("0.15", 10, 2)],
)
def test_a_sum_is_rounded_once_and_half_up(amount: str, quantity: int, due: int) -> None:
    """Parts of a minor unit add up before they are rounded."""
    assert priced(unit_amount_decimal=amount).due(quantity) == due


def test_exact_with_the_most_digits() -> None:
    """The largest and finest amount times a billion loses nothing."""
    finest = priced(unit_amount_decimal="999999999999.123456789012")
    # 10**12 × 1,000,000,007 less 0.876543210988 × 1,000,000,007, which is 876543217.123802476916
    assert finest.cost(1_000_000_007) == Decimal("1000000006999123456782.876197523084")


def test_a_declared_price_is_read() -> None:
    """Everything of a declaration that the arithmetic needs is there, whatever form its numbers have."""
    found = pricing_of(
        {
            "currency": "usd",
            "unit_amount": 4.0,
            "transform_quantity": {"divide_by": 1000.0, "round": "up"},
            "recurring": {"interval": "month", "interval_count": 3.0, "meter": "tokens"},
        }
    )
    assert found == Pricing(
        "usd", Decimal(4), package=Package(1000, "up"), interval="month", interval_count=3, metered=True
    )
    assert priced(unit_amount=1200, seats={"mode": "follow"}).per_seat
    assert pricing_of({"currency": "usd", "unit_amount": 9900}).interval is None


def test_tiers_are_read() -> None:
    """Bounds may be numbers or inf, amounts whole or decimal, and what is missing is nothing."""
    found = priced(tiers=[{"up_to": 10.0, "unit_amount_decimal": "0.4"}, {"up_to": "inf", "flat_amount_decimal": "5"}])
    assert found.tiers == (Tier(10, unit=Decimal("0.4")), Tier(None, flat=Decimal(5)))
    assert (found.mode, found.unit) == ("graduated", None)


def test_other_currencies() -> None:
    """A price has an arithmetic for each of its currencies, its own first, and none for others."""
    args = {
        "currency": "usd",
        "unit_amount": 1200,
        "currency_options": {"jpy": {"unit_amount": 1800}, "eur": {"unit_amount": 1100}, "usd": {"unit_amount": 1200}},
    }
    assert currencies_of(args) == ("usd", "eur", "jpy")
    assert [pricing_of(args, one).due(10) for one in currencies_of(args)] == [12000, 11000, 18000]
    with pytest.raises(KeyError):
        pricing_of(args, "gbp")


def test_tiers_that_never_end_are_not_needed() -> None:
    """Past the last bound the last tier's amount holds, even where a newer form leaves out the open end."""
    assert Pricing("usd", tiers=(Tier(10, unit=Decimal(100)),), mode="volume").due(12) == 1200


AMOUNTS = st.integers(0, 10_000).map(Decimal) | st.decimals(0, 100, places=4)
QUANTITIES = st.integers(0, 5_000)


@given(AMOUNTS, QUANTITIES, st.integers(1, 500))
def test_more_never_costs_less_per_unit(amount: Decimal, quantity: int, more: int) -> None:
    """Without tiers the amount only rises with the quantity."""
    price = Pricing("usd", amount)
    assert price.cost(quantity) <= price.cost(quantity + more)


@given(AMOUNTS, AMOUNTS, QUANTITIES)
def test_the_modes_agree_at_one_tier(unit: Decimal, flat: Decimal, quantity: int) -> None:
    """With a single tier there is nothing to be graduated."""
    tier = (Tier(None, unit, flat),)
    graduated, volume = Pricing("usd", tiers=tier, mode="graduated"), Pricing("usd", tiers=tier, mode="volume")
    assert graduated.cost(quantity) == volume.cost(quantity) == flat + unit * quantity


@given(AMOUNTS, st.sets(st.integers(1, 4_000), max_size=6), QUANTITIES)
def test_splitting_graduated_tiers_changes_nothing(unit: Decimal, ends: set[int], quantity: int) -> None:
    """Tiers with one amount and no fees are one tier, wherever they are cut."""
    tiers = tuple(Tier(end, unit) for end in [*sorted(ends), None])
    assert Pricing("usd", tiers=tiers, mode="graduated").cost(quantity) == Pricing("usd", unit).cost(quantity)


@given(AMOUNTS, st.integers(1, 300), QUANTITIES)
def test_packages_of_one_are_no_packages(unit: Decimal, size: int, quantity: int) -> None:
    """Up and down differ by at most one package, by none at whole ones."""
    up, down = (Pricing("usd", unit, package=Package(size, way)) for way in ("up", "down"))
    assert up.cost(quantity) - down.cost(quantity) == (unit if quantity % size else 0)
    assert Pricing("usd", unit, package=Package(1, "up")).cost(quantity) == Pricing("usd", unit).cost(quantity)


# The same once more, without any formula: Stripe's rules read out unit after unit.


def count_units(args: Mapping[str, Any], quantity: int) -> Decimal:
    """What a quantity costs, counted: https://docs.stripe.com/products-prices/pricing-models."""
    if "transform_quantity" in args:
        return count_packages(args, quantity)
    if "tiers" not in args:
        return sum((amount(args) for _ in range(quantity)), Decimal(0))
    return (count_volume if args["tiers_mode"] == "volume" else count_graduated)(args["tiers"], quantity)


def amount(found: Mapping[str, Any], name: str = "unit_amount") -> Decimal:
    """An amount, however it is spelled."""
    return Decimal(str(found.get(name, found.get(f"{name}_decimal", 0))))


def tier_of(tiers: list[dict[str, Any]], unit: int) -> int:
    """Which tier a unit is in, by its number."""
    for place, tier in enumerate(tiers):
        if tier["up_to"] == "inf" or unit <= tier["up_to"]:
            return place
    raise AssertionError(unit)


def count_volume(tiers: list[dict[str, Any]], quantity: int) -> Decimal:
    """Every unit at the amount of the tier that the last one is in, and that tier's fee."""
    tier = tiers[tier_of(tiers, max(quantity, 1))]
    return sum((amount(tier) for _ in range(quantity)), amount(tier, "flat_amount"))


def count_graduated(tiers: list[dict[str, Any]], quantity: int) -> Decimal:
    """Every unit at its own tier's amount, and a fee for each tier that is entered; the first one always is."""
    total, entered = Decimal(0), {0}
    for unit in range(1, quantity + 1):
        place = tier_of(tiers, unit)
        entered.add(place)
        total += amount(tiers[place])
    return sum((amount(tiers[place], "flat_amount") for place in entered), total)


def count_packages(args: Mapping[str, Any], quantity: int) -> Decimal:
    """Units are put into packages one by one; a package costs when it is begun, or when it is full."""
    size, charged = args["transform_quantity"]["divide_by"], Decimal(0)
    charging = 1 if args["transform_quantity"]["round"] == "up" else size
    for unit in range(1, quantity + 1):
        if (unit - 1) % size + 1 == charging:
            charged += amount(args)
    return charged


COUNTED: Mapping[str, Mapping[str, Any]] = {
    "per seat": {"unit_amount": 1200},
    "finer than a cent": {"unit_amount_decimal": "0.0015"},
    "volume": {"tiers": FONTS, "tiers_mode": "volume"},
    "graduated": {"tiers": FONTS, "tiers_mode": "graduated"},
    "graduated with fees": {
        "tiers_mode": "graduated",
        "tiers": [
            {"up_to": 1, "flat_amount": 500},
            {"up_to": 100, "unit_amount_decimal": "12.5", "flat_amount": 100},
            {"up_to": 900, "unit_amount": 3},
            {"up_to": "inf", "unit_amount_decimal": "0.004", "flat_amount_decimal": "0.5"},
        ],
    },
    "volume with fees": {
        "tiers_mode": "volume",
        "tiers": [
            {"up_to": 50, "flat_amount": 5000},
            {"up_to": 1000, "unit_amount": 90, "flat_amount_decimal": "0.25"},
            {"up_to": "inf", "unit_amount": 70, "flat_amount": 1},
        ],
    },
    "an included amount": {
        "tiers_mode": "graduated",
        "tiers": [{"up_to": 1000, "unit_amount": 0}, {"up_to": "inf", "unit_amount_decimal": "0.4"}],
    },
    "packages, started": {"unit_amount": 4, "transform_quantity": {"divide_by": 100, "round": "up"}},
    "packages, full": {"unit_amount_decimal": "2.5", "transform_quantity": {"divide_by": 7, "round": "down"}},
}


@pytest.mark.parametrize("name", COUNTED)
def test_counted_unit_after_unit(name: str) -> None:
    """At 50 random quantities, and at every edge, the arithmetic is what counting finds."""
    args = {"currency": "usd", "recurring": MONTHLY, **COUNTED[name]}
    edges = [0, 1, 5, 6, 7, 10, 11, 50, 51, 100, 101, 900, 901, 1000, 1001]
    chosen = Random(name)  # noqa: S311 - the same quantities in every run
    for quantity in [*edges, *(chosen.randrange(2_500) for _ in range(50))]:
        assert pricing_of(args).cost(quantity) == count_units(args, quantity), quantity
