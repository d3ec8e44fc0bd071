"""A meter's life: only its name changes, it is deactivated instead of deleted, and can come back."""

from __future__ import annotations

from typing import Any

import pytest
import stripe

from stripe_emulator.client import EmulatorClient
from tests.billing_resources.engine import Engine, Refused
from tests.billing_resources.programs import meter, metered, product

FULL: dict[str, Any] = {
    "customer_mapping": {"type": "by_id", "event_payload_key": "customer"},
    "event_time_window": "hour",
    "value_settings": {"event_payload_key": "amount"},
}


@pytest.mark.rule("stock host", "Meter")
@pytest.mark.rule("created", "Meter")
def test_create_then_no_changes(engine: Engine, account: EmulatorClient) -> None:
    """A meter is made with one write, and the next run changes nothing."""
    assert engine.up(meter(**FULL)) == {"Meter.tokens": "create"}
    assert engine.up(meter(**FULL)) == {"Meter.tokens": "same"}
    assert account.count(method="POST") == 1


@pytest.mark.rule("written differently", "Meter")
def test_defaults_are_no_change(ours: Engine) -> None:
    """Writing Stripe's defaults is the same as leaving them out."""
    ours.up(meter())
    written = {"type": "by_id", "event_payload_key": "stripe_customer_id"}
    explicit = meter(customer_mapping=written, value_settings={"event_payload_key": "value"})
    assert ours.up(explicit) == {"Meter.tokens": "same"}


@pytest.mark.rule("updated", "Meter")
def test_the_name_changes_in_place(engine: Engine, account: EmulatorClient, client: stripe.StripeClient) -> None:
    """A new display name is one write to the same meter."""
    engine.up(meter())
    assert engine.up(meter(display_name="AI tokens")) == {"Meter.tokens": "update"}
    assert account.count(method="POST") == 2
    assert client.v1.billing.meters.retrieve(engine.of("Meter.tokens").id).display_name == "AI tokens"
    assert engine.up(meter(display_name="AI tokens")) == {"Meter.tokens": "same"}


@pytest.mark.rule("replaced", "Meter")
@pytest.mark.parametrize("field", FULL)
def test_everything_else_replaces(field: str, ours: Engine, client: stripe.StripeClient) -> None:
    """Another event name with another setting is another meter; the old one is deactivated."""
    ours.up(meter())
    old = ours.of("Meter.tokens").id
    assert ours.up(meter(event_name="tokens_2", **{field: FULL[field]})) == {"Meter.tokens": "replace"}
    assert client.v1.billing.meters.retrieve(old).status == "inactive"
    assert client.v1.billing.meters.retrieve(ours.of("Meter.tokens").id).status == "active"


def test_never_replaced_under_live_prices(engine: Engine, account: EmulatorClient) -> None:
    """Replacing a meter that prices bill from would split usage: refused, with the way out, and nothing written."""
    engine.up(product(), meter(), metered())
    account.clear_requests()
    with pytest.raises(Refused, match=r"Meter tokens cannot be replaced while usage bill from it: declare a new meter"):
        engine.up(product(), meter(event_name="other"), metered())
    assert account.count(method="POST") == 0


def test_never_replaced_under_its_event_name(engine: Engine, account: EmulatorClient) -> None:
    """Event names are unique among active meters, so the new one needs another; nothing is written."""
    engine.up(meter())
    account.clear_requests()
    with pytest.raises(Refused, match=r"Meter tokens cannot be replaced under its event_name, which mtr_\w+ holds"):
        engine.up(meter(default_aggregation={"formula": "count"}))
    assert account.count(method="POST") == 0


@pytest.mark.parametrize("first", ["Price.usage", "Meter.tokens"])
def test_never_deleted_to_be_replaced(first: str, ours: Engine, account: EmulatorClient) -> None:
    """With ``delete_before_replace`` the engine deletes first, the prices too: refused, and nothing is written."""
    ours.up(product(), meter(), metered())
    account.clear_requests()
    news = ours.inputs_of(meter(event_name="other"))
    with ours.host() as stub:
        assert ours.diff(stub, ours.urn("Meter", "tokens"), ours.of("Meter.tokens"), news).replaces
        with pytest.raises(Refused, match="cannot be replaced while usage bill from it: declare a new meter"):
            ours.delete(stub, first)
    assert account.count(method="POST") == 0


