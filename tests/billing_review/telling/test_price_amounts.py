"""A price's amount changes: golden texts, with every amount computed by hand."""

from __future__ import annotations

from dataclasses import replace

from billing_review.report import Affected
from tests.billing_review.telling.builders import FLAT, SEAT, TEAM, USAGE, golden, replaced, same, told, updated

ARCHIVED = "The old price is archived: customers stay on it and keep its terms until somebody moves them."


def test_a_seat_gets_dearer() -> None:
    """What it was, what it will be, how much that is, what becomes of the lookup key, and who is on the old price."""
    counted = Affected(active=37, seats=412, customers=37, monthly_revenue={"usd": 494400})
    assert told(replaced(SEAT, unit_amount=1400), affected=counted) == golden(
        f"""
        Team, monthly seat: 12.00 → 14.00 USD a seat and month (+16.7 %), new price, \
lookup key team_monthly moves to it; 37 active subscriptions (412 seats) stay on the old price.
        - {ARCHIVED}
        - 37 customers pay 4,944.00 USD a month on it today, at list price and without usage.
        | Amount: 12.00 USD a seat and month → 14.00 USD a seat and month (+16.7 %)
        $ usd
          1 seat: 12.00 USD → 14.00 USD (+16.7 %); 1 × 14.00 = 14.00 USD
          10 seats: 120.00 USD → 140.00 USD (+16.7 %); 10 × 14.00 = 140.00 USD
          50 seats: 600.00 USD → 700.00 USD (+16.7 %); 50 × 14.00 = 700.00 USD
        """
    )


def test_a_fee_gets_cheaper() -> None:
    """A fee has no quantities to give examples of."""
    assert told(replaced(FLAT, unit_amount=450)) == golden(
        f"""
        Assistant, monthly fee: 5.00 → 4.50 USD a month (-10.0 %), new price.
        - {ARCHIVED}
        | Amount: 5.00 USD a month → 4.50 USD a month (-10.0 %)
        $ usd
        """
    )


def test_yen() -> None:
    """Yen have no decimals."""
    fee = same("Price", "ai.base", **{**FLAT.args, "currency": "jpy", "unit_amount": 1500})
    assert told(replaced(fee, unit_amount=1800)) == golden(
        f"""
        Assistant, monthly fee: 1,500 → 1,800 JPY a month (+20.0 %), new price.
        - {ARCHIVED}
        | Amount: 1,500 JPY a month → 1,800 JPY a month (+20.0 %)
        $ jpy
        """
    )


def test_dinars() -> None:
    """Kuwaiti dinars have three."""
    fee = same("Price", "ai.base", **{**FLAT.args, "currency": "kwd", "unit_amount": 1500})
    assert told(replaced(fee, unit_amount=1505)) == golden(
        f"""
        Assistant, monthly fee: 1.500 → 1.505 KWD a month (+0.3 %), new price.
        - {ARCHIVED}
        | Amount: 1.500 KWD a month → 1.505 KWD a month (+0.3 %)
        $ kwd
        """
    )


def test_finer_than_a_cent() -> None:
    """Usage may cost less than a cent: the sum is exact, and what is billed is said."""
    assert told(replaced(USAGE, unit_amount=None, unit_amount_decimal="0.15")) == golden(
        f"""
        Assistant, monthly usage of AI tokens: 0.02 → 0.0015 USD a unit (-92.5 %), new price.
        - {ARCHIVED}
        | Amount: 0.02 USD a unit → 0.0015 USD a unit (-92.5 %)
        $ usd
          1 AI tokens: 0.02 USD → 0.00 USD (-100.0 %); 1 × 0.0015 = 0.0015 USD, billed as 0.00 USD
          1000 AI tokens: 20.00 USD → 1.50 USD (-92.5 %); 1,000 × 0.0015 = 1.50 USD
          100000 AI tokens: 2,000.00 USD → 150.00 USD (-92.5 %); 100,000 × 0.0015 = 150.00 USD
          1000000 AI tokens: 20,000.00 USD → 1,500.00 USD (-92.5 %); 1,000,000 × 0.0015 = 1,500.00 USD
        """
    )


def test_from_nothing() -> None:
    """What was free has no percentage."""
    assert "0.00 → 5.00 USD a month, new price" in told(
        replaced(same("Price", "x", **{**FLAT.args, "unit_amount": 0}), unit_amount=500)
    )


def test_a_fee_becomes_seats() -> None:
    """Amounts for different things stand beside each other, and are not compared in percent."""
    assert told(replaced(FLAT, unit_amount=200, seats={"mode": "follow"})) == golden(
        f"""
        Assistant, monthly seat: 5.00 USD a month → 2.00 USD a seat and month, new price, seats follow the members.
        - {ARCHIVED}
        | Amount: 5.00 USD a month → 2.00 USD a seat and month
        | Seats: ∅ → follow the members
        $ usd
          1 seat: 5.00 USD → 2.00 USD (-60.0 %); 1 × 2.00 = 2.00 USD
          10 seats: 50.00 USD → 20.00 USD (-60.0 %); 10 × 2.00 = 20.00 USD
          50 seats: 250.00 USD → 100.00 USD (-60.0 %); 50 × 2.00 = 100.00 USD
        """
    )


def test_the_products_own_word_for_a_seat() -> None:
    """A unit label is what a seat is called, with its article and its plural."""
    label = replace(TEAM, new={**TEAM.args, "unit_label": "agency"}, old={**TEAM.args, "unit_label": "agency"})
    found = told(replaced(SEAT, unit_amount=1400), label, affected=Affected(active=1, seats=2))
    assert found.splitlines()[0] == (
        "Team, monthly agency: 12.00 → 14.00 USD an agency and month (+16.7 %), new price, "
        "lookup key team_monthly moves to it; 1 active subscription (2 agencies) stays on the old price."
    )
    assert "  1 agency: 12.00 USD" in found
    assert "  10 agencies: 120.00 USD" in found


def test_equal_amounts_written_differently() -> None:
    """1200 and 1200.00 are one amount."""
    assert told(updated(SEAT, unit_amount=None, unit_amount_decimal="1200.00", trial_days=7)) == golden(
        """
        Team, monthly seat: 7 days of trial.
        - Only new subscriptions notice: trials that have begun end as they would have.
        | Trial: ∅ → 7 days
        """
    )
