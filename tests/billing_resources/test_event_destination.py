"""Event destinations: the newer API with its own errors, pages and idempotency, and a secret that is shown once."""

from __future__ import annotations

from typing import Any

import pytest
import stripe

from stripe_emulator.client import EmulatorClient
from tests.billing_resources.engine import Engine, Refused
from tests.billing_resources.programs import data, destination
from tests.billing_resources.test_declarations import refused
from tests.billing_resources.wire import is_secret, revealed

NAME = "EventDestination.meter-errors"
PATH = "/v2/core/event_destinations"
URL = "https://app.example.com/stripe/thin"
BAD: list[tuple[dict[str, Any], list[str]]] = [
    ({"webhook_endpoint": None}, ["webhook_endpoint: is required with type webhook_endpoint"]),
    ({"webhook_endpoint": {"url": "http://localhost:4242"}}, [
        "webhook_endpoint.url: must be a public address: Stripe cannot deliver to this machine"
    ]),
    ({"type": "amazon_eventbridge"}, [
        "amazon_eventbridge: is required with type amazon_eventbridge",
        "webhook_endpoint: belongs to type webhook_endpoint",
    ]),
    ({"snapshot_api_version": "2026-10-28.endive"}, [
        "snapshot_api_version: belongs to event_payload snapshot"
    ]),
    ({"enabled_events": []}, ["enabled_events: list should have at least 1 item after validation, not 0"]),
    ({"status": "off"}, ["status: must be 'enabled' or 'disabled'"]),
]  # fmt: skip


@pytest.mark.parametrize(("args", "sentences"), BAD)
def test_what_stripe_has_no_meaning_for_is_refused(args: dict[str, Any], sentences: list[str]) -> None:
    """One sentence for each problem, before anything is registered."""
    assert refused("EventDestination", **args) == sentences


def test_other_places_than_an_address() -> None:
    """Clouds have fields of their own."""
    bridge = {"aws_account_id": "1", "aws_region": "eu-central-1"}
    args = {"type": "amazon_eventbridge", "amazon_eventbridge": bridge, "webhook_endpoint": None}
    assert refused("EventDestination", **args, description=5) == ["description: takes a string"]


def secret_of(engine: Engine) -> Any:
    """The secret in the state."""
    return engine.of(NAME).outputs["secret"]


def test_the_secret_is_a_secret_output_only(engine: Engine) -> None:
    """Wrapped on the wire, kept by an update and a refresh, and in no other output or input."""
    engine.up(destination())
    before = secret_of(engine)
    assert is_secret(before)
    assert revealed(before).startswith("whsec_")
    engine.up(destination(name="Other"))
    engine.refresh()
    entry = engine.of(NAME)
    assert entry.outputs.pop("secret") == before
    assert "whsec_" not in str(entry.outputs) + str(entry.inputs)


def test_an_import_does_not_know_the_secret(ours: Engine, client: stripe.StripeClient) -> None:
    """Stripe shows it at the create only; the address is asked for, and nothing is planned but the marks."""
    made = client.v2.core.event_destinations.create(
        {
            "name": "Meter errors",
            "type": "webhook_endpoint",
            "event_payload": "thin",
            "enabled_events": ["v1.billing.meter.error_report_triggered"],
            "webhook_endpoint": {"url": URL},
        }
    )
    entry = ours.take_in("EventDestination", "meter-errors", made.id)
    assert entry.inputs["webhook_endpoint"] == {"url": URL}
    assert "secret" not in entry.outputs
    assert ours.up(destination()) == {NAME: "update"}
    assert set(ours.detailed[NAME]) == {"_key", "_stack"}


def test_every_page_is_read(
    ours: Engine, account: EmulatorClient, client: stripe.StripeClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Pages of the newer API name the next one; ours is found although it stands on the last."""
    monkeypatch.setattr("billing_resources._engine.session.PAGE", 5)
    ours.up(destination())
    others = 15  # with endpoints, an account has 16
    for number in range(others):
        args = {**destination().args, "name": f"Theirs {number}", "type": "webhook_endpoint", "event_payload": "thin"}
        client.v2.core.event_destinations.create(args)  # type: ignore[arg-type]
    account.clear_requests()
    assert ours.refresh() == {NAME: "same"}
    assert account.count(method="GET", path=PATH) == 4
    assert account.count(method="GET", path=f"{PATH}/*") == 0


def test_a_disabled_one_costs_a_second_write(ours: Engine, account: EmulatorClient, client: Any) -> None:
    """Stripe makes destinations enabled; somebody who enables it again makes drift."""
    ours.up(destination(status="disabled"))
    object_id = ours.of(NAME).id
    assert client.v2.core.event_destinations.retrieve(object_id).status == "disabled"
    assert account.count(method="POST") == 2
    client.v2.core.event_destinations.enable(object_id)
    assert ours.refresh() == {NAME: "update"}
    ours.up(destination(status="disabled"))
    assert client.v2.core.event_destinations.retrieve(object_id).status == "disabled"


def test_one_that_was_disabled_is_drift(ours: Engine, client: stripe.StripeClient) -> None:
    """Even where the program does not write it."""
    ours.up(destination())
    client.v2.core.event_destinations.disable(ours.of(NAME).id)
    assert ours.refresh() == {NAME: "update"}
    ours.up(destination())
    assert client.v2.core.event_destinations.retrieve(ours.of(NAME).id).status == "enabled"


def test_a_removed_metadata_key_is_unset(ours: Engine, client: stripe.StripeClient) -> None:
    """With null, where the older API takes an empty string; other people's keys stay."""
    ours.up(destination(metadata={"a": "1", "b": "2"}))
    client.v2.core.event_destinations.update(ours.of(NAME).id, {"metadata": {"theirs": "x"}})
    ours.up(destination(metadata={"b": "2"}))
    metadata = data(client.v2.core.event_destinations.retrieve(ours.of(NAME).id))["metadata"]
    assert {key for key in metadata if not key.startswith("billing:")} == {"b", "theirs"}


def test_failures_that_pass_are_tried_again_under_the_same_key(
    ours: Engine, account: EmulatorClient, client: stripe.StripeClient
) -> None:
    """The newer API carries a failed request out again, so there is no need for another key."""
    account.fail_next(500, method="POST", path=PATH)
    account.fail_next(429, method="POST", path=PATH)
    ours.up(destination())
    keys = {one["idempotency_key"] for one in account.requests(method="POST", path=PATH)}
    assert (account.count(method="POST", path=PATH), len(keys)) == (3, 1)
    assert len(client.v2.core.event_destinations.list().data) == 1


def test_a_refusal_is_one_sentence(ours: Engine) -> None:
    """The newer API's errors are told as the older one's are."""
    with pytest.raises(Refused, match=r"could not create EventDestination meter-errors: Stripe says: .*no\.such"):
        ours.up(destination(enabled_events=["no.such.event"]))


def test_gone_behind_the_back(ours: Engine, client: stripe.StripeClient) -> None:
    """An update of a destination that somebody deleted says what to do."""
    ours.up(destination())
    client.v2.core.event_destinations.delete(ours.of(NAME).id)
    with pytest.raises(Refused, match="is gone at Stripe; `pulumi refresh`, then `pulumi up` makes it anew"):
        ours.up(destination(name="Other"))
