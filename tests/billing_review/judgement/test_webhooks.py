"""Which events reach the application, and with which secret."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from billing_resources._engine.runtime_events import RUNTIME_EVENTS
from billing_resources.catalog.loader import load_catalog
from billing_review.judgement.runtime_events import ALERTS, NEEDED
from billing_review.steps import Step
from tests.billing_review.judgement.changes import change, findings, price, replaced, step, told, worse

ROOT = Path(__file__).parents[3]
URL = "https://app.example.com/stripe"
ALL = sorted(NEEDED)
WITHOUT_PAYMENTS = [event for event in ALL if event != "invoice.paid"]
LOST = "app: from now on the application does not receive invoice.paid (that a bill is paid)."


def endpoint(*events: str, **over: Any) -> dict[str, Any]:
    """An endpoint that receives these events."""
    return {"url": URL, "enabled_events": list(events), **over}


def hook(old: dict[str, Any] | None, new: dict[str, Any] | None, key: str = "app", **more: Any) -> Step:
    """What happens to an endpoint."""
    return step("WebhookEndpoint", key, old, new, **more)


def still(args: dict[str, Any], key: str = "app") -> Step:
    """An endpoint that stays as it is."""
    return hook(args, args, key)


def test_the_events_are_those_of_the_example() -> None:
    """The example catalog listens to what the review asks for; alerts are asked for where there are any."""
    catalog = load_catalog(ROOT / "stacks" / "catalog.yaml")
    (listens,) = (entry for entry in catalog.entries if entry.kind.name == "WebhookEndpoint")
    assert {*NEEDED, ALERTS} <= set(listens.kind.canonical(listens.args)["enabled_events"])


def test_the_events_are_among_those_that_runtime_stands_for() -> None:
    """An endpoint that writes `runtime` misses nothing that the review asks for."""
    assert {*NEEDED, ALERTS} <= set(RUNTIME_EVENTS)


def test_the_events_are_stripes() -> None:
    """The installed stripe package knows each of them, as the emulator's list of parameters has it."""
    known = json.loads((ROOT / "stripe_emulator" / "parameters.json").read_text(encoding="utf-8"))
    events = known["operations"]["POST /v1/webhook_endpoints"]["enabled_events"]["items"]["enum"]
    assert {*NEEDED, ALERTS} <= set(events)


def test_an_event_that_is_given_up_is_told() -> None:
    """By the endpoint that gave it up, with what goes unnoticed."""
    changed = change(hook(endpoint(*ALL), endpoint(*WITHOUT_PAYMENTS)))
    assert told(changed, "webhook-event-lost") == [LOST]
    assert worse(changed, "webhook-event-lost") == ["high"]


@pytest.mark.parametrize(
    "new",
    [None, endpoint(*ALL, disabled=True), endpoint(*ALL, connect=True)],
    ids=["removed", "disabled", "of connected accounts"],
)
def test_an_endpoint_that_goes_takes_its_events_along(new: dict[str, Any] | None) -> None:
    """Whatever way it stops listening."""
    other = still(endpoint(*WITHOUT_PAYMENTS), "other")
    assert told(change(hook(endpoint("invoice.paid"), new), other), "webhook-event-lost") == [LOST]


def test_other_events_are_only_worth_a_look() -> None:
    """The application may live by them; the runtime does not."""
    changed = change(hook(endpoint(*ALL, "charge.refunded"), endpoint(*ALL)))
    assert told(changed, "webhook-event-lost") == ["app: from now on nobody receives charge.refunded."]
    assert worse(changed, "webhook-event-lost") == ["low"]
    every = change(hook(endpoint("*"), endpoint(*ALL)))
    assert told(every, "webhook-event-lost") == ["app: from now on nobody receives events that no endpoint names."]


@pytest.mark.parametrize(
    "steps",
    [
        (hook(endpoint(*ALL), endpoint("*")),),
        (hook(endpoint(*ALL), None), hook(None, endpoint(*ALL), "new")),
        (hook(endpoint(*ALL), endpoint(*ALL, url="https://new.example.com")),),
        (hook({"url": URL}, {"url": URL}), hook(endpoint(*ALL), None, "second")),
        (hook(endpoint(*ALL, disabled=True), None),),
    ],
    ids=["everything", "moved", "another address", "one that nobody knows", "one that was off"],
)
def test_an_event_that_still_arrives_is_not_lost(steps: tuple[Step, ...]) -> None:
    """By whichever endpoint; one whose events nobody knows may be it."""
    assert told(change(*steps), "webhook-event-lost") == []


def test_an_event_that_never_arrived_is_told() -> None:
    """When endpoints change."""
    changed = change(hook(None, endpoint(*WITHOUT_PAYMENTS)))
    assert told(changed, "webhook-event-missing") == ["app: nobody receives invoice.paid (that a bill is paid)."]
    assert told(changed, "webhook-event-lost") == []


def test_an_event_that_never_arrived_is_told_with_the_first_subscription() -> None:
    """Somebody can subscribe, and the application would not learn of it."""
    (sentence,) = told(change(step("Price", "team.monthly", None, price())), "webhook-event-missing")
    assert sentence == (
        "team.monthly: a subscription is for sale, but no endpoint is declared that receives "
        "checkout.session.completed, customer.subscription.created, customer.subscription.updated, "
        "customer.subscription.deleted, customer.subscription.trial_will_end, invoice.paid and invoice.payment_failed."
    )


