"""Tiers change: golden texts, with every amount computed by hand."""

from __future__ import annotations

from typing import Any

from tests.billing_review.telling.builders import (
    GRADUATED,
    SEAT,
    USAGE,
    VOLUME,
    entry,
    golden,
    new,
    replaced,
    same,
    told,
)

ARCHIVED = "The old price is archived: customers stay on it and keep its terms until somebody moves them."


def tiers(*rows: tuple[int | str, int], **fees: int) -> list[dict[str, Any]]:
    """Tiers of bounds and amounts; fees are by the tier's place: ``t2=5000``."""
    return [
        {"up_to": up_to, "unit_amount": unit} | ({"flat_amount": fees[f"t{number}"]} if f"t{number}" in fees else {})
        for number, (up_to, unit) in enumerate(rows)
    ]


def test_amounts_change() -> None:
    """The headline names the tiers that change, the table has all of them."""
    later = tiers((20, 1300), (100, 1000), ("inf", 700))
    assert told(replaced(VOLUME, tiers=later)) == golden(
        f"""
        Team, monthly seat: at 1 to 20 seats 12.00 → 13.00 USD each (+8.3 %), \
at 101 seats and more 8.00 → 7.00 USD each (-12.5 %), new price.
        - {ARCHIVED}
        | Amount: 12.00 / 10.00 / 8.00 USD a seat and month in 3 volume tiers → \
13.00 / 10.00 / 7.00 USD a seat and month in 3 volume tiers
        $ usd: The whole quantity is billed at the amount of its tier: 40 seats cost 40 × 10.00 = 400.00 USD.
          [1 to 20] 12.00 USD each → 13.00 USD each
          [21 to 100] 10.00 USD each → 10.00 USD each
          [101 and more] 8.00 USD each → 7.00 USD each
          1 seat: 12.00 USD → 13.00 USD (+8.3 %); 1 × 13.00 = 13.00 USD
          20 seats: 240.00 USD → 260.00 USD (+8.3 %); 20 × 13.00 = 260.00 USD
          21 seats: 210.00 USD → 210.00 USD (0.0 %); 21 × 10.00 = 210.00 USD
          100 seats: 1,000.00 USD → 1,000.00 USD (0.0 %); 100 × 10.00 = 1,000.00 USD
          101 seats: 808.00 USD → 707.00 USD (-12.5 %); 101 × 7.00 = 707.00 USD
          200 seats: 1,600.00 USD → 1,400.00 USD (-12.5 %); 200 × 7.00 = 1,400.00 USD
        """
    )


def test_a_bound_moves() -> None:
    """The table is cut at the bounds of both sides; a fee stands where its tier begins."""
    later = tiers((25, 1200), (100, 1000), ("inf", 800), t2=5000)
    assert told(replaced(GRADUATED, tiers=later)) == golden(
        f"""
        Team, monthly seat: tiers end at 25 and 100 instead of 20 and 100, with other fees, new price.
        - {ARCHIVED}
        | Amount: 12.00 / 10.00 / 8.00 USD a seat and month in 3 graduated tiers → \
12.00 / 10.00 / 8.00 USD a seat and month in 3 graduated tiers with fees
        $ usd: Each tier's amount counts only for the seats within that tier, its fee once it is reached: \
50 seats cost 25 × 12.00 + 25 × 10.00 = 550.00 USD.
          [1 to 20] 12.00 USD each → 12.00 USD each
          [21 to 25] 10.00 USD each → 12.00 USD each
          [26 to 100] 10.00 USD each → 10.00 USD each
          [101 and more] 8.00 USD each → 8.00 USD each + 50.00 USD fee
          1 seat: 12.00 USD → 12.00 USD (0.0 %); 1 × 12.00 = 12.00 USD
          20 seats: 240.00 USD → 240.00 USD (0.0 %); 20 × 12.00 = 240.00 USD
          21 seats: 250.00 USD → 252.00 USD (+0.8 %); 21 × 12.00 = 252.00 USD
          25 seats: 290.00 USD → 300.00 USD (+3.4 %); 25 × 12.00 = 300.00 USD
          26 seats: 300.00 USD → 310.00 USD (+3.3 %); 25 × 12.00 + 1 × 10.00 = 310.00 USD
          100 seats: 1,040.00 USD → 1,050.00 USD (+1.0 %); 25 × 12.00 + 75 × 10.00 = 1,050.00 USD
          101 seats: 1,048.00 USD → 1,108.00 USD (+5.7 %); 25 × 12.00 + 75 × 10.00 + 1 × 8.00 + 50.00 = 1,108.00 USD
          200 seats: 1,840.00 USD → 1,900.00 USD (+3.3 %); 25 × 12.00 + 75 × 10.00 + 100 × 8.00 + 50.00 = 1,900.00 USD
        """
    )


