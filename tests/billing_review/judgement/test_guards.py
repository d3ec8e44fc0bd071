"""What a live stack would lose, and what was changed past the repository."""

from __future__ import annotations

from typing import Any

import pytest

from billing_review.report import Affected
from billing_review.steps import Drift
from tests.billing_review.judgement.changes import change, price, replaced, step, told, worse

TEAM = {"name": "Team"}
MONTHLY = step("Price", "team.monthly", price(nickname="Monthly"), None)
METER = {"display_name": "AI tokens", "event_name": "ai_tokens"}
GONE: dict[str, tuple[Any, str]] = {
    "price": (MONTHLY, "Monthly (12.00 USD per month): archived"),
    "meter": (step("Meter", "tokens", METER, None), "AI tokens: deactivated"),
    "alert": (step("Alert", "first", {"title": "Much"}, None), "Much: archived"),
    "endpoint": (step("WebhookEndpoint", "app", {"enabled_events": ["*"]}, None), "app: removed"),
}


@pytest.mark.parametrize("name", GONE)
def test_what_a_live_stack_loses_is_high(name: str) -> None:
    """Each kind as Stripe takes it away."""
    gone, words = GONE[name]
    changed = change(gone, livemode=True)
    assert told(changed, "destructive-step") == [f"{words} on the live stack production."]
    assert worse(changed, "destructive-step") == ["high"]


def test_a_replacement_is_medium() -> None:
    """The old one is archived, but another takes its place; who is on it stays."""
    changed = change(replaced(price(), price(unit_amount=1400)), livemode=True)
    counted = {("Price", "team.monthly"): Affected(active=1200, seats=9000)}
    assert told(changed, "destructive-step", counted) == [
        (
            "team.monthly (12.00 USD per month): replaced by a new one on the live stack production; 1,200 active "
            "subscriptions (9,000 seats) stay on the old one."
        )
    ]
    assert worse(changed, "destructive-step") == ["medium"]


def test_a_product_takes_its_prices_along() -> None:
    """They are told with it, once."""
    changed = change(step("Product", "team", TEAM, None), MONTHLY, livemode=True)
    assert told(changed, "destructive-step") == [
        "Team: archived on the live stack production, and its 1 price with it."
    ]


@pytest.mark.parametrize("livemode", [False, None])
def test_a_test_stack_may_lose_what_it_likes(livemode: bool | None) -> None:
    """Nor is anything said where nobody knows; and updates and creates destroy nothing."""
    assert told(change(MONTHLY, livemode=livemode), "destructive-step") == []
    harmless = step("Product", "team", TEAM, {"name": "Teams"}), step("Price", "team.new", None, price())
    assert told(change(*harmless, livemode=True), "destructive-step") == []


def test_drift_is_told_with_its_amounts() -> None:
    """What was declared and what was found; amounts in their currency."""
    drift = {
        "unit_amount": Drift(1200, 1400),
        "currency_options.eur.unit_amount": Drift(1100, 1300),
        "nickname": Drift("Monthly", None),
        "default": Drift(True, False),
    }
    changed = change(step("Price", "team.monthly", price(), price(), drift=drift))
    assert told(changed, "unreviewed-drift") == [
        (
            "team.monthly: changed at Stripe past this repository: unit_amount 12.00 USD → 14.00 USD; "
            "currency_options.eur.unit_amount 11.00 EUR → 13.00 EUR; nickname Monthly → nothing; default true → false."
        )
    ]


def test_drift_of_a_whole_object() -> None:
    """What was removed at Stripe is not printed field by field."""
    gone = change(step("WebhookEndpoint", "app", None, {}, drift={"": Drift({"url": "https://a.example"}, None)}))
    assert told(gone, "unreviewed-drift") == ["app: removed at Stripe past this repository."]


def test_drift_shows_no_secret_and_no_novel() -> None:
    """Long values are cut."""
    drift = {
        "secret": Drift("whsec_1", "abc"),
        "metadata.k": Drift("whsec_2", "y"),
        "description": Drift(None, "x" * 99),
    }
    (sentence,) = told(change(step("WebhookEndpoint", "app", {}, {}, drift=drift)), "unreviewed-drift")
    assert sentence == (
        "app: changed at Stripe past this repository: secret (secret) → (secret); metadata.k (secret) → y; description "
        f"nothing → {'x' * 60}…."
    )


def test_what_the_program_changes_is_no_drift() -> None:
    """Only what was found otherwise than it was declared."""
    assert told(change(replaced(price(), price(unit_amount=1400))), "unreviewed-drift") == []
