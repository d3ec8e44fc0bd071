"""What is counted, and which alerts are heard."""

from __future__ import annotations

from typing import Any

import pytest

from tests.billing_review.judgement.changes import (
    EVERYTHING,
    change,
    metered,
    price,
    replaced,
    step,
    told,
    unchanged,
    worse,
)

METER = {"display_name": "AI tokens", "event_name": "ai_tokens", "default_aggregation": {"formula": "sum"}}
BILLS = step("Price", "team.tokens", metered(), metered())
ALSO = step("Price", "team.more", metered(), metered())


def test_a_price_that_bills_another_meter_is_told() -> None:
    """With both names and events."""
    other = {"recurring": {"interval": "month", "usage_type": "metered", "meter": "words"}}
    meters = [
        step("Meter", "tokens", METER, METER),
        step("Meter", "words", None, {**METER, "event_name": "ai_words"}),
    ]
    changed = change(*meters, replaced(metered(), metered(**other), "team.tokens"))
    assert told(changed, "meter-split") == [
        (
            "team.tokens: bills the meter words (events ai_words) instead of tokens (events ai_tokens); usage of "
            "the current period is split between both."
        )
    ]
    assert worse(changed, "meter-split") == ["high"]


TERMS: dict[str, tuple[dict[str, Any], str]] = {
    "event": ({"event_name": "ai_token"}, "event_name ai_tokens → ai_token"),
    "formula": ({"default_aggregation": {"formula": "count"}}, "default_aggregation sum → count"),
    "window": ({"event_time_window": "day"}, "event_time_window the usual one → day"),
    "key": ({"value_settings": {"event_payload_key": "n"}}, "value_settings the usual one → n"),
}


@pytest.mark.parametrize("name", TERMS)
def test_a_meter_that_counts_otherwise_is_told(name: str) -> None:
    """While prices bill it before and after."""
    new, words = TERMS[name]
    changed = change(replaced(METER, {**METER, **new}, "tokens", "Meter"), BILLS, ALSO)
    assert told(changed, "meter-split") == [
        (
            f"AI tokens: is replaced ({words}) while team.tokens and team.more bill it; usage before and after is "
            "counted apart."
        )
    ]


def test_a_meter_that_is_made_anew_without_a_reason_is_told() -> None:
    """It begins at nothing."""
    assert told(change(replaced(METER, METER, "tokens", "Meter"), BILLS), "meter-split") == [
        "AI tokens: is replaced (made anew) while team.tokens bills it; usage before and after is counted apart."
    ]


def test_a_meter_that_nobody_bills_may_change() -> None:
    """So may its name, and a price that comes or goes with it."""
    other = {**METER, "event_name": "ai_token"}
    new_price = step("Price", "team.tokens", None, metered())
    assert told(change(replaced(METER, other, "tokens", "Meter")), "meter-split") == []
    assert told(change(replaced(METER, other, "tokens", "Meter"), new_price), "meter-split") == []
    assert told(change(step("Meter", "tokens", METER, {**METER, "display_name": "Tokens"}), BILLS), "meter-split") == []
    assert told(change(replaced(price(), metered())), "meter-split") == []


def alert(gte: int = 80000, **over: Any) -> dict[str, Any]:
    """An alert on the meter tokens."""
    return {"title": f"{gte:,} tokens", "usage_threshold": {"meter": "tokens", "gte": gte}, **over}


def endpoint(*events: str, **over: Any) -> dict[str, Any]:
    """An endpoint that receives these events."""
    return {"url": "https://app.example.com/stripe", "enabled_events": list(events), **over}


DEAF: dict[str, Any] = {
    "no endpoint": (),
    "other events": (unchanged("WebhookEndpoint", "app", endpoint("invoice.paid")),),
    "disabled": (step("WebhookEndpoint", "app", endpoint("*"), endpoint("*", disabled=True)),),
    "of connected accounts": (unchanged("WebhookEndpoint", "app", endpoint("*", connect=True)),),
    "gone": (step("WebhookEndpoint", "app", endpoint("*"), None),),
    "thin": (unchanged("EventDestination", "thin", {"name": "T", "enabled_events": ["billing.alert.triggered"]}),),
}


@pytest.mark.parametrize("name", DEAF)
def test_an_alert_that_nobody_hears_is_told(name: str) -> None:
    """Once for all of them."""
    alerts = [step("Alert", key, None, alert(gte)) for key, gte in (("first", 80000), ("second", 100000))]
    assert told(change(*alerts, *DEAF[name]), "alert-without-listener") == [
        "80,000 tokens and 100,000 tokens fire for nobody: no endpoint receives billing.alert.triggered."
    ]


HEARING: dict[str, Any] = {
    "it": unchanged("WebhookEndpoint", "app", endpoint("billing.alert.triggered")),
    "everything": step("WebhookEndpoint", "app", None, endpoint(*EVERYTHING)),
    "nobody knows": unchanged("WebhookEndpoint", "app", {"url": "https://app.example.com"}),
    "nobody knows either": unchanged("EventDestination", "app", {"webhook_endpoint": {"url": "https://a.com"}}),
    "snapshots": step(
        "EventDestination", "all", None, {"name": "A", "event_payload": "snapshot", "enabled_events": ["*"]}
    ),
}


@pytest.mark.parametrize("name", HEARING)
def test_an_alert_that_somebody_hears_is_nothing(name: str) -> None:
    """Or may hear: a manifest does not say what an endpoint receives."""
    assert told(change(step("Alert", "first", None, alert()), HEARING[name]), "alert-without-listener") == []


def test_an_alert_that_does_not_watch_needs_nobody() -> None:
    """Nor one that goes, nor those that were so before."""
    inactive = step("Alert", "first", None, alert(status="inactive"))
    gone = step("Alert", "first", alert(), None)
    before = step("Alert", "first", alert(), alert())
    for one in (inactive, gone, before):
        assert told(change(one, step("Product", "team", None, {"name": "T"})), "alert-without-listener") == []


def test_an_alert_that_is_made_anew_is_told() -> None:
    """It knows no usage from before."""
    changed = change(replaced(alert(), alert(90000), "first", "Alert"))
    assert told(changed, "alert-starts-anew") == [
        "90,000 tokens: the alert is made anew (at 90,000 instead of 80,000), and counts only usage from then on."
    ]
    renamed = change(replaced(alert(), alert(title="Much"), "first", "Alert"))
    assert told(renamed, "alert-starts-anew") == ["Much: the alert is made anew, and counts only usage from then on."]


def test_an_alert_that_is_switched_is_not_made_anew() -> None:
    """Its status changes in place."""
    assert told(change(step("Alert", "first", alert(), alert(status="inactive"))), "alert-starts-anew") == []
