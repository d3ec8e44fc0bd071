"""Meters, through the official client."""

from __future__ import annotations

from typing import Any

import pytest
import stripe
from stripe.params.billing import MeterCreateParams

TOKENS: MeterCreateParams = {
    "display_name": "Tokens",
    "event_name": "tokens",
    "default_aggregation": {"formula": "sum"},
}


def test_new_meter_has_stripes_defaults(client: stripe.StripeClient) -> None:
    """Customer mapping and value key have Stripe's names."""
    meter = client.v1.billing.meters.create(TOKENS).to_dict()
    assert meter["customer_mapping"] == {"event_payload_key": "stripe_customer_id", "type": "by_id"}
    assert (meter["value_settings"], meter["status"]) == ({"event_payload_key": "value"}, "active")


@pytest.mark.belief("one active meter per event name (words and code: M)", "D")
def test_event_name_of_an_active_meter_is_taken(client: stripe.StripeClient, meter: Any) -> None:
    """Only one active meter listens to an event name."""
    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.v1.billing.meters.create({**TOKENS, "event_name": meter.event_name})
    assert (refused.value.http_status, refused.value.param) == (400, "event_name")


def test_deactivated_meter_frees_its_event_name(client: stripe.StripeClient, meter: Any) -> None:
    """The name is reserved only while the meter is active, and then the old one cannot come back."""
    client.v1.billing.meters.deactivate(meter.id)
    client.v1.billing.meters.create({**TOKENS, "event_name": meter.event_name})
    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.v1.billing.meters.reactivate(meter.id)
    assert refused.value.param == "event_name"


def test_meter_can_be_deactivated_and_reactivated(client: stripe.StripeClient, meter: Any) -> None:
    """A meter keeps its time of deactivation only while it is inactive."""
    off = client.v1.billing.meters.deactivate(meter.id)
    assert (off.status, off.status_transitions.deactivated_at) == ("inactive", off.updated)
    on = client.v1.billing.meters.reactivate(meter.id)
    assert (on.status, on.status_transitions.deactivated_at) == ("active", None)


@pytest.mark.belief(
    "a meter that is inactive cannot be deactivated again, nor an active one reactivated (no evidence either way)", "M"
)
@pytest.mark.parametrize("verb", ["reactivate", "deactivate"])
def test_meter_cannot_become_what_it_is(client: stripe.StripeClient, meter: Any, verb: str) -> None:
    """A transition that changes nothing is refused."""
    if verb == "deactivate":
        client.v1.billing.meters.deactivate(meter.id)
    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.raw_request("post", f"/v1/billing/meters/{meter.id}/{verb}")
    assert refused.value.http_status == 400


def test_long_payload_key_is_refused(client: stripe.StripeClient) -> None:
    """The key of a value has at most 100 characters."""
    with pytest.raises(stripe.InvalidRequestError, match="at most 100 characters") as refused:
        client.v1.billing.meters.create({**TOKENS, "value_settings": {"event_payload_key": "k" * 101}})
    assert refused.value.param == "value_settings[event_payload_key]"


def test_only_the_display_name_may_change(client: stripe.StripeClient, meter: Any) -> None:
    """Everything else of a meter is immutable."""
    assert client.v1.billing.meters.update(meter.id, {"display_name": "AI tokens"}).display_name == "AI tokens"
    with pytest.raises(stripe.InvalidRequestError, match="Received unknown parameter: event_name"):
        client.raw_request("post", f"/v1/billing/meters/{meter.id}", event_name="other")


@pytest.mark.parametrize(
    ("change", "param"),
    [
        ({"default_aggregation": {"formula": "max"}}, "default_aggregation[formula]"),
        ({"event_time_window": "month"}, "event_time_window"),
        ({"event_name": "e" * 101}, "event_name"),
        ({"display_name": "d" * 251}, "display_name"),
        ({"default_aggregation": None}, "default_aggregation"),
        ({"customer_mapping": {"type": "by_id"}}, "customer_mapping[event_payload_key]"),
    ],
)
def test_bad_meter_is_refused(client: stripe.StripeClient, change: Any, param: str) -> None:
    """Formulas, windows and lengths are Stripe's."""
    params: Any = {name: value for name, value in {**TOKENS, **change}.items() if value is not None}
    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.v1.billing.meters.create(params)
    assert refused.value.param == param


def test_list_filters_by_status(client: stripe.StripeClient, meter: Any) -> None:
    """Active and inactive meters are listed apart."""
    client.v1.billing.meters.deactivate(meter.id)
    assert client.v1.billing.meters.list({"status": "active"}).data == []
    assert [found.id for found in client.v1.billing.meters.list({"status": "inactive"}).data] == [meter.id]


def test_meter_is_found_again(client: stripe.StripeClient, meter: Any) -> None:
    """What was created can be retrieved."""
    assert client.v1.billing.meters.retrieve(meter.id).to_dict() == meter.to_dict()


@pytest.mark.belief("a meter makes events when it is created, renamed, deactivated and reactivated", "S")
def test_events_of_a_meter(client: stripe.StripeClient, meter: Any) -> None:
    """One for each change; a status is told as such."""
    client.v1.billing.meters.update(meter.id, {"display_name": "Words"})
    client.v1.billing.meters.deactivate(meter.id)
    client.v1.billing.meters.reactivate(meter.id)
    told = [event.type for event in client.v1.events.list().data[::-1]]
    assert told == [f"billing.meter.{change}" for change in ("created", "updated", "deactivated", "reactivated")]
