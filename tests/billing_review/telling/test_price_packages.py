"""Packages change: golden texts, with every amount computed by hand."""

from __future__ import annotations

from tests.billing_review.telling.builders import SEAT, USAGE, golden, replaced, same, told

ARCHIVED = "The old price is archived: customers stay on it and keep its terms until somebody moves them."
THOUSANDS = same("Price", "ai.tokens", **{**USAGE.args, "transform_quantity": {"divide_by": 1000, "round": "up"}})


def test_a_package_gets_dearer() -> None:
    """The amount is for a package; examples stand on both sides of its edge."""
    assert told(replaced(THOUSANDS, unit_amount=3)) == golden(
        f"""
        Assistant, monthly usage of AI tokens: 0.02 → 0.03 USD for every started 1,000 units (+50.0 %), new price.
        - {ARCHIVED}
        | Amount: 0.02 USD for every started 1,000 units → 0.03 USD for every started 1,000 units (+50.0 %)
        $ usd: Units are billed in packages of 1,000, and a started one is billed whole: \
1,001 units cost 2 × 0.03 = 0.06 USD.
          1 AI tokens: 0.02 USD → 0.03 USD (+50.0 %); 1 × 0.03 = 0.03 USD
          1000 AI tokens: 0.02 USD → 0.03 USD (+50.0 %); 1 × 0.03 = 0.03 USD
          1001 AI tokens: 0.04 USD → 0.06 USD (+50.0 %); 2 × 0.03 = 0.06 USD
          10000 AI tokens: 0.20 USD → 0.30 USD (+50.0 %); 10 × 0.03 = 0.30 USD
          100000 AI tokens: 2.00 USD → 3.00 USD (+50.0 %); 100 × 0.03 = 3.00 USD
        """
    )


def test_single_units_become_packages() -> None:
    """0.02 a unit and 0.05 for a thousand of them: the examples say what that means."""
    packages = {"divide_by": 1000, "round": "up"}
    assert told(replaced(USAGE, unit_amount=5, transform_quantity=packages)) == golden(
        f"""
        Assistant, monthly usage of AI tokens: 0.02 USD a unit → 0.05 USD for every started 1,000 units \
(-99.8 % for full packages), new price.
        - {ARCHIVED}
        | Amount: 0.02 USD a unit → 0.05 USD for every started 1,000 units
        $ usd: Units are billed in packages of 1,000, and a started one is billed whole: \
1,001 units cost 2 × 0.05 = 0.10 USD.
          1 AI tokens: 0.02 USD → 0.05 USD (+150.0 %); 1 × 0.05 = 0.05 USD
          1000 AI tokens: 20.00 USD → 0.05 USD (-99.8 %); 1 × 0.05 = 0.05 USD
          1001 AI tokens: 20.02 USD → 0.10 USD (-99.5 %); 2 × 0.05 = 0.10 USD
          10000 AI tokens: 200.00 USD → 0.50 USD (-99.8 %); 10 × 0.05 = 0.50 USD
          100000 AI tokens: 2,000.00 USD → 5.00 USD (-99.8 %); 100 × 0.05 = 5.00 USD
          1000000 AI tokens: 20,000.00 USD → 50.00 USD (-99.8 %); 1,000 × 0.05 = 50.00 USD
        """
    )


def test_size_and_rounding_change() -> None:
    """Smaller packages, of which only full ones count."""
    assert told(replaced(THOUSANDS, transform_quantity={"divide_by": 500, "round": "down"})) == golden(
        f"""
        Assistant, monthly usage of AI tokens: 0.02 USD for every started 1,000 units → \
0.02 USD for every full 500 units (+100.0 % for full packages), new price.
        - {ARCHIVED}
        | Amount: 0.02 USD for every started 1,000 units → 0.02 USD for every full 500 units
        $ usd: Units are billed in packages of 500, and only full packages count: \
999 units cost 1 × 0.02 = 0.02 USD.
          1 AI tokens: 0.02 USD → 0.00 USD (-100.0 %); 0 × 0.02 = 0.00 USD
          500 AI tokens: 0.02 USD → 0.02 USD (0.0 %); 1 × 0.02 = 0.02 USD
          501 AI tokens: 0.02 USD → 0.02 USD (0.0 %); 1 × 0.02 = 0.02 USD
          1000 AI tokens: 0.02 USD → 0.04 USD (+100.0 %); 2 × 0.02 = 0.04 USD
          1001 AI tokens: 0.04 USD → 0.04 USD (0.0 %); 2 × 0.02 = 0.04 USD
          5000 AI tokens: 0.10 USD → 0.20 USD (+100.0 %); 10 × 0.02 = 0.20 USD
          10000 AI tokens: 0.20 USD → 0.40 USD (+100.0 %); 20 × 0.02 = 0.40 USD
          50000 AI tokens: 1.00 USD → 2.00 USD (+100.0 %); 100 × 0.02 = 2.00 USD
          100000 AI tokens: 2.00 USD → 4.00 USD (+100.0 %); 200 × 0.02 = 4.00 USD
        """
    )


def test_seats_in_packages() -> None:
    """What is no usage is billed by time as well."""
    packages = {"divide_by": 5, "round": "up"}
    found = told(replaced(SEAT, unit_amount=5000, transform_quantity=packages))
    assert found.splitlines()[0] == (
        "Team, monthly seat: 12.00 USD a seat and month → 50.00 USD a month for every started 5 seats "
        "(-16.7 % for full packages), new price, "
        "lookup key team_monthly moves to it."
    )
    assert (
        "Seats are billed in packages of 5, and a started one is billed whole: 6 seats cost 2 × 50.00 = 100.00 USD."
        in found
    )
