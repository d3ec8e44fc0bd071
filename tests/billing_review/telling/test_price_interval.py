"""How often a price is billed changes: golden texts, with every amount computed by hand."""

from __future__ import annotations

from tests.billing_review.telling.builders import FLAT, SEAT, USAGE, VOLUME, golden, replaced, same, told

ARCHIVED = "The old price is archived: customers stay on it and keep its terms until somebody moves them."


def test_from_months_to_years() -> None:
    """Amounts for different times are compared for one month: 120.00 a year is 10.00 a month."""
    assert told(replaced(SEAT, unit_amount=12000, recurring={"interval": "year"})) == golden(
        f"""
        Team, yearly seat: 12.00 USD a seat and month → 120.00 USD a seat and year, \
which in a month is 12.00 → 10.00 USD a seat (-16.7 %), new price, lookup key team_monthly moves to it.
        - {ARCHIVED}
        | Amount: 12.00 USD a seat and month → 120.00 USD a seat and year
        | In a month: 12.00 USD → 10.00 USD (-16.7 %)
        | Billed: every month → every year
        $ usd
          1 seat: 12.00 USD every month → 120.00 USD every year; 1 × 120.00 = 120.00 USD
          10 seats: 120.00 USD every month → 1,200.00 USD every year; 10 × 120.00 = 1,200.00 USD
          50 seats: 600.00 USD every month → 6,000.00 USD every year; 50 × 120.00 = 6,000.00 USD
        """
    )


def test_to_weeks() -> None:
    """52 weeks are 12 months: 5.00 every two weeks is 5 × 26 / 12 = 10.83 a month, and a little."""
    assert told(replaced(FLAT, recurring={"interval": "week", "interval_count": 2})) == golden(
        f"""
        Assistant, fee every 2 weeks: 5.00 USD a month → 5.00 USD every 2 weeks, \
which in a month is 5.00 → about 10.83 USD (+116.7 %), new price.
        - {ARCHIVED}
        | Amount: 5.00 USD a month → 5.00 USD every 2 weeks
        | In a month: 5.00 USD → about 10.83 USD (+116.7 %)
        | Billed: every month → every 2 weeks
        $ usd
        """
    )


def test_to_days() -> None:
    """365 days are 12 months: 0.24 a day is 0.24 × 365 / 12 = 7.30 a month."""
    assert told(replaced(FLAT, unit_amount=24, recurring={"interval": "day"})).splitlines()[0] == (
        "Assistant, daily fee: 5.00 USD a month → 0.24 USD a day, "
        "which in a month is 5.00 → 7.30 USD (+46.0 %), new price."
    )


def test_to_quarters() -> None:
    """Three months are a quarter: 30.00 in a quarter is 10.00 a month."""
    quarter = {"interval": "month", "interval_count": 3}
    assert told(replaced(SEAT, unit_amount=3000, recurring=quarter)).splitlines()[0] == (
        "Team, quarterly seat: 12.00 USD a seat and month → 30.00 USD a seat every 3 months, "
        "which in a month is 12.00 → 10.00 USD a seat (-16.7 %), new price, lookup key team_monthly moves to it."
    )


def test_twelve_months_are_a_year() -> None:
    """A year written as 12 months costs the same in a month."""
    yearly = same("Price", "x", **{**FLAT.args, "unit_amount": 6000, "recurring": {"interval": "year"}})
    months = {"interval": "month", "interval_count": 12}
    assert told(replaced(yearly, recurring=months)).splitlines()[0] == (
        "Assistant, fee every 12 months: 60.00 USD a year → 60.00 USD every 12 months, "
        "which in a month is 5.00 → 5.00 USD, new price."
    )


def test_to_once() -> None:
    """What is paid once is not compared with what is paid every month."""
    assert told(replaced(FLAT, unit_amount=9900, recurring=None)) == golden(
        f"""
        Assistant, one-time fee: 5.00 USD a month → 99.00 USD once, new price.
        - {ARCHIVED}
        | Amount: 5.00 USD a month → 99.00 USD once
        | Billed: every month → once
        $ usd
        """
    )


def test_usage_is_billed_less_often() -> None:
    """A unit costs what it cost; it is only the bill that comes later."""
    assert told(replaced(USAGE, recurring={"interval": "year", "meter": "tokens"})) == golden(
        f"""
        Assistant, yearly usage of AI tokens: billed every year instead of every month, new price.
        - {ARCHIVED}
        | Billed: every month → every year
        $ usd
          1 AI tokens: 0.02 USD every month → 0.02 USD every year; 1 × 0.02 = 0.02 USD
          1000 AI tokens: 20.00 USD every month → 20.00 USD every year; 1,000 × 0.02 = 20.00 USD
          100000 AI tokens: 2,000.00 USD every month → 2,000.00 USD every year; 100,000 × 0.02 = 2,000.00 USD
          1000000 AI tokens: 20,000.00 USD every month → 20,000.00 USD every year; 1,000,000 × 0.02 = 20,000.00 USD
        """
    )


def test_tiers_are_billed_less_often() -> None:
    """So do tiers, whose table says it of each quantity."""
    found = told(replaced(VOLUME, recurring={"interval": "year"}))
    assert found.splitlines()[0] == "Team, yearly seat: billed every year instead of every month, new price."
    assert "  21 seats: 210.00 USD every month → 210.00 USD every year; 21 × 10.00 = 210.00 USD" in found
