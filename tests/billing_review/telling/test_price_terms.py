"""What comes with a price changes: golden texts, with every number written by hand."""

from __future__ import annotations

from billing_review.report import Affected
from tests.billing_review.telling.builders import FLAT, SEAT, TOKENS, USAGE, golden, new, replaced, same, told, updated

ARCHIVED = "The old price is archived: customers stay on it and keep its terms until somebody moves them."


def test_a_trial_gets_shorter() -> None:
    """Who has a trial keeps it."""
    trial = same("Price", "team.monthly", **{**SEAT.args, "trial_days": 14})
    assert told(updated(trial, trial_days=1)) == golden(
        """
        Team, monthly seat: 1 day of trial instead of 14.
        - Only new subscriptions notice: trials that have begun end as they would have.
        | Trial: 14 days → 1 day
        """
    )


def test_a_trial_goes() -> None:
    """What it was is said."""
    trial = same("Price", "team.monthly", **{**SEAT.args, "trial_days": 14})
    assert told(updated(trial, trial_days=None)).splitlines()[0] == (
        "Team, monthly seat: no trial any more (it was 14 days)."
    )


def test_seats_are_bought() -> None:
    """The smallest bill follows from the minimum: 5 × 12.00."""
    seats = {"mode": "purchased", "minimum": 5, "maximum": 50}
    assert told(updated(SEAT, seats=seats), affected=Affected(active=2, seats=9)) == golden(
        """
        Team, monthly seat: seats are bought and members are held to them, at least 5 seats billed instead of 1, \
at most 50 seats instead of any number; 2 active subscriptions (9 seats) are on it.
        - Fewer than 5 seats are billed as 5: 60.00 USD is the smallest bill.
        - Customers with fewer seats pay more as soon as the application counts their members again.
        - The new seat rules hold at once for everybody who is on this price.
        | Seats: follow the members → are bought and members are held to them
        | Fewest seats billed: 1 → 5
        | Most seats: ∅ → 50
        $ usd
          1 seat: 12.00 USD → 60.00 USD (+400.0 %); 5 × 12.00 = 60.00 USD
          5 seats: 60.00 USD → 60.00 USD (0.0 %); 5 × 12.00 = 60.00 USD
          10 seats: 120.00 USD → 120.00 USD (0.0 %); 10 × 12.00 = 120.00 USD
          50 seats: 600.00 USD → 600.00 USD (0.0 %); 50 × 12.00 = 600.00 USD
        """
    )


def test_the_seat_minimum_falls() -> None:
    """From 10 to 1: the smallest bill is one seat."""
    ten = same("Price", "team.monthly", **{**SEAT.args, "seats": {"mode": "follow", "minimum": 10, "maximum": 20}})
    assert told(updated(ten, seats={"mode": "follow"})) == golden(
        """
        Team, monthly seat: at least 1 seat billed instead of 10, any number of seats instead of at most 20.
        - The smallest bill is one seat: 12.00 USD.
        - The new seat rules hold at once for everybody who is on this price.
        | Fewest seats billed: 10 → 1
        | Most seats: 20 → ∅
        $ usd
          1 seat: 120.00 USD → 12.00 USD (-90.0 %); 1 × 12.00 = 12.00 USD
          10 seats: 120.00 USD → 120.00 USD (0.0 %); 10 × 12.00 = 120.00 USD
          50 seats: 600.00 USD → 600.00 USD (0.0 %); 50 × 12.00 = 600.00 USD
        """
    )


def test_examples_keep_to_the_seats_that_there_can_be() -> None:
    """Below the minimum and above the maximum there are no bills to compare."""
    few = same("Price", "team.monthly", **{**SEAT.args, "seats": {"mode": "follow", "minimum": 3, "maximum": 12}})
    lines = told(replaced(few, unit_amount=1000)).splitlines()
    assert lines[-3:] == [
        "$ usd",
        "  3 seats: 36.00 USD → 30.00 USD (-16.7 %); 3 × 10.00 = 30.00 USD",
        "  10 seats: 120.00 USD → 100.00 USD (-16.7 %); 10 × 10.00 = 100.00 USD",
    ]


