"""A webhook endpoint's life: its secret is known once and kept, its API version stays as it was."""

from __future__ import annotations

from typing import Any

import pytest
import stripe

from stripe_emulator.client import EmulatorClient
from tests.billing_resources.engine import Engine
from tests.billing_resources.programs import data, endpoint, own_metadata
from tests.billing_resources.wire import is_secret, revealed

FULL: dict[str, Any] = {
    "enabled_events": ["invoice.paid", "customer.created"],
    "description": "The application",
    "metadata": {"a": "1", "b": "2"},
}
CHANGED: dict[str, Any] = {
    "url": "https://app.example.com/billing",
    "enabled_events": ["*"],
    "description": "The new application",
    "metadata": {"a": "1", "b": "3"},
    "disabled": True,
}


def found(client: stripe.StripeClient, engine: Engine) -> stripe.WebhookEndpoint:
    """The endpoint as Stripe has it."""
    return client.v1.webhook_endpoints.retrieve(engine.of("WebhookEndpoint.app").id)


def secret_of(engine: Engine) -> Any:
    """The secret in the state."""
    return engine.of("WebhookEndpoint.app").outputs["secret"]


@pytest.mark.rule("stock host", "WebhookEndpoint")
@pytest.mark.rule("created", "WebhookEndpoint")
def test_create_then_no_changes(engine: Engine, account: EmulatorClient) -> None:
    """An endpoint is made with one write, and the next run changes nothing."""
    assert engine.up(endpoint(**FULL)) == {"WebhookEndpoint.app": "create"}
    assert engine.up(endpoint(**FULL)) == {"WebhookEndpoint.app": "same"}
    assert account.count(method="POST") == 1


@pytest.mark.rule("written differently", "WebhookEndpoint")
def test_the_order_of_events_means_nothing(ours: Engine) -> None:
    """Events are a set."""
    ours.up(endpoint(enabled_events=["invoice.paid", "customer.created"]))
    assert ours.up(endpoint(enabled_events=["customer.created", "invoice.paid"])) == {"WebhookEndpoint.app": "same"}


@pytest.mark.rule("updated", "WebhookEndpoint")
@pytest.mark.parametrize("field", CHANGED)
def test_every_mutable_field_changes_in_place(field: str, ours: Engine, account: EmulatorClient) -> None:
    """A changed field is one write to the same endpoint, its secret stays, and then nothing is left to do."""
    ours.up(endpoint(**FULL))
    before, changed = secret_of(ours), endpoint(**{**FULL, field: CHANGED[field]})
    assert ours.up(changed) == {"WebhookEndpoint.app": "update"}
    assert account.count(method="POST") == 2
    assert secret_of(ours) == before
    assert ours.up(changed) == {"WebhookEndpoint.app": "same"}


@pytest.mark.rule("cleared", "WebhookEndpoint")
@pytest.mark.parametrize("field", ["description", "metadata", "disabled"])
def test_removed_fields_are_cleared(field: str, ours: Engine, client: stripe.StripeClient) -> None:
    """A field that is no longer written is unset at Stripe."""
    ours.up(endpoint(**FULL, disabled=True))
    less = {name: value for name, value in {**FULL, "disabled": True}.items() if name != field}
    assert ours.up(endpoint(**less)) == {"WebhookEndpoint.app": "update"}
    now = found(client, ours)
    cleared = {"description": not now.description, "metadata": not own_metadata(now), "disabled": now.status}
    assert cleared[field] in {True, "enabled"}
    assert ours.up(endpoint(**less)) == {"WebhookEndpoint.app": "same"}


def test_the_secret_is_a_secret_output_only(engine: Engine) -> None:
    """The signing secret is wrapped on the wire, and in no other output or input."""
    engine.up(endpoint(**FULL))
    entry = engine.of("WebhookEndpoint.app")
    assert is_secret(entry.outputs["secret"])
    assert revealed(entry.outputs["secret"]).startswith("whsec_")
    others = {name: value for name, value in entry.outputs.items() if name != "secret"}
    assert "whsec_" not in str(others) + str(entry.inputs)


