"""Many deliveries to an endpoint that is slow, while the API goes on answering."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import stripe

from stripe_emulator import EmulatorClient
from tests.stripe_emulator.webhooks.conftest import APP
from tests.stripe_emulator.webhooks.receiving import Receiver, receiving

Endpoint = Callable[..., stripe.WebhookEndpoint]
MANY = 1000


def test_slow_endpoint_holds_nobody_up(
    client: stripe.StripeClient, stripe_emulator: EmulatorClient, receiver: Receiver, endpoint: Endpoint
) -> None:
    """It answers its first event after a thousand more were made, and another endpoint has got them all by then."""
    stripe_emulator.be_patient(600)
    receiver.gate.clear()
    endpoint(enabled_events=["product.created"])
    with receiving() as other:
        stripe_emulator.forward({f"{APP}/other": other.url})
        endpoint(url=f"{APP}/other", enabled_events=["product.created"])
        with ThreadPoolExecutor(4) as pool:
            made = list(pool.map(lambda number: client.v1.products.create({"name": str(number)}).id, range(MANY)))
        for _ in range(MANY):
            other.arrived.acquire()
        assert len(receiver.received) == 1
        assert {one.event["data"]["object"]["id"] for one in other.received} == set(made)
        receiver.gate.set()
        stripe_emulator.wait_for_deliveries()
    assert receiver.ids == other.ids
    assert len(set(receiver.ids)) == MANY
