"""What goes wrong with usage, and what alerts see, as an event destination hears of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import stripe

from stripe_emulator import EmulatorClient
from tests.stripe_emulator.metering.sending import NOON, event, streamer
from tests.stripe_emulator.webhooks.receiving import Receiver

Destination = Callable[..., Any]


def test_report_of_bad_events_is_delivered_and_fetched(
    client: stripe.StripeClient,
    stripe_emulator: EmulatorClient,
    receiver: Receiver,
    destination: Destination,
    meter: Any,
) -> None:
    """With the official client alone: parse, fetch the event with its counts, fetch the meter."""
    stripe_emulator.clock.set(NOON)
    secret = destination("v1.billing.meter.error_report_triggered").webhook_endpoint.signing_secret
    stream = streamer(client, stripe_emulator.url)
    stream.v2.billing.meter_event_stream.create({"events": [event("cus_nope"), event("cus_nope", "much")]})
    stripe_emulator.clock.advance(10)
    stripe_emulator.wait_for_deliveries()
    (one,) = receiver.received
    notification: Any = client.parse_event_notification(one.body, one.signature, secret)
    assert isinstance(notification, stripe.events.V1BillingMeterErrorReportTriggeredEventNotification)
    told: Any = notification
    assert told.fetch_related_object().event_name == meter.event_name
    fetched: Any = told.fetch_event()
    [error] = fetched.data.reason.error_types
    assert (fetched.data.reason.error_count, error.code) == (2, "meter_event_customer_not_found")


def test_alert_that_fires_is_delivered(
    client: stripe.StripeClient,
    stripe_emulator: EmulatorClient,
    receiver: Receiver,
    destination: Destination,
    endpoint: Callable[..., stripe.WebhookEndpoint],
    meter: Any,
    customer: stripe.Customer,
) -> None:
    """Whole to an endpoint, as a notification to a destination; the alert can be fetched from there."""
    secret = endpoint(enabled_events=["billing.alert.triggered"]).secret
    thin = destination("v1.billing.alert.triggered").webhook_endpoint.signing_secret
    usage: Any = {"gte": 5, "meter": meter.id, "recurrence": "one_time"}
    params: Any = {"alert_type": "usage_threshold", "title": "Much", "usage_threshold": usage}
    alert = client.v1.billing.alerts.create(params)
    client.v1.billing.meter_events.create(event(customer.id))
    stripe_emulator.wait_for_deliveries()
    by_path = {one.path: one for one in receiver.received}
    whole = client.construct_event(by_path["/hook"].body, by_path["/hook"].signature, str(secret))
    assert whole.data.object["alert"]["id"] == alert.id
    told: Any = client.parse_event_notification(by_path["/thin"].body, by_path["/thin"].signature, thin)
    assert told.related_object.id == alert.id