def test_volume_becomes_graduated() -> None:
    """The same amounts mean another bill."""
    assert told(replaced(VOLUME, tiers_mode="graduated")) == golden(
        f"""
        Team, monthly seat: graduated tiers instead of volume ones, new price.
        - {ARCHIVED}
        | Amount: 12.00 / 10.00 / 8.00 USD a seat and month in 3 volume tiers → \
12.00 / 10.00 / 8.00 USD a seat and month in 3 graduated tiers
        $ usd: Each tier's amount counts only for the seats within that tier: \
40 seats cost 20 × 12.00 + 20 × 10.00 = 440.00 USD.
          [1 to 20] 12.00 USD each → 12.00 USD each
          [21 to 100] 10.00 USD each → 10.00 USD each
          [101 and more] 8.00 USD each → 8.00 USD each
          1 seat: 12.00 USD → 12.00 USD (0.0 %); 1 × 12.00 = 12.00 USD
          20 seats: 240.00 USD → 240.00 USD (0.0 %); 20 × 12.00 = 240.00 USD
          21 seats: 210.00 USD → 250.00 USD (+19.0 %); 20 × 12.00 + 1 × 10.00 = 250.00 USD
          100 seats: 1,000.00 USD → 1,040.00 USD (+4.0 %); 20 × 12.00 + 80 × 10.00 = 1,040.00 USD
          101 seats: 808.00 USD → 1,048.00 USD (+29.7 %); 20 × 12.00 + 80 × 10.00 + 1 × 8.00 = 1,048.00 USD
          200 seats: 1,600.00 USD → 1,840.00 USD (+15.0 %); 20 × 12.00 + 80 × 10.00 + 100 × 8.00 = 1,840.00 USD
        """
    )


def test_one_amount_becomes_tiers() -> None:
    """One amount stands in every row of the table."""
    assert told(replaced(SEAT, unit_amount=None, tiers_mode="volume", tiers=VOLUME.args["tiers"])) == golden(
        f"""
        Team, monthly seat: 12.00 USD a seat and month → 12.00 / 10.00 / 8.00 USD a seat and month in 3 volume tiers, \
new price, lookup key team_monthly moves to it.
        - {ARCHIVED}
        | Amount: 12.00 USD a seat and month → 12.00 / 10.00 / 8.00 USD a seat and month in 3 volume tiers
        $ usd: The whole quantity is billed at the amount of its tier: 40 seats cost 40 × 10.00 = 400.00 USD.
          [1 to 20] 12.00 USD each → 12.00 USD each
          [21 to 100] 12.00 USD each → 10.00 USD each
          [101 and more] 12.00 USD each → 8.00 USD each
          1 seat: 12.00 USD → 12.00 USD (0.0 %); 1 × 12.00 = 12.00 USD
          10 seats: 120.00 USD → 120.00 USD (0.0 %); 10 × 12.00 = 120.00 USD
          20 seats: 240.00 USD → 240.00 USD (0.0 %); 20 × 12.00 = 240.00 USD
          21 seats: 252.00 USD → 210.00 USD (-16.7 %); 21 × 10.00 = 210.00 USD
          50 seats: 600.00 USD → 500.00 USD (-16.7 %); 50 × 10.00 = 500.00 USD
          100 seats: 1,200.00 USD → 1,000.00 USD (-16.7 %); 100 × 10.00 = 1,000.00 USD
          101 seats: 1,212.00 USD → 808.00 USD (-33.3 %); 101 × 8.00 = 808.00 USD
          200 seats: 2,400.00 USD → 1,600.00 USD (-33.3 %); 200 × 8.00 = 1,600.00 USD
        """
    )


def test_included_usage() -> None:
    """What is included is free, then fractions of a cent add up."""
    price = {
        **USAGE.args,
        "unit_amount": None,
        "tiers_mode": "graduated",
        "tiers": [
            {"up_to": 100_000, "unit_amount": 0},
            {"up_to": 1_000_000, "unit_amount_decimal": "0.004"},
            {"up_to": "inf", "unit_amount_decimal": "0.003"},
        ],
    }
    found = told(new("Price", "ai.graduated", **{name: value for name, value in price.items() if value is not None}))
    assert found == golden(
        """
        Assistant, monthly usage of AI tokens: new price, 0.00 / 0.00004 / 0.00003 USD a unit in 3 graduated tiers.
        | Amount: ∅ → 0.00 / 0.00004 / 0.00003 USD a unit in 3 graduated tiers
        | Billed: ∅ → every month
        | Product: ∅ → Assistant
        | Bills usage of: ∅ → AI tokens
        $ usd: Each tier's amount counts only for the units within that tier: \
200,000 units cost 100,000 × 0.00 + 100,000 × 0.00004 = 4.00 USD.
          [1 to 100,000] ∅ → free
          [100,001 to 1,000,000] ∅ → 0.00004 USD each
          [1,000,001 and more] ∅ → 0.00003 USD each
          1 AI tokens: ∅ → 0.00 USD; 1 × 0.00 = 0.00 USD
          100000 AI tokens: ∅ → 0.00 USD; 100,000 × 0.00 = 0.00 USD
          100001 AI tokens: ∅ → 0.00 USD; 100,000 × 0.00 + 1 × 0.00004 = 0.00004 USD, billed as 0.00 USD
          1000000 AI tokens: ∅ → 36.00 USD; 100,000 × 0.00 + 900,000 × 0.00004 = 36.00 USD
          1000001 AI tokens: ∅ → 36.00 USD; \
100,000 × 0.00 + 900,000 × 0.00004 + 1 × 0.00003 = 36.00003 USD, billed as 36.00 USD
          2000000 AI tokens: ∅ → 66.00 USD; \
100,000 × 0.00 + 900,000 × 0.00004 + 1,000,000 × 0.00003 = 66.00 USD
        """
    )