@pytest.mark.parametrize(
    "steps",
    [
        (hook(None, endpoint(*ALL)), step("Price", "team.monthly", None, price())),
        (still(endpoint("invoice.paid")), step("Price", "team.monthly", None, price())),
        (step("Price", "a", price(), price()), step("Price", "b", None, price())),
        (step("Price", "a", None, price(recurring=None)),),
        (hook(None, {"url": URL}),),
    ],
    ids=["all of them", "as before", "not the first price", "sold once", "nobody knows"],
)
def test_what_was_missing_before_is_not_told_again(steps: tuple[Step, ...]) -> None:
    """Only a change of the endpoints brings it up, or the first price."""
    assert told(change(*steps), "webhook-event-missing") == []


def test_a_new_secret_is_told() -> None:
    """An endpoint that is made anew signs with another, and says why."""
    made_anew = hook(endpoint("*"), endpoint("*", api_version="2026-10-28.endive"), operation="replace")
    changed = change(made_anew, replaced(endpoint("*"), endpoint("*"), "b", "WebhookEndpoint", replacing=("connect",)))
    assert told(changed, "signing-secret-changed") == [
        "app: the endpoint is made anew, so events are signed with another secret from then on.",
        (
            "b: the endpoint is made anew (connect cannot change in place), so events are signed with another "
            "secret from then on."
        ),
    ]


def test_another_address_keeps_the_secret() -> None:
    """It changes in place; and a price has none."""
    moved = hook(endpoint("*"), endpoint("*", url="https://new.example.com"))
    assert told(change(moved, replaced(price(), price(unit_amount=1))), "signing-secret-changed") == []


def test_a_rotation_says_when_the_first_may_go() -> None:
    """Three days after the second is made, in the change that makes it and in every later one."""
    first = still(endpoint("*"))
    assert told(change(first, hook(None, endpoint("*"), "app~2")), "rotation-due") == [
        (
            "app: may go three days after app~2 is made, once the application verifies with the secret of app~2: "
            "for so long Stripe may repeat what it sent before."
        )
    ]
    later = change(first, still(endpoint("*"), "app~2"), step("Product", "team", None, {"name": "T"}))
    assert told(later, "rotation-due") == [
        (
            "app: may go once the application verifies with the secret of app~2, if that was made three days ago "
            "or more: for so long Stripe may repeat what it sent before."
        )
    ]


@pytest.mark.parametrize(
    ("old", "new", "first", "second"),
    [
        (
            "app",
            "app~2",
            "In the catalog, write retired: 1 beside rotate: 2 of app. ",
            "A smaller rotate would take app~2 away, and the new secret with it.",
        ),
        (
            "app~2",
            "app~3",
            "In the catalog, write retired: 2 beside rotate: 3 of app. ",
            "A smaller rotate would take app~3 away, and the new secret with it.",
        ),
    ],
)
def test_a_rotation_is_ended_by_what_the_catalog_writes(old: str, new: str, first: str, second: str) -> None:
    """Also the next one, whose first endpoint is a copy itself."""
    due = findings(change(still(endpoint("*"), old), hook(None, endpoint("*"), new)), "rotation-due")
    assert [(one.key, one.advice) for one in due] == [(old, first + second)]


def test_without_a_rotation_nothing_is_due() -> None:
    """Nor where nothing changes, nor where both are new, nor when the first goes."""
    first, second = still(endpoint("*")), still(endpoint("*"), "app~2")
    new = step("Product", "team", None, {"name": "T"})
    both_new = hook(None, endpoint("*")), hook(None, endpoint("*"), "app~2")
    for changed in (
        change(first, new),
        change(first, second),
        change(*both_new),
        change(hook(endpoint("*"), None), second),
    ):
        assert told(changed, "rotation-due") == []


def test_a_rotation_that_is_taken_back_is_told() -> None:
    """The old secret is the only one again."""
    first, copy = still(endpoint("*")), hook(endpoint("*"), None, "app~2")
    assert told(change(first, copy), "rotation-undone") == [
        "app~2: the copy of app goes, so only the secret from before the rotation is left."
    ]


def test_the_next_rotation_taken_back_is_told() -> None:
    """The endpoint that stays is a copy, too; the advice names what the catalog writes instead."""
    undone = change(still(endpoint("*"), "app~2"), hook(endpoint("*"), None, "app~3"))
    (one,) = findings(undone, "rotation-undone")
    assert one.advice == (
        "Make sure that the application still verifies with the old secret, or keep rotate: 3 of app and write "
        "retired: 2 beside it, which takes app~2 away instead."
    )


def test_a_rotation_that_ends_is_nothing() -> None:
    """The first goes; or both do."""
    second = still(endpoint("*"), "app~2")
    assert told(change(hook(endpoint("*"), None), second), "rotation-undone") == []
    third = still(endpoint("*"), "app~3")
    assert told(change(hook(endpoint("*"), None, "app~2"), third), "rotation-undone") == []
    assert told(change(hook(endpoint("*"), None), hook(endpoint("*"), None, "app~2")), "rotation-undone") == []
