"""Tiers that make no sense, and quantities that cost less than smaller ones."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing_review.judgement.rules.volume_cliff import cliffs
from billing_review.pricing import Pricing, Tier, pricing_of
from tests.billing_review.judgement.changes import change, findings, price, replaced, step, told, volume

FIRST = "team.volume"


def new(args: dict[str, Any]) -> Any:
    """A change that brings this price."""
    return change(step("Price", FIRST, None, args))


def written(*tiers: dict[str, Any]) -> dict[str, Any]:
    """A graduated price of these tiers."""
    return price(unit_amount=None, tiers=list(tiers), tiers_mode="graduated")


GAPS: dict[str, tuple[dict[str, Any], list[str]]] = {
    "bounds that fall": (
        written({"up_to": 20, "unit_amount": 5}, {"up_to": 10, "unit_amount": 4}, {"up_to": "inf", "unit_amount": 3}),
        ["the tier up to 10 comes after the one up to 20, so it is never reached"],
    ),
    "an end in between": (
        written({"up_to": "inf", "unit_amount": 5}, {"up_to": "inf", "unit_amount": 4}),
        ["a tier without an end is followed by another, which is never reached"],
    ),
    "no end": (
        written({"up_to": 10, "unit_amount": 5}, {"up_to": 1000, "unit_amount": 4}),
        ["nothing says what is paid beyond 1,000 units"],
    ),
    "an odd bound": (
        written({"up_to": "ten", "unit_amount": 5}, {"up_to": "inf", "unit_amount": 4}),
        ["a tier without an end is followed by another, which is never reached", "a tier has an end that is no number"],
    ),
    "no amount": (
        written({"up_to": 20, "unit_amount": 5}, {"up_to": 1500}, {"up_to": "inf", "unit_amount": 3}),
        ["units 21 to 1,500 have no amount, so they cost nothing"],
    ),
    "free in between": (
        written(
            {"up_to": 20, "unit_amount": 500}, {"up_to": 50, "unit_amount": 0}, {"up_to": "inf", "unit_amount": 300}
        ),
        ["units 21 to 50 are free, while those before them cost 5.00 USD each"],
    ),
    "free at the end": (
        written({"up_to": 20, "unit_amount": 500}, {"up_to": "inf", "unit_amount_decimal": "0"}),
        ["units from 21 on are free, while those before them cost 5.00 USD each"],
    ),
}


@pytest.mark.parametrize("name", GAPS)
def test_tiers_without_sense_are_told(name: str) -> None:
    """Which units it is about, and what is wrong."""
    args, sentences = GAPS[name]
    assert told(new(args), "tier-gap") == [f"{FIRST}: {sentence}." for sentence in sentences]


def test_each_currency_is_looked_at() -> None:
    """The sentence has its amounts."""
    euros = [{"up_to": 20, "unit_amount": 450}, {"up_to": "inf", "unit_amount": 0}]
    args = volume((20, 500), ("inf", 400), currency_options={"eur": {"tiers": euros}})
    assert told(new(args), "tier-gap") == [
        f"{FIRST}: units from 21 on are free, while those before them cost 4.50 EUR each."
    ]


def test_a_free_beginning_is_no_gap() -> None:
    """Nor is a tier of a flat fee alone, nor one that costs nothing but entering it."""
    included = written({"up_to": 100, "unit_amount": 0}, {"up_to": "inf", "unit_amount_decimal": "0.4"})
    flat = written({"up_to": 5, "flat_amount": 5000}, {"up_to": "inf", "unit_amount": 0, "flat_amount": 9000})
    assert [told(new(args), "tier-gap") for args in (included, flat)] == [[], []]


def test_tiers_that_were_so_before_are_not_told_again() -> None:
    """A new nickname is no reason to look at them."""
    old = GAPS["free in between"][0]
    assert told(change(step("Price", FIRST, old, {**old, "nickname": "Team"})), "tier-gap") == []


JUMPS: dict[str, tuple[dict[str, Any], list[str]]] = {
    "tenfold down": (
        volume((20, 1200), ("inf", 120)),
        ["units from 21 on cost 1.20 USD each, the tier before 12.00 USD"],
    ),
    "hundredfold up": (
        volume((20, 12), (50, 1100), ("inf", 1000)),
        ["units 21 to 50 cost 11.00 USD each, the tier before 0.12 USD"],
    ),
    "back again": (
        volume((20, 1200), (50, 800), ("inf", 1000)),
        ["units from 51 on cost 10.00 USD each, more again than the 8.00 USD of the tier before"],
    ),
}


@pytest.mark.parametrize("name", JUMPS)
def test_an_odd_jump_is_told(name: str) -> None:
    """The tier and both amounts."""
    args, sentences = JUMPS[name]
    assert told(new(args), "tier-jump") == [f"{FIRST}: {sentence}." for sentence in sentences]


@pytest.mark.parametrize(
    "args",
    [
        volume((20, 1200), (50, 1000), ("inf", 800)),
        volume((20, 0), ("inf", 1200)),
        volume((20, 1200), ("inf", 121)),
        volume((20, 500), (50, 800), ("inf", 1000)),
    ],
)
def test_an_ordinary_jump_is_none(args: dict[str, Any]) -> None:
    """Cheaper with every tier, free at first, nearly tenfold, dearer with every tier."""
    assert told(new(args), "tier-jump") == []


def test_a_fall_is_told_with_its_quantities() -> None:
    """The larger quantity, both totals, and every smaller one that costs more than it."""
    assert told(new(volume((20, 1200), ("inf", 1000))), "volume-cliff") == [
        (
            f"{FIRST}: 21 seats cost 30.00 USD less than 20 (210.00 USD instead of 240.00 USD), and 18 to 20 all "
            "cost more than that."
        )
    ]


def test_every_fall_is_told() -> None:
    """Down to one quantity that is dearer, whatever the period."""
    args = volume((1, 1000), (10, 400), ("inf", 350), recurring={"interval": "year"})
    assert told(new(args), "volume-cliff") == [
        (
            f"{FIRST}: 2 seats cost 2.00 USD less than 1 (8.00 USD instead of 10.00 USD); 11 seats cost 1.50 USD "
            "less than 10 (38.50 USD instead of 40.00 USD)."
        )
    ]


def test_the_amounts_of_the_issue() -> None:
    """21 seats cost 168.00 less than 20."""
    assert told(new(volume((20, 1680), ("inf", 800))), "volume-cliff") == [
        (
            f"{FIRST}: 21 seats cost 168.00 USD less than 20 (168.00 USD instead of 336.00 USD), and 11 to 20 all "
            "cost more than that."
        )
    ]


def test_a_flat_fee_counts() -> None:
    """A tier of a fee alone falls to the next."""
    tiers = [{"up_to": 10, "flat_amount": 10000}, {"up_to": "inf", "unit_amount": 500}]
    args = price(unit_amount=None, tiers=tiers, tiers_mode="volume")
    assert told(new(args), "volume-cliff") == [
        (
            f"{FIRST}: 11 units cost 45.00 USD less than 10 (55.00 USD instead of 100.00 USD), and 1 to 10 all cost "
            "more than that."
        )
    ]


def test_other_currencies_fall_for_themselves() -> None:
    """Dollars rise, euros fall."""
    euros = [{"up_to": 20, "unit_amount": 1000}, {"up_to": "inf", "unit_amount": 900}]
    args = volume((20, 1000), ("inf", 990), currency_options={"eur": {"tiers": euros}})
    assert told(new(args), "volume-cliff") == [
        (
            f"{FIRST}: 21 seats cost 11.00 EUR less than 20 (189.00 EUR instead of 200.00 EUR), and 19 to 20 all "
            "cost more than that."
        )
    ]


@pytest.mark.parametrize(
    "args",
    [
        volume((20, 1200), ("inf", 1150)),
        volume((20, 1200), ("inf", 800), mode="graduated"),
        price(unit_amount=1000, transform_quantity={"divide_by": 10, "round": "up"}),
        volume((20, 1000), ("inf", 1000)),
    ],
)
def test_a_total_that_does_not_fall_is_no_cliff(args: dict[str, Any]) -> None:
    """A small step, graduated tiers, packages."""
    assert told(new(args), "volume-cliff") == []


def test_a_cliff_that_was_there_is_not_told_again() -> None:
    """But where its amounts change, it is."""
    old = volume((20, 1200), ("inf", 1000))
    assert told(change(step("Price", FIRST, old, {**old, "nickname": "x"})), "volume-cliff") == []
    assert len(told(change(replaced(old, volume((20, 1200), ("inf", 900)))), "volume-cliff")) == 1


amounts = st.decimals(0, 2000, places=2) | st.integers(0, 2000).map(Decimal)
tiers = st.builds(
    lambda bounds, units, flats: tuple(
        Tier(bound, unit, flat) for bound, unit, flat in zip([*sorted(bounds), None], units, flats, strict=False)
    ),
    st.sets(st.integers(1, 60), min_size=1, max_size=4),
    st.lists(amounts, min_size=5, max_size=5),
    st.lists(st.just(Decimal(0)) | amounts, min_size=5, max_size=5),
)


@given(tiers)
def test_cliffs_are_exact(made: tuple[Tier, ...]) -> None:
    """Against every quantity up to beyond the last bound: where one more costs less, by how much, and since when."""
    pricing = Pricing("usd", tiers=made, mode="volume")
    costs = [pricing.cost(quantity) for quantity in range(130)]
    falls = {quantity: costs[quantity + 1] for quantity in range(1, 129) if costs[quantity + 1] < costs[quantity]}
    found = cliffs(pricing)
    assert {cliff.quantity: cliff.after for cliff in found} == falls
    for cliff in found:
        assert cliff.before == costs[cliff.quantity]
        first = max([0, *(tier.up_to for tier in made if tier.up_to is not None and tier.up_to < cliff.quantity)]) + 1
        dearer = [quantity for quantity in range(first, cliff.quantity + 1) if costs[quantity] > cliff.after]
        assert dearer == list(range(cliff.dearer_from, cliff.quantity + 1))


@given(st.integers(1, 10**6), st.integers(1, 10**9), st.integers(1, 10**9))
def test_large_numbers_stay_exact(bound: int, first: int, second: int) -> None:
    """Twelve decimals of a minor unit do not vanish in a large total."""
    args = price(
        unit_amount=None,
        tiers_mode="volume",
        tiers=[
            {"up_to": bound, "unit_amount_decimal": f"{first}.000000000001"},
            {"up_to": "inf", "unit_amount_decimal": f"{second}.000000000002"},
        ],
    )
    before, after = (bound * (first * 10**12 + 1), (bound + 1) * (second * 10**12 + 2))
    assert bool(findings(new(args), "volume-cliff")) == (after < before)
    assert pricing_of(args).tiers[0].up_to == bound
