"""Imports, and what somebody changed at Stripe, in golden texts."""

from __future__ import annotations

from dataclasses import replace

from billing_review.steps import Drift
from tests.billing_review.telling.builders import SEAT, TEAM, entry, golden, report, same, told, updated

KEEP = "- Somebody changed it at Stripe; whoever wants to keep that has to write it into the catalog first."
WEBHOOK = same("WebhookEndpoint", "app", url="https://app.example.com", enabled_events=["invoice.paid"])


def test_a_price_is_taken_over() -> None:
    """Nothing changes at Stripe: there is nothing to compare."""
    assert told(replace(SEAT, operation="import", old=None, object_id="price_123")) == golden(
        """
        Team, monthly seat: what is at Stripe already (price_123) is taken over as it is, 12.00 USD a seat and month.
        | Amount: ∅ → 12.00 USD a seat and month
        | Billed: ∅ → every month
        | Product: ∅ → Team
        | Seats: ∅ → follow the members
        | Lookup key: ∅ → team_monthly
        """
    )


def test_an_import_that_differs() -> None:
    """What the program says otherwise is told."""
    step = replace(updated(TEAM, name="Teams"), operation="import", object_id="prod_1")
    assert told(step).splitlines()[0] == (
        "Teams: what is at Stripe already (prod_1) is taken over, renamed from “Team” to “Teams”."
    )


def test_the_first_deployment_after_an_import() -> None:
    """The stack's mark is written, and nothing that anybody notices."""
    assert told(updated(TEAM)) == "Team: marked as managed here, nothing else changes."
    assert told(updated(SEAT)) == "Team, monthly seat: marked as managed here, nothing else changes."


def test_somebody_archived_a_price() -> None:
    """It comes back."""
    step = replace(SEAT, operation="update", changed=("active",), drift={"active": Drift(True, False)})
    assert told(step) == golden(
        f"""
        Team, monthly seat: somebody archived it at Stripe, which will be set back.
        {KEEP}
        | Active: no → yes (changed at Stripe)
        """
    )


def test_what_cannot_come_back_is_made_anew() -> None:
    """An archived alert is archived for good."""
    alert = same("Alert", "a", title="A", usage_threshold={"meter": "tokens", "gte": 5})
    step = replace(alert, operation="replace", changed=("status",), drift={"status": Drift("active", "inactive")})
    assert told(step).splitlines()[0] == (
        "Alert “A”: somebody deactivated it at Stripe, a new alert takes the place of the old one."
    )


def test_somebody_switched_off_an_endpoint() -> None:
    """It is switched on again."""
    step = replace(WEBHOOK, operation="update", changed=("disabled",), drift={"disabled": Drift(None, True)})
    assert told(step).splitlines()[0] == (
        "Webhook endpoint app: somebody switched it off at Stripe, which will be set back."
    )


def test_a_name_was_changed() -> None:
    """Whether the source shows it as a change as well or not, it is told once."""
    drift = {"name": Drift("Team", "Hacked")}
    expected = golden(
        f"""
        Team: changed at Stripe: name Team → Hacked, which will be set back.
        {KEEP}
        | Name: Hacked → Team (changed at Stripe)
        """
    )
    assert told(replace(TEAM, operation="update", changed=("name",), drift=drift)) == expected
    seen = replace(TEAM, operation="update", old={"name": "Hacked"}, changed=("name",), drift=drift)
    assert told(seen) == expected


def test_an_amount_in_another_currency_was_changed() -> None:
    """In its own form, beside what was added."""
    euros = same("Price", "team.monthly", **{**SEAT.args, "currency_options": {"eur": {"unit_amount": 1100}}})
    seen = {**euros.args, "currency_options": {"eur": {"unit_amount": 1200}}, "trial_days": 30}
    drift = {"currency_options.eur.unit_amount": Drift(1100, 1200), "trial_days": Drift(None, 30)}
    assert told(replace(euros, operation="update", old=seen, changed=tuple(drift), drift=drift)) == golden(
        f"""
        Team, monthly seat: changed at Stripe: amount 11.00 EUR → 12.00 EUR and trial nothing → 30 days, \
which will be set back.
        - Only new subscriptions notice: trials that have begun end as they would have.
        - Amounts in EUR change on the price itself: whoever pays so is on it already.
        {KEEP}
        | Amount: 12.00 EUR → 11.00 EUR (changed at Stripe)
        | Trial: 30 days → ∅ (changed at Stripe)
        $ eur
          1 seat: 12.00 EUR → 11.00 EUR (-8.3 %); 1 × 11.00 = 11.00 EUR
          10 seats: 120.00 EUR → 110.00 EUR (-8.3 %); 10 × 11.00 = 110.00 EUR
          50 seats: 600.00 EUR → 550.00 EUR (-8.3 %); 50 × 11.00 = 550.00 EUR
        """
    )


def test_a_change_beside_what_was_changed_at_stripe() -> None:
    """Both are told, each as what it is."""
    step = replace(updated(SEAT, trial_days=7), changed=("trial_days", "active"), drift={"active": Drift(True, False)})
    assert told(step).splitlines()[0] == (
        "Team, monthly seat: 7 days of trial, somebody archived it at Stripe, which will be set back."
    )


def test_somebody_deleted_it() -> None:
    """It is made anew."""
    step = replace(TEAM, operation="create", old=None, drift={"": Drift(dict(TEAM.args), None)})
    assert told(step) == golden(
        """
        Team: new product, it is gone at Stripe and is made anew.
        - Somebody removed it at Stripe; whoever wants it gone has to take it out of the catalog.
        | Name: ∅ → Team
        """
    )


def test_what_stays_changed() -> None:
    """An object that the plan leaves alone is told where Stripe has it otherwise."""
    found = report(replace(TEAM, drift={"description": Drift(None, "Better")}))
    assert [one.operation for one in found.entries] == ["same"]
    assert found.entries[0].headline == "Team: changed at Stripe: description nothing → Better, which stays as it is."
    assert found.entries[0].sentences == ("Somebody changed it at Stripe; this change leaves it so.",)


def test_a_place_deep_inside() -> None:
    """What no field is written for is shown by its path."""
    step = replace(SEAT, operation="update", drift={'limits["a.b"].included': Drift(5, 6)})
    assert entry(step).headline == (
        "Team, monthly seat: changed at Stripe: limits a b included 5 → 6, which will be set back."
    )