def test_limits() -> None:
    """Each with its number, its window and what happens beyond it."""
    old = {
        "limits": {
            "members": {"included": 50, "per": "lifetime"},
            "tokens": {"included": 1000},
            "exports": {"included": 10, "per": "day"},
            "projects": {"included": "unlimited"},
            "calls": {"included": 5, "per": "hour", "overage": "allow"},
        }
    }
    later = {
        "members": {"included": 40, "per": "lifetime"},
        "tokens": {"included": 1000, "overage": "bill", "meter": "tokens"},
        "exports": {"included": 300, "per": "month"},
        "calls": {"included": 0, "overage": "bill"},
        "seats": {"included": 0},
    }
    assert told(updated(same("Price", "team.monthly", **{**SEAT.args, **old}), limits=later)) == golden(
        """
        Team, monthly seat: limit on members 50 → 40 in all, limit on tokens 1,000 a billing period \
(then refused) → 1,000 a billing period (then billed as AI tokens), limit on exports 10 a day → 300 a month, \
limit on calls 5 an hour (then let through) → none included (all billed), \
limit on seats added: none, no limit on projects any more (it was unlimited).
        - The new limits hold at once for everybody who is on this price.
        | Limit on members: 50 in all (then refused) → 40 in all (then refused)
        | Limit on tokens: 1,000 a billing period (then refused) → 1,000 a billing period (then billed as AI tokens)
        | Limit on exports: 10 a day (then refused) → 300 a month (then refused)
        | Limit on calls: 5 an hour (then let through) → none included (all billed)
        | Limit on seats: ∅ → none
        | Limit on projects: unlimited → ∅
        """
    )


def test_newer_parts_of_limits() -> None:
    """What is left over, what a change of plan does, and when somebody is told."""
    old = {
        "limits": {
            "tokens": {"included": 1000},
            "images": {"included": 9, "rollover": {"max": 20, "periods": 1}, "thresholds": [80]},
            "calls": {"included": 5, "carry": "reset"},
            "files": {"included": "unlimited", "carry": "carry"},
        }
    }
    later = {
        "tokens": {"included": 1000, "rollover": {"max": "unlimited", "periods": 3.0}, "thresholds": [80, 100.0, 120]},
        "images": {"included": 19, "rollover": {"max": 20, "periods": 1}, "thresholds": [80]},
        "calls": {"included": 5, "carry": "prorate", "rollover": "5"},
        "files": {"included": "unlimited"},
    }
    assert told(updated(same("Price", "team.monthly", **{**SEAT.args, **old}), limits=later)) == golden(
        """
        Team, monthly seat: limit on tokens 1,000 a billing period (then refused) → 1,000 a billing period (then \
refused), what is left may be used for 3 more windows, told at 80 %, 100 % and 120 %, limit on images 9 → 19 a billing \
period, limit on calls 5 a billing period (then refused), starts anew with a change of plan → 5 a billing period (then \
refused), rollover 5, each plan gives its share of the window.
        - The new limits hold at once for everybody who is on this price.
        | Limit on tokens: 1,000 a billing period (then refused) → 1,000 a billing period (then refused), what is left \
may be used for 3 more windows, told at 80 %, 100 % and 120 %
        | Limit on images: 9 a billing period (then refused), up to 20 that are left may be used for 1 more window, \
told at 80 % → 19 a billing period (then refused), up to 20 that are left may be used for 1 more window, told at 80 %
        | Limit on calls: 5 a billing period (then refused), starts anew with a change of plan → 5 a billing period \
(then refused), rollover 5, each plan gives its share of the window
        """
    )


def test_features() -> None:
    """What comes with it, and what does not any more."""
    old = same("Price", "team.monthly", **{**SEAT.args, "features": {"sso": "included", "support": "email"}})
    assert told(updated(old, features={"support": "phone", "audit": "90 days"})) == golden(
        """
        Team, monthly seat: feature support “email” → “phone”, with feature audit (90 days), without feature sso.
        - The new features hold at once for everybody who is on this price.
        | Feature support: email → phone
        | Feature audit: ∅ → 90 days
        | Feature sso: included → ∅
        """
    )


