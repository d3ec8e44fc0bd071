"""Prices that are new, and prices that go, in golden texts with every amount computed by hand."""

from __future__ import annotations

from billing_review.report import Affected
from tests.billing_review.telling.builders import FLAT, SEAT, VOLUME, entry, golden, gone, new, same, told


def test_a_new_price() -> None:
    """Everything of it is told: what it costs, the trial, the key, and what comes with it."""
    price = new(
        "Price",
        "team.yearly",
        product="team",
        currency="usd",
        unit_amount=12000,
        recurring={"interval": "year"},
        seats={"mode": "follow"},
        trial_days=14,
        limits={"members": {"included": 50, "per": "lifetime"}},
        lookup_key="team_yearly",
        default=True,
    )
    assert told(price) == golden(
        """
        Team, yearly seat: new price, 120.00 USD a seat and year, 14 days of trial, lookup key team_yearly, \
the product's default price.
        | Amount: ∅ → 120.00 USD a seat and year
        | Billed: ∅ → every year
        | Product: ∅ → Team
        | Default price of the product: ∅ → yes
        | Trial: ∅ → 14 days
        | Seats: ∅ → follow the members
        | Limit on members: ∅ → 50 in all (then refused)
        | Lookup key: ∅ → team_yearly
        $ usd
          1 seat: ∅ → 120.00 USD; 1 × 120.00 = 120.00 USD
          10 seats: ∅ → 1,200.00 USD; 10 × 120.00 = 1,200.00 USD
          50 seats: ∅ → 6,000.00 USD; 50 × 120.00 = 6,000.00 USD
        """
    )


def test_a_new_price_with_a_minimum() -> None:
    """Examples begin where bills begin, and the smallest bill is said: 5 × 12.00."""
    price = new("Price", "team.volume", **{**VOLUME.args, "seats": {"mode": "follow", "minimum": 5}})
    found = told(price)
    assert "- Fewer than 5 seats are billed as 5: 60.00 USD is the smallest bill." in found
    assert [line for line in found.splitlines() if line.startswith("  ") and "[" not in line] == [
        "  5 seats: ∅ → 60.00 USD; 5 × 12.00 = 60.00 USD",
        "  20 seats: ∅ → 240.00 USD; 20 × 12.00 = 240.00 USD",
        "  21 seats: ∅ → 210.00 USD; 21 × 10.00 = 210.00 USD",
        "  100 seats: ∅ → 1,000.00 USD; 100 × 10.00 = 1,000.00 USD",
        "  101 seats: ∅ → 808.00 USD; 101 × 8.00 = 808.00 USD",
        "  200 seats: ∅ → 1,600.00 USD; 200 × 8.00 = 1,600.00 USD",
    ]


def test_a_one_time_price() -> None:
    """Paid once."""
    assert told(new("Price", "team.setup", product="team", currency="jpy", unit_amount=30000)) == golden(
        """
        Team, one-time fee: new price, 30,000 JPY once.
        | Amount: ∅ → 30,000 JPY once
        | Billed: ∅ → once
        | Product: ∅ → Team
        $ jpy
        """
    )


def test_nobody_is_counted_on_what_is_new() -> None:
    """A price that is not there yet has nobody on it, whatever was counted."""
    found = entry(new("Price", "ai.base", **FLAT.args), affected=Affected())
    assert found.headline == "Assistant, monthly fee: new price, 5.00 USD a month."


def test_a_price_goes() -> None:
    """Customers stay, nobody new can buy it, and the application finds nothing under its key."""
    counted = Affected(active=1, seats=3, customers=1, monthly_revenue={"usd": 3600})
    assert told(gone("Price", SEAT.key, **SEAT.args), affected=counted) == golden(
        """
        Team, monthly seat: archived (12.00 USD a seat and month), customers stay, nobody new can buy it, \
lookup key team_monthly vanishes; 1 active subscription (3 seats) stays on it.
        - 1 customer pays 36.00 USD a month on it today, at list price and without usage.
        - An application that asks for team_monthly finds no price any more.
        | Amount: 12.00 USD a seat and month → ∅
        | Billed: every month → ∅
        | Product: Team → ∅
        | Seats: follow the members → ∅
        | Lookup key: team_monthly → ∅
        $ usd
          1 seat: 12.00 USD → ∅; 1 × 12.00 = 12.00 USD
          10 seats: 120.00 USD → ∅; 10 × 12.00 = 120.00 USD
          50 seats: 600.00 USD → ∅; 50 × 12.00 = 600.00 USD
        """
    )


def test_a_default_price_goes() -> None:
    """Who becomes the default, or that nobody does, is said."""
    old = gone("Price", SEAT.key, **{**SEAT.args, "default": True})
    heir = new("Price", "team.yearly", **{**SEAT.args, "recurring": {"interval": "year"}, "default": True})
    assert "- Team has no default price afterwards." in told(old)
    assert "- “Team, yearly seat” becomes the default price of Team." in told(old, heir)


def test_in_tiers_and_in_other_currencies() -> None:
    """What goes says what it cost in every currency."""
    both = {**VOLUME.args, "currency_options": {"eur": {"tiers": VOLUME.args["tiers"]}}}
    assert told(gone("Price", "team.volume", **both)).splitlines()[0] == (
        "Team, monthly seat: archived (12.00 / 10.00 / 8.00 USD a seat and month in 3 volume tiers and in EUR), "
        "customers stay, nobody new can buy it."
    )


def test_prices_that_stay_are_not_told() -> None:
    """What does not change has no entry."""
    found = told(
        new("Price", "team.setup", product="team", currency="usd", unit_amount=100), same("Price", "x", **SEAT.args)
    )
    assert found.startswith("Team, one-time fee: new price, 1.00 USD once.")