def test_the_secret_survives_a_refresh(engine: Engine) -> None:
    """Stripe shows it once, so refresh carries it over from the state."""
    engine.up(endpoint())
    before = secret_of(engine)
    assert engine.refresh() == {"WebhookEndpoint.app": "same"}
    assert secret_of(engine) == before


def test_the_api_version_is_sticky(ours: Engine, account: EmulatorClient) -> None:
    """What Stripe chose at the create is an output; leaving it out is never a difference, whatever it is."""
    ours.up(endpoint(api_version="2026-10-28.endive"))
    assert ours.up(endpoint()) == {"WebhookEndpoint.app": "same"}
    assert ours.refresh() == {"WebhookEndpoint.app": "same"}
    assert ours.of("WebhookEndpoint.app").outputs["api_version"] == "2026-10-28.endive"
    assert account.count(method="POST") == 1


@pytest.mark.rule("replaced", "WebhookEndpoint")
def test_another_api_version_replaces(engine: Engine, client: stripe.StripeClient) -> None:
    """Stripe cannot change it: a new endpoint with a new secret takes over, and the old one is deleted."""
    engine.up(endpoint())
    before = secret_of(engine)
    assert engine.up(endpoint(api_version="2025-03-31.basil")) == {"WebhookEndpoint.app": "replace"}
    assert [one.api_version for one in client.v1.webhook_endpoints.list().data] == ["2025-03-31.basil"]
    assert secret_of(engine) != before


def test_disabled_from_the_start(engine: Engine, account: EmulatorClient, client: stripe.StripeClient) -> None:
    """Stripe makes endpoints enabled, so a disabled one costs a second write."""
    engine.up(endpoint(disabled=True))
    assert found(client, engine).status == "disabled"
    assert account.count(method="POST") == 2
    assert engine.refresh() == {"WebhookEndpoint.app": "same"}
    assert engine.up(endpoint(disabled=True)) == {"WebhookEndpoint.app": "same"}


@pytest.mark.rule("drift", "WebhookEndpoint")
def test_refresh_finds_a_disabled_endpoint(engine: Engine, client: stripe.StripeClient) -> None:
    """Even where the program does not write it, an endpoint without deliveries is drift."""
    engine.up(endpoint())
    client.v1.webhook_endpoints.update(engine.of("WebhookEndpoint.app").id, {"disabled": True})
    assert engine.refresh() == {"WebhookEndpoint.app": "update"}
    assert engine.up(endpoint()) == {"WebhookEndpoint.app": "update"}
    assert found(client, engine).status == "enabled"


@pytest.mark.rule("marks", "WebhookEndpoint")
def test_marks(engine: Engine, client: stripe.StripeClient) -> None:
    """The endpoint carries its owner; its metadata output has only what the program wrote."""
    engine.up(endpoint(**FULL))
    marks = {"billing:stack": "billing/dev", "billing:key": "app"}
    assert data(found(client, engine))["metadata"] == {**FULL["metadata"], **marks}
    assert engine.of("WebhookEndpoint.app").outputs["metadata"] == FULL["metadata"]


@pytest.mark.rule("stock host", "WebhookEndpoint")
@pytest.mark.rule("removed", "WebhookEndpoint")
def test_destroy_deletes(engine: Engine, client: stripe.StripeClient) -> None:
    """A removed endpoint is deleted, and one that is gone already is no error."""
    engine.up(endpoint(), endpoint("other"))
    client.v1.webhook_endpoints.delete(engine.of("WebhookEndpoint.other").id)
    assert engine.refresh()["WebhookEndpoint.other"] == "gone"
    engine.destroy()
    assert client.v1.webhook_endpoints.list().data == []


@pytest.mark.rule("made again", "WebhookEndpoint")
def test_create_after_destroy(engine: Engine, client: stripe.StripeClient) -> None:
    """The same endpoint again is a fresh one with a fresh secret."""
    engine.up(endpoint())
    before = secret_of(engine)
    engine.destroy()
    engine.up(endpoint())
    assert found(client, engine).status == "enabled"
    assert secret_of(engine) != before