def test_another_meter() -> None:
    """Old customers and new ones are billed by different reports, so there have to be both."""
    calls = new("Meter", "calls", display_name="API calls", event_name="api_calls")
    assert told(replaced(USAGE, recurring={"interval": "month", "meter": "calls"}), calls) == golden(
        f"""
        Assistant, monthly usage of API calls: bills usage of API calls instead of usage of AI tokens, new price, \
at the same 0.02 USD a unit.
        - {ARCHIVED}
        - Customers on the old price are billed by what is reported as “ai_tokens”, new ones by “api_calls”: \
the application has to report both.
        | Bills usage of: AI tokens → API calls
        """
    )


def test_from_a_fee_to_usage() -> None:
    """What was paid for being there is paid for using it."""
    metered = {"interval": "month", "usage_type": "metered", "meter": "tokens"}
    assert told(replaced(FLAT, unit_amount=2, recurring=metered)).splitlines()[0] == (
        "Assistant, monthly usage of AI tokens: 5.00 USD a month → 0.02 USD a unit, "
        "bills usage of AI tokens instead of a quantity, new price."
    )


def test_tax_is_said() -> None:
    """Stripe takes it once."""
    assert told(updated(SEAT, tax_behavior="exclusive")) == golden(
        """
        Team, monthly seat: tax is added to the amount.
        - Stripe lets this be set once: setting it otherwise later makes a new price.
        | Tax is: not set → added to the amount
        """
    )


def test_tax_is_said_otherwise() -> None:
    """Said once, it makes a new price at the same amount."""
    exclusive = same("Price", "team.monthly", **{**SEAT.args, "tax_behavior": "exclusive"})
    assert told(replaced(exclusive, tax_behavior="inclusive")) == golden(
        f"""
        Team, monthly seat: new price, at the same 12.00 USD a seat and month, lookup key team_monthly moves to it, \
tax is included in the amount.
        - {ARCHIVED}
        | Tax is: added to the amount → included in the amount
        """
    )


def test_another_product() -> None:
    """A price cannot move: a new one is made for the other product."""
    assert told(replaced(SEAT, product="ai")).splitlines()[0] == (
        "Assistant, monthly seat: belongs to Assistant instead of Team, new price, "
        "at the same 12.00 USD a seat and month, lookup key team_monthly moves to it."
    )


def test_names_and_notes() -> None:
    """A nickname and metadata change nothing for customers, and are told last."""
    noted = same("Price", "team.monthly", **{**SEAT.args, "nickname": "Team", "metadata": {"crm": "12", "old": "x"}})
    assert told(updated(noted, nickname="Team seats", metadata={"crm": "13", "a.b": "new"})) == golden(
        """
        Team, monthly seat: nickname “Team” → “Team seats”, metadata crm 12 → 13, metadata a.b set to new, \
no metadata old any more.
        | Nickname: Team → Team seats
        | Metadata crm: 12 → 13
        | Metadata a.b: ∅ → new
        | Metadata old: x → ∅
        """
    )


def test_the_default_moves() -> None:
    """Two prices of a product, of which one is what it is sold as."""
    first = same("Price", "team.monthly", **{**SEAT.args, "default": True})
    other = updated(same("Price", "team.yearly", **{**SEAT.args, "recurring": {"interval": "year"}}), default=True)
    assert told(updated(first, default=None), other).splitlines()[0] == (
        "Team, monthly seat: it is no longer the product's default price."
    )
    assert told(other, updated(first, default=None)).splitlines()[0] == (
        "Team, yearly seat: it becomes the product's default price."
    )


def test_a_default_is_made_anew() -> None:
    """The new price is the default as the old one was."""
    default = same("Price", "team.monthly", **{**SEAT.args, "default": True})
    assert "- It takes over as the default price of Team." in told(replaced(default, unit_amount=1300))


def test_an_old_meter_that_nobody_knows() -> None:
    """Where a meter is not in the change, its reference is all there is."""
    found = told(replaced(USAGE, recurring={"interval": "month", "meter": "mtr_123"}), TOKENS)
    assert found.splitlines()[0] == (
        "Assistant, monthly usage of mtr_123: bills usage of mtr_123 instead of usage of AI tokens, "
        "new price, at the same 0.02 USD a unit."
    )
