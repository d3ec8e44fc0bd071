"""Deliveries to event destinations, thin and with snapshots. https://docs.stripe.com/event-destinations"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import stripe

from stripe_emulator import EmulatorClient
from tests.stripe_emulator.webhooks.receiving import Receiver

Destination = Callable[..., Any]


@pytest.mark.belief("a thin destination gets a signed notification, without data; the event has to be fetched", "D S")
def test_notification_is_verified_and_fetched(
    client: stripe.StripeClient, stripe_emulator: EmulatorClient, receiver: Receiver, destination: Destination
) -> None:
    """With the official client alone: parse, fetch the event, fetch the object."""
    secret = destination("v1.product.updated").webhook_endpoint.signing_secret
    product = client.v1.products.create({"name": "Team"})
    client.v1.products.update(product.id, {"name": "Crew"})
    stripe_emulator.wait_for_deliveries()
    (one,) = receiver.received
    notification: Any = client.parse_event_notification(one.body, one.signature, secret)
    assert isinstance(notification, stripe.events.V1ProductUpdatedEventNotification)
    assert {"changes", "data"}.isdisjoint(one.event)
    assert (one.path, notification.related_object.id) == ("/thin", product.id)
    told: Any = notification
    assert told.fetch_event().changes["before"]["name"] == "Team"
    assert told.fetch_related_object().name == "Crew"
    assert told.reason.request.idempotency_key
    with pytest.raises(stripe.SignatureVerificationError):
        client.parse_event_notification(one.body, one.signature, "whsec_other")


@pytest.mark.belief("a ping is sent to the destination that is pinged, whatever it receives otherwise", "D")
def test_ping_arrives(
    client: stripe.StripeClient, stripe_emulator: EmulatorClient, receiver: Receiver, destination: Destination
) -> None:
    """At this destination only, and it can be parsed."""
    pinged = destination("v1.product.created")
    destination("v1.product.created", webhook_endpoint={"url": "https://app.example.com/other"})
    made = client.v2.core.event_destinations.ping(pinged.id)
    stripe_emulator.wait_for_deliveries()
    (one,) = receiver.received
    secret = pinged.webhook_endpoint.signing_secret
    notification: Any = client.parse_event_notification(one.body, one.signature, secret)
    assert (notification.type, notification.id, one.path) == ("v2.core.event_destination.ping", made.id, "/thin")
    assert notification.fetch_related_object().id == pinged.id


def test_snapshot_destination_gets_events_in_its_version(
    client: stripe.StripeClient, stripe_emulator: EmulatorClient, receiver: Receiver, destination: Destination
) -> None:
    """As a webhook endpoint does; and its ping is a thin event all the same."""
    made = destination("product.created", event_payload="snapshot", snapshot_api_version="2023-10-16")
    client.v1.products.create({"name": "Team"})
    client.v2.core.event_destinations.ping(made.id)
    stripe_emulator.wait_for_deliveries()
    one, _ping = receiver.received
    event = client.construct_event(one.body, one.signature, made.webhook_endpoint.signing_secret)
    assert (event.api_version, event.type) == ("2023-10-16", "product.created")
    assert event.data.object["features"] == []


def test_disabled_destination_gets_nothing(
    client: stripe.StripeClient, stripe_emulator: EmulatorClient, receiver: Receiver, destination: Destination
) -> None:
    """Until it is enabled again."""
    made = destination("*")
    client.v2.core.event_destinations.disable(made.id)
    client.v1.products.create({"name": "unseen"})
    client.v2.core.event_destinations.enable(made.id)
    client.v1.products.create({"name": "seen"})
    stripe_emulator.wait_for_deliveries()
    assert receiver.types == ["v1.product.created"]


def test_thin_deliveries_are_no_pending_webhooks_of_the_event(
    client: stripe.StripeClient, stripe_emulator: EmulatorClient, receiver: Receiver, destination: Destination
) -> None:
    """They are the thin event's; the log has both ids."""
    destination("*")
    receiver.answers = [500]
    client.v1.products.create({"name": "Team"})
    stripe_emulator.wait_for_deliveries()
    event = client.v1.events.list().data[0]
    assert event.pending_webhooks == 0
    (one,) = stripe_emulator.deliveries(payload="thin")
    assert (one["event"], one["told"]) == (event.id, client.v2.core.events.list().data[0].id)


def test_thin_event_is_sent_again(
    client: stripe.StripeClient, stripe_emulator: EmulatorClient, receiver: Receiver, destination: Destination
) -> None:
    """By its own id, to a destination that did not exist when it happened."""
    client.v1.products.create({"name": "Team"})
    late = destination("v1.coupon.created")
    thin = client.v2.core.events.list().data[0]
    stripe_emulator.resend(thin.id, late.id)
    stripe_emulator.wait_for_deliveries()
    assert receiver.ids == [thin.id]
    with pytest.raises(ValueError, match=f"no endpoint that is enabled wants {thin.id}"):
        stripe_emulator.resend(thin.id)


def test_secret_of_a_destination_is_rolled(
    client: stripe.StripeClient, stripe_emulator: EmulatorClient, receiver: Receiver, destination: Destination
) -> None:
    """At once, if the old one is to expire at once."""
    made = destination("*")
    fresh = stripe_emulator.roll_secret(made.id, expires_in=0)
    client.v1.products.create({"name": "Team"})
    stripe_emulator.wait_for_deliveries()
    (one,) = receiver.received
    client.parse_event_notification(one.body, one.signature, fresh)
    with pytest.raises(stripe.SignatureVerificationError):
        client.parse_event_notification(one.body, one.signature, made.webhook_endpoint.signing_secret)
    with pytest.raises(ValueError, match="there is no endpoint we_no"):
        stripe_emulator.roll_secret("we_no")
    with pytest.raises(ValueError, match="a whole number of seconds"):
        stripe_emulator.roll_secret(made.id, expires_in=-1)