def test_deleted_first_it_may_keep_its_event_name(ours: Engine, client: stripe.StripeClient) -> None:
    """Without live prices a meter can be deleted and made anew under the same event name."""
    ours.up(meter())
    changed = meter(default_aggregation={"formula": "count"})
    with ours.host() as stub:
        ours.diff(stub, ours.urn("Meter", "tokens"), ours.of("Meter.tokens"), ours.inputs_of(changed))
        ours.delete(stub, "Meter.tokens")
        ours.run(stub, changed)
    now = client.v1.billing.meters.list({"status": "active"}).data
    assert [(one.id, one.default_aggregation.formula) for one in now] == [(ours.of("Meter.tokens").id, "count")]


@pytest.mark.rule("stock host", "Meter")
@pytest.mark.rule("removed", "Meter")
def test_destroy_deactivates(engine: Engine, client: stripe.StripeClient) -> None:
    """Stripe keeps meters for ever, so a removed one is deactivated."""
    engine.up(meter())
    old = engine.of("Meter.tokens").id
    assert engine.destroy() == {"Meter.tokens": "delete"}
    assert client.v1.billing.meters.retrieve(old).status == "inactive"


def test_destroy_of_an_inactive_meter(engine: Engine, client: stripe.StripeClient) -> None:
    """Removing what somebody else deactivated already is no error."""
    engine.up(meter())
    client.v1.billing.meters.deactivate(engine.of("Meter.tokens").id)
    engine.destroy()
    assert engine.state == {}


@pytest.mark.rule("made again", "Meter")
def test_the_same_event_name_reactivates(engine: Engine, account: EmulatorClient, client: stripe.StripeClient) -> None:
    """Declaring the event name again brings the same meter back, with its history, in one write."""
    engine.up(meter())
    old = engine.of("Meter.tokens").id
    engine.destroy()
    account.clear_requests()
    assert engine.up(meter()) == {"Meter.tokens": "create"}
    assert engine.of("Meter.tokens").id == old
    assert client.v1.billing.meters.retrieve(old).status == "active"
    assert account.count(method="POST") == 1


def test_a_reactivated_meter_takes_its_new_name(engine: Engine, client: stripe.StripeClient) -> None:
    """The display name is brought up to date, which costs a second write."""
    engine.up(meter())
    engine.destroy()
    engine.up(meter(display_name="AI tokens"))
    now = client.v1.billing.meters.retrieve(engine.of("Meter.tokens").id)
    assert (now.display_name, now.status) == ("AI tokens", "active")
    assert engine.up(meter(display_name="AI tokens")) == {"Meter.tokens": "same"}


def test_a_different_meter_is_not_reactivated(engine: Engine, account: EmulatorClient) -> None:
    """If anything immutable differs, the refusal names the meter and the fields, and nothing is written."""
    engine.up(meter())
    old = engine.of("Meter.tokens").id
    engine.destroy()
    account.clear_requests()
    different = meter(default_aggregation={"formula": "count"}, event_time_window="day")
    with pytest.raises(Refused, match=f"{old}, which differs in default_aggregation, event_time_window: Stripe cannot"):
        engine.up(different)
    assert account.count(method="POST") == 0


@pytest.mark.rule("drift", "Meter")
def test_refresh_finds_a_deactivated_meter(engine: Engine, client: stripe.StripeClient) -> None:
    """No program writes a meter's status, yet a deactivated meter is drift and is reactivated."""
    engine.up(meter())
    object_id = engine.of("Meter.tokens").id
    client.v1.billing.meters.deactivate(object_id)
    client.v1.billing.meters.update(object_id, {"display_name": "Hacked"})
    assert engine.refresh() == {"Meter.tokens": "update"}
    assert engine.up(meter()) == {"Meter.tokens": "update"}
    now = client.v1.billing.meters.retrieve(object_id)
    assert (now.status, now.display_name) == ("active", "Tokens")
    assert engine.refresh() == {"Meter.tokens": "same"}


def test_outputs_have_no_marks(ours: Engine) -> None:
    """A meter has no metadata; its outputs are its fields, its status, and whose it is."""
    ours.up(meter())
    outputs = ours.of("Meter.tokens").outputs
    assert (outputs["status"], outputs["account"], "metadata" in outputs) == ("active", "acct_emulator", False)