def test_fees_alone() -> None:
    """A tier may cost a fee whatever the quantity; one that changes is told beside its tier."""
    flat = same(
        "Price",
        "team.flat",
        **{**VOLUME.args, "tiers": [{"up_to": 10, "flat_amount": 9900}, {"up_to": "inf", "flat_amount": 19900}]},
    )
    later = [{"up_to": 10, "flat_amount": 9900}, {"up_to": "inf", "flat_amount": 24900}]
    assert told(replaced(flat, tiers=later)) == golden(
        f"""
        Team, monthly seat: at 11 seats and more fee 199.00 → 249.00 USD (+25.1 %), new price.
        - {ARCHIVED}
        | Amount: 99.00 / 199.00 USD a month in 2 volume tiers → 99.00 / 249.00 USD a month in 2 volume tiers
        $ usd: The whole quantity is billed at the amount of its tier: 20 seats cost 249.00 USD.
          [1 to 10] 99.00 USD fee → 99.00 USD fee
          [11 and more] 199.00 USD fee → 249.00 USD fee
          1 seat: 99.00 USD → 99.00 USD (0.0 %); 99.00 USD
          10 seats: 99.00 USD → 99.00 USD (0.0 %); 99.00 USD
          11 seats: 199.00 USD → 249.00 USD (+25.1 %); 249.00 USD
          20 seats: 199.00 USD → 249.00 USD (+25.1 %); 249.00 USD
        """
    )


def test_bounds_and_amounts_move_together() -> None:
    """With other bounds, amounts are told side by side."""
    later = tiers((50, 1100), ("inf", 900))
    assert told(replaced(GRADUATED, tiers=later)).splitlines()[0] == (
        "Team, monthly seat: tiers end at 50 instead of 20 and 100, at 11.00 / 9.00 USD each "
        "instead of 12.00 / 10.00 / 8.00, new price."
    )


def test_many_tiers() -> None:
    """A headline counts what is too much to name, and the examples stay few."""
    many = tiers(*((bound, 1000 - bound) for bound in range(10, 210, 10)), ("inf", 700))
    later = tiers(*((bound, 1100 - bound) for bound in range(10, 210, 10)), ("inf", 700))
    price = same("Price", "team.many", **{**GRADUATED.args, "tiers": many})
    found = entry(replaced(price, tiers=later))
    assert found.headline == "Team, monthly seat: other amounts in 20 of 21 tiers, new price."
    assert found.facts[0].old == "9.90 to 7.00 USD a seat and month in 21 graduated tiers"
    assert len(found.costs[0].tiers) == 21
    quantities = [example.quantity for example in found.costs[0].examples]
    assert (len(quantities), quantities[0], quantities[-1]) == (16, 1, 400)


def test_a_fee_stands_where_its_tier_begins() -> None:
    """Where a bound cuts a tier in two, a graduated fee stands in its first row, a volume fee in both."""
    old, later = tiers((20, 1200), (100, 1000), ("inf", 800), t1=3000), tiers((50, 1200), ("inf", 800))
    rows = {}
    for mode in ("graduated", "volume"):
        price = same("Price", "team.fees", **{**VOLUME.args, "tiers_mode": mode, "tiers": old})
        costs = entry(replaced(price, tiers=later)).costs[0]
        rows[mode] = [(row.units, row.old, row.new) for row in costs.tiers]
    ten, fee = "10.00 USD each", "10.00 USD each + 30.00 USD fee"
    twelve, eight = "12.00 USD each", "8.00 USD each"
    assert rows == {
        mode: [
            ("1 to 20", twelve, twelve),
            ("21 to 50", fee, twelve),
            ("51 to 100", second, eight),
            ("101 and more", eight, eight),
        ]
        for mode, second in (("graduated", ten), ("volume", fee))
    }
