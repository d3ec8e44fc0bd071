"""A receiver that deliveries really reach, and endpoints that lead to it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import stripe

from stripe_emulator import EmulatorClient
from tests.stripe_emulator.webhooks.receiving import Receiver, receiving

APP = "https://app.example.com"


@pytest.fixture
def receiver(stripe_emulator: EmulatorClient) -> Iterator[Receiver]:
    """Receive what is for https://app.example.com."""
    with receiving() as found:
        stripe_emulator.forward({APP: found.url})
        yield found
        found.gate.set()
        stripe_emulator.wait_for_deliveries()


@pytest.fixture
def endpoint(client: stripe.StripeClient) -> Callable[..., stripe.WebhookEndpoint]:
    """Create endpoints for every event, at https://app.example.com/hook unless told otherwise."""

    def create(**change: Any) -> stripe.WebhookEndpoint:
        params: Any = {"url": f"{APP}/hook", "enabled_events": ["*"], **change}
        return client.v1.webhook_endpoints.create(params)

    return create


@pytest.fixture
def destination(client: stripe.StripeClient) -> Callable[..., Any]:
    """Create destinations for every thin event, with their secret, at https://app.example.com/thin."""

    def create(*events: str, **change: Any) -> Any:
        params: Any = {
            "name": "Thin", "type": "webhook_endpoint", "event_payload": "thin",
            "enabled_events": list(events) or ["*"], "webhook_endpoint": {"url": f"{APP}/thin"},
            "include": ["webhook_endpoint.signing_secret"], **change,
        }  # fmt: skip
        return client.v2.core.event_destinations.create(params)

    return create
