"""An alert's life: nothing but its status changes, and it is archived for good."""

from __future__ import annotations

from typing import Any

import pytest
import stripe

from stripe_emulator.client import EmulatorClient
from tests.billing_resources.engine import Engine
from tests.billing_resources.programs import alert, meter


def of_one_customer(client: stripe.StripeClient) -> dict[str, Any]:
    """A threshold for one customer only."""
    customer = client.v1.customers.create({"name": "Ada"}).id
    filters = [{"type": "customer", "customer": customer}]
    return {"meter": "@Meter.tokens", "gte": 800, "filters": filters}


@pytest.mark.rule("stock host", "Alert")
@pytest.mark.rule("created", "Alert")
def test_create_then_no_changes(engine: Engine, account: EmulatorClient) -> None:
    """An alert is made with one write, and the next run changes nothing."""
    assert engine.up(meter(), alert())["Alert.soon"] == "create"
    assert engine.up(meter(), alert())["Alert.soon"] == "same"
    assert account.count(method="POST", path="/v1/billing/alerts*") == 1


@pytest.mark.rule("written differently", "Alert")
def test_defaults_are_no_change(ours: Engine) -> None:
    """Writing what Stripe knows only one value of is the same as leaving it out."""
    ours.up(meter(), alert())
    threshold = {"meter": "@Meter.tokens", "gte": 800, "recurrence": "one_time"}
    explicit = alert(usage_threshold=threshold, alert_type="usage_threshold", status="active")
    assert ours.up(meter(), explicit)["Alert.soon"] == "same"


def test_a_filter_for_one_customer(engine: Engine, client: stripe.StripeClient) -> None:
    """An alert about one customer is made, kept and refreshed as declared."""
    declared = alert(usage_threshold=of_one_customer(client))
    engine.up(meter(), declared)
    assert engine.refresh()["Alert.soon"] == "same"
    assert engine.up(meter(), declared)["Alert.soon"] == "same"


@pytest.mark.rule("replaced", "Alert")
@pytest.mark.parametrize("change", [{"title": "Later"}, {"usage_threshold": {"meter": "@Meter.tokens", "gte": 900}}])
def test_every_change_is_a_new_alert(change: dict[str, Any], ours: Engine, client: stripe.StripeClient) -> None:
    """Stripe updates no alert: the new one is made, then the old one archived."""
    ours.up(meter(), alert())
    old = ours.of("Alert.soon").id
    assert ours.up(meter(), alert(**change))["Alert.soon"] == "replace"
    assert [one.id for one in client.v1.billing.alerts.list().data] == [ours.of("Alert.soon").id]
    assert ours.of("Alert.soon").id != old


def test_inactive_from_the_start(engine: Engine, account: EmulatorClient, client: stripe.StripeClient) -> None:
    """Stripe makes alerts active, so one that is declared inactive costs a second write."""
    engine.up(meter(), alert(status="inactive"))
    assert client.v1.billing.alerts.retrieve(engine.of("Alert.soon").id).status == "inactive"
    assert account.count(method="POST", path="/v1/billing/alerts*") == 2
    assert engine.up(meter(), alert(status="inactive"))["Alert.soon"] == "same"
    assert engine.refresh()["Alert.soon"] == "same"


@pytest.mark.rule("updated", "Alert")
@pytest.mark.parametrize(("first", "then"), [("active", "inactive"), ("inactive", "active")])
def test_the_status_changes_in_place(first: str, then: str, ours: Engine, client: stripe.StripeClient) -> None:
    """Switching an alert off or on keeps it."""
    ours.up(meter(), alert(status=first))
    object_id = ours.of("Alert.soon").id
    assert ours.up(meter(), alert(status=then))["Alert.soon"] == "update"
    assert client.v1.billing.alerts.retrieve(object_id).status == then
    assert ours.up(meter(), alert(status=then))["Alert.soon"] == "same"


def test_removing_the_status_activates(ours: Engine, client: stripe.StripeClient) -> None:
    """Without a status an alert is active."""
    ours.up(meter(), alert(status="inactive"))
    assert ours.up(meter(), alert())["Alert.soon"] == "update"
    assert client.v1.billing.alerts.retrieve(ours.of("Alert.soon").id).status == "active"


@pytest.mark.rule("drift", "Alert")
def test_refresh_finds_an_inactive_alert(engine: Engine, client: stripe.StripeClient) -> None:
    """Even where the program does not write the status, an alert that does not watch is drift."""
    engine.up(meter(), alert())
    client.v1.billing.alerts.deactivate(engine.of("Alert.soon").id)
    assert engine.refresh()["Alert.soon"] == "update"
    assert engine.up(meter(), alert())["Alert.soon"] == "update"
    assert client.v1.billing.alerts.retrieve(engine.of("Alert.soon").id).status == "active"


@pytest.mark.rule("stock host", "Alert")
@pytest.mark.rule("removed", "Alert")
def test_destroy_archives(engine: Engine, client: stripe.StripeClient) -> None:
    """Archiving hides an alert for good."""
    engine.up(meter(), alert())
    assert engine.up(meter())["Alert.soon"] == "delete"
    assert client.v1.billing.alerts.list().data == []


@pytest.mark.rule("gone", "Alert")
def test_an_archived_alert_is_gone(engine: Engine, client: stripe.StripeClient) -> None:
    """One that was archived in the Dashboard leaves the state, is made anew, and can be destroyed."""
    engine.up(meter(), alert())
    client.v1.billing.alerts.archive(engine.of("Alert.soon").id)
    assert engine.refresh()["Alert.soon"] == "gone"
    assert engine.up(meter(), alert())["Alert.soon"] == "create"
    client.v1.billing.alerts.archive(engine.of("Alert.soon").id)
    assert engine.destroy()["Alert.soon"] == "delete"


@pytest.mark.rule("made again", "Alert")
def test_create_after_destroy(engine: Engine, client: stripe.StripeClient) -> None:
    """The same alert again is a fresh one, not the replayed answer about the archived one."""
    engine.up(meter(), alert())
    old = engine.of("Alert.soon").id
    engine.up(meter())
    engine.up(meter(), alert())
    assert [one.id for one in client.v1.billing.alerts.list().data] == [engine.of("Alert.soon").id]
    assert engine.of("Alert.soon").id != old
