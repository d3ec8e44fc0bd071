"""Sending usage in tests, over each of Stripe's three ways, and reading what it came to."""

from __future__ import annotations

from typing import Any

import stripe

NOON = 1_767_268_800  # 2026-01-01T12:00:00Z
HOUR, DAY = 3600, 86400


def event(customer: str, value: str = "5", **params: Any) -> Any:
    """Return the parameters of an event of tokens."""
    return {"event_name": "tokens", "payload": {"stripe_customer_id": customer, "value": value}, **params}


def send(client: stripe.StripeClient, customer: str, value: str = "5", **params: Any) -> Any:
    """Record usage of tokens over v1."""
    return client.v1.billing.meter_events.create(event(customer, value, **params))


def send_v2(client: stripe.StripeClient, customer: str, value: str = "5", **params: Any) -> Any:
    """Record usage of tokens over v2."""
    return client.v2.billing.meter_events.create(event(customer, value, **params))


def streamer(client: stripe.StripeClient, url: str) -> stripe.StripeClient:
    """Return a client of the stream, made as Stripe documents it: with the token of a session."""
    session = client.v2.billing.meter_event_session.create()
    return stripe.StripeClient(session.authentication_token, base_addresses={"meter_events": url})


def summaries(client: stripe.StripeClient, meter: Any, customer: str, **params: Any) -> list[Any]:
    """Return (start, value) of the summaries of the day."""
    asked: Any = {"customer": customer, "start_time": NOON - 12 * HOUR, "end_time": NOON + 12 * HOUR, **params}
    found = client.v1.billing.meters.event_summaries.list(meter.id, asked)
    return [(summary.start_time, summary.aggregated_value) for summary in found.data]


def total(client: stripe.StripeClient, meter: Any, customer: str) -> Any:
    """Return the value of the day's summary."""
    return summaries(client, meter, customer)[0][1]


def thin(client: stripe.StripeClient, name: str) -> list[Any]:
    """Return the thin events of a type, newest first, as they are fetched."""
    return [client.v2.core.events.retrieve(one.id) for one in client.v2.core.events.list({"types": [name]}).data]
