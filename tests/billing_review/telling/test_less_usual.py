"""What happens less often, in the headline that it has."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from billing_review.steps import Drift, Plan, Step
from tests.billing_review.telling.builders import (
    FLAT,
    GRADUATED,
    SEAT,
    TEAM,
    VOLUME,
    entry,
    gone,
    new,
    replaced,
    same,
    updated,
)

ALERT = same("Alert", "a", title="Much", usage_threshold={"meter": "tokens", "gte": 80000})
ENDPOINT = same("WebhookEndpoint", "app", url="https://app.example.com", enabled_events=["invoice.paid"])
DESTINATION = same("EventDestination", "d", name="D", enabled_events=["a.b"], type="azure_event_grid")
PORTAL = same("PortalConfiguration", "main", features={"subscription_update": {"enabled": True}})
COUPON = same("Coupon", "c", name="C", percent_off=10, applies_to={"products": ["team"]})
CODE = same("PromotionCode", "code", promotion={"coupon": "c"}, code="CODE")


def switching(**more: Any) -> dict[str, Any]:
    """A portal in which customers may switch."""
    return {"subscription_update": {"enabled": True, **more}}


def tiered(*rows: tuple[int | str, int, int]) -> list[dict[str, Any]]:
    """Tiers of bounds, amounts and fees."""
    return [{"up_to": up_to, "unit_amount": unit, "flat_amount": flat} for up_to, unit, flat in rows]


SAID = [
    (
        new("Alert", "a", **ALERT.args, status="inactive"),
        "Alert “Much”: new alert, fires when a customer's usage of AI tokens reaches 80,000, switched off for now.",
    ),
    (
        replaced(ALERT, usage_threshold={"meter": "calls", "gte": 80000, "filters": [{"customer": "cus_1"}]}),
        (
            "Alert “Much”: watches calls instead of AI tokens, only for customer cus_1, "
            "a new alert takes the place of the old one."
        ),
    ),
    (
        new("WebhookEndpoint", "app", **{**ENDPOINT.args, "enabled_events": []}, disabled=True),
        (
            "Webhook endpoint app: new webhook endpoint, receives no event at https://app.example.com, "
            "switched off for now."
        ),
    ),
    (
        replaced(ENDPOINT, connect=True),
        (
            "Webhook endpoint app: receives events of connected accounts, "
            "a new webhook endpoint takes the place of the old one."
        ),
    ),
    (
        new("EventDestination", "d", **DESTINATION.args, status="disabled"),
        (
            "Event destination D: new event destination, receives 1 kind of event at Azure Event Grid, "
            "switched off for now."
        ),
    ),
    (
        updated(same("EventDestination", "d", **DESTINATION.args, status="disabled"), status=None),
        "Event destination D: switched on again.",
    ),
    (replaced(COUPON, applies_to=None), "Coupon C: for every product instead of only Team, {anew}coupon{place}."),
    (
        replaced(COUPON, applies_to={"products": ["ai"]}),
        "Coupon C: for Assistant instead of Team, {anew}coupon{place}.",
    ),
    (new("Coupon", "c", **COUPON.args), "Coupon C: new coupon, 10 % off the first bill, only for Team."),
    (
        replaced(same("Coupon", "c", **COUPON.args, max_redemptions=5), max_redemptions=None),
        "Coupon C: can be redeemed without a bound instead of 5 times, {anew}coupon{place}.",
    ),
    (
        replaced(CODE, promotion={"coupon": "d"}, restrictions={"first_time_transaction": True}),
        (
            "Promotion code CODE: gives d instead of c, only for customers who never paid before, "
            "{anew}promotion code{place}."
        ),
    ),
    (
        replaced(
            CODE,
            restrictions={"minimum_amount": 2000, "minimum_amount_currency": "usd"},
            code="OTHER",
            expires_at=86400,
        ),
        (
            "Promotion code OTHER: code CODE → OTHER, can be redeemed until 1970-01-02 00:00 UTC "
            "instead of without an end, "
            "for bills of at least 20.00 USD instead of any amount, {anew}promotion code{place}."
        ),
    ),
    (
        updated(PORTAL, features=switching(products=[{"product": "team", "prices": ["team.monthly"]}])),
        "Customer portal main: prices on offer added.",
    ),
    (
        updated(PORTAL, features=switching(schedule_at_period_end={"conditions": [{"type": "shortening_interval"}]})),
        "Customer portal main: what waits for the end of the period is shortening interval (until now nothing).",
    ),
    (
        updated(PORTAL, features=switching(trial_update_behavior="continue_trial", billing_cycle_anchor="now")),
        (
            "Customer portal main: a switch begins a new period (until now keeps the period), "
            "on a switch a trial goes on (until now ends)."
        ),
    ),
    (
        updated(PORTAL, login_page={"enabled": True}, business_profile={"headline": "Hello"}, name="Main"),
        (
            "Customer portal Main: headline set to “Hello”, customers can log in without a link of yours, "
            "renamed from “no name” to “Main”."
        ),
    ),
    (
        updated(SEAT, currency_options={"eur": {"unit_amount": 1100, "tax_behavior": "inclusive"}}),
        "Team, monthly seat: now also 11.00 EUR a seat and month, tax in EUR is included in the amount.",
    ),
    (
        replace(updated(SEAT), operation="import", old={**SEAT.args, "lookup_key": "x"}),
        "Team, monthly seat: what is at Stripe already is taken over, lookup key x becomes team_monthly.",
    ),
    (
        replaced(GRADUATED, tiers=tiered(*((bound, 1000 - bound, 0) for bound in range(10, 60, 10)), ("inf", 900, 0))),
        "Team, monthly seat: tiers end at 10, 20, 30, 40 and 50 instead of 20 and 100, with other amounts, new price.",
    ),
    (
        replaced(
            same("Price", "t", **{**GRADUATED.args, "tiers": tiered((10, 500, 100), ("inf", 400, 200))}),
            tiers=tiered((10, 500, 150), ("inf", 300, 250)),
        ),
        (
            "Team, monthly seat: at 1 to 10 seats fee 1.00 → 1.50 USD (+50.0 %), "
            "at 11 seats and more 4.00 → 3.00 USD each (-25.0 %), at 11 seats and more fee 2.00 → 2.50 USD (+25.0 %), "
            "new price."
        ),
    ),
    (
        new("Price", "once", **{**SEAT.args, "recurring": None, "lookup_key": None}),
        "Team, one-time fee: new price, 12.00 USD a seat.",
    ),
    (
        updated(same("Price", "ai.base", **FLAT.args, seats={"mode": "follow"}), seats=None),
        "Assistant, monthly fee: 5.00 USD a seat and month → 5.00 USD a month, no longer billed by seats.",
    ),
    (
        replaced(FLAT, recurring={"interval": "month", "usage_type": "metered"}),
        "Assistant, monthly usage: 5.00 USD a month → 5.00 USD a unit, new price.",
    ),
    (
        replaced(VOLUME, transform_quantity=None, tiers=None, unit_amount=900, tiers_mode=None),
        (
            "Team, monthly seat: 12.00 / 10.00 / 8.00 USD a seat and month in 3 volume tiers → "
            "9.00 USD a seat and month, new price."
        ),
    ),
    (
        replace(SEAT, operation="update", changed=("internal.flag",)),
        "Team, monthly seat: internal flag changed.",
    ),
    (
        replace(gone("Product", "old", name="Old"), drift={"name": Drift("Old", "Older")}),
        "Old: no longer sold.",
    ),
]


@pytest.mark.parametrize(("step", "headline"), SAID, ids=[headline[:60] for _, headline in SAID])
def test_headline(step: Step, headline: str) -> None:
    """Each is one sentence."""
    args = {name: value for name, value in (step.new or {}).items() if value is not None}
    expected = headline.replace("{anew}", "a new ").replace("{place}", " takes the place of the old one")
    assert entry(replace(step, new=args or step.new)).headline == expected


def test_a_plan_goes_with_its_product() -> None:
    """The product tells it."""
    found = entry(gone("Product", "old", name="Old"), plans=[Plan("old", {"rank": 3}, None)])
    assert found.headline == "Old: no longer sold."
    assert [(fact.label, fact.old, fact.new) for fact in found.facts] == [("Name", "Old", None), ("Rank", "3", None)]


def test_a_product_that_was_changed_at_stripe_goes() -> None:
    """That it was is said all the same."""
    found = entry(replace(gone("Product", "old", name="Old"), drift={"name": Drift("Old", "Older")}))
    assert "Somebody changed it at Stripe since it was last deployed." in found.sentences


def test_a_long_description_is_added() -> None:
    """Its beginning is shown."""
    (fact,) = entry(updated(TEAM, description="word " * 200)).facts
    assert (fact.old, fact.new) == (None, f"{'word ' * 60}…")


def test_a_meter_counts_otherwise_under_the_same_name() -> None:
    """Then the application goes on as before."""
    meter = same("Meter", "m", display_name="M", event_name="m", default_aggregation={"formula": "sum"})
    found = entry(replaced(meter, default_aggregation={"formula": "last"}))
    assert found.headline == (
        "Meter M: bills the last reported value instead of the sum of the reported values, "
        "a new meter takes the place of the old one."
    )
    assert found.sentences == (
        "Stripe cannot change how a meter counts: the new one begins with nothing.",
        "The deployment is refused while a price on sale bills by the old meter: add a second meter instead.",
    )
