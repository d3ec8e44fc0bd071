"""Which events an endpoint may name, and what ``runtime`` among them stands for."""

from __future__ import annotations

import runpy
from pathlib import Path
from typing import Any

import pytest
import stripe

from billing_resources._engine.event_rules import known_events
from billing_resources._engine.kind import REGISTRY
from billing_resources._engine.runtime_events import RUNTIME_EVENTS
from stripe_emulator.client import EmulatorClient
from tests.billing_resources.engine import Engine, Refused
from tests.billing_resources.programs import endpoint
from tests.billing_resources.test_declarations import refused

ROOT = Path(__file__).parents[2]
OPEN = "allow_unknown_events: true lets a name through that Stripe added later"
UNKNOWN = {
    "invoice.payed": "did you mean invoice.paid",
    "Runtime": "did you mean runtime?",
    "runtim": "did you mean runtime?",
    "zzzzz": "see https://docs.stripe.com/api/events/types.",
    "": "see https://docs.stripe.com/api/events/types.",
}


def events_of(client: stripe.StripeClient) -> set[str]:
    """What the one endpoint receives at Stripe."""
    (found,) = client.v1.webhook_endpoints.list().data
    return set(found.enabled_events)


def test_the_list_is_what_the_package_says() -> None:
    """Generating the file anew from the installed stripe package changes nothing."""
    script = runpy.run_path(str(ROOT / "script" / "generate_events.py"))
    assert script["TARGET"].read_text(encoding="utf-8") == script["render"]()
    assert {"invoice.paid", "v2.core.health.event_generation_failure.resolved"} & known_events() == {"invoice.paid"}


def test_the_runtimes_events_are_stripes() -> None:
    """Each is one that Stripe has, each once; whole families are written out."""
    assert set(RUNTIME_EVENTS) <= known_events()
    assert list(RUNTIME_EVENTS) == sorted(set(RUNTIME_EVENTS))
    family = {event for event in known_events() if event.startswith("subscription_schedule.")}
    assert family <= set(RUNTIME_EVENTS)


@pytest.mark.parametrize("event", UNKNOWN)
def test_an_unknown_event_is_refused_with_near_names(event: str) -> None:
    """At the user's line, each by its place, with the way out for what is newer than this package."""
    (said,) = refused("WebhookEndpoint", enabled_events=["invoice.paid", event])
    assert said.startswith(f"enabled_events[1]: is no event that this version knows: {UNKNOWN[event]}")
    assert said.endswith(OPEN)


def test_every_unknown_event_is_told() -> None:
    """All of them at once; everything and the runtime's word are no strangers."""
    said = refused("WebhookEndpoint", enabled_events=["*", "a.b", "runtime", "c.d"])
    assert [line.partition(":")[0] for line in said] == ["enabled_events[1]", "enabled_events[3]"]


def test_the_provider_refuses_what_was_an_output(ours: Engine, account: EmulatorClient) -> None:
    """What the program could not see is refused in the preview, without a request."""
    with pytest.raises(Refused, match="did you mean invoice"):
        ours.preview(endpoint(enabled_events=["invoice.payed"]))
    assert account.count(method="POST") == 0


def test_a_newer_event_is_stripes_to_judge(ours: Engine) -> None:
    """With the permission the name is sent, and an unknown one is Stripe's refusal."""
    with pytest.raises(Refused, match=r"Stripe.*enabled_events"):
        ours.up(endpoint(enabled_events=["invoice.payed"], allow_unknown_events=True))


def test_the_permission_is_no_difference(ours: Engine, account: EmulatorClient) -> None:
    """Written or taken back, it changes nothing at Stripe."""
    ours.up(endpoint())
    account.clear_requests()
    assert ours.up(endpoint(allow_unknown_events=True)) == {"WebhookEndpoint.app": "same"}
    assert ours.up(endpoint()) == {"WebhookEndpoint.app": "same"}
    assert account.count(method="POST") == 0


def test_runtime_is_what_the_runtime_handles(engine: Engine, client: stripe.StripeClient) -> None:
    """Stripe and the state have the events, not the word; beside others it adds its own, and nothing is there twice."""
    engine.up(endpoint(enabled_events=["runtime"]))
    assert events_of(client) == set(RUNTIME_EVENTS)
    assert "runtime" not in engine.of("WebhookEndpoint.app").inputs["enabled_events"]
    assert engine.up(endpoint(enabled_events=["runtime"])) == {"WebhookEndpoint.app": "same"}
    assert engine.up(endpoint(enabled_events=list(RUNTIME_EVENTS)[::-1])) == {"WebhookEndpoint.app": "same"}
    more = ["price.created", "runtime", "invoice.paid"]
    assert engine.up(endpoint(enabled_events=more)) == {"WebhookEndpoint.app": "update"}
    assert events_of(client) == {*RUNTIME_EVENTS, "price.created"}
    assert len(engine.of("WebhookEndpoint.app").inputs["enabled_events"]) == len(RUNTIME_EVENTS) + 1


def test_an_account_with_newer_events_can_be_taken_over(
    client: stripe.StripeClient, monkeypatch: pytest.MonkeyPatch, ours: Engine
) -> None:
    """What is written for it has the permission, so that its catalog is taken as it is."""
    made: Any = {"url": "https://app.example.com/stripe", "enabled_events": ["invoice.paid", "invoice.voided"]}
    object_id = client.v1.webhook_endpoints.create(made).id
    older = known_events() - {"invoice.voided"}
    monkeypatch.setattr("billing_resources._engine.event_rules.known_events", lambda: older)
    seen = ours.take_in("WebhookEndpoint", "app", object_id).inputs
    assert seen["allow_unknown_events"] is True
    assert REGISTRY["WebhookEndpoint"].rules[-1](dict(seen)) == []
