"""What happens in connected accounts, delivered to their platform. https://docs.stripe.com/connect/webhooks"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import stripe

from stripe_emulator import EmulatorClient
from tests.stripe_emulator.webhooks.conftest import APP
from tests.stripe_emulator.webhooks.receiving import Receiver

Connect = Callable[[str], stripe.StripeClient]


def listen(client: stripe.StripeClient, path: str, **more: Any) -> stripe.WebhookEndpoint:
    """Create an endpoint for new products."""
    params: Any = {"url": f"{APP}/{path}", "enabled_events": ["product.created"], **more}
    return client.v1.webhook_endpoints.create(params)


@pytest.fixture
def platform(connect: Connect, stripe_emulator: EmulatorClient) -> stripe.StripeClient:
    """Return the client of a platform with one connected account."""
    stripe_emulator.connect("acct_platform", "acct_shop")
    return connect("sk_test_platform")


@pytest.mark.belief(
    "a Connect endpoint hears of connected accounts only, with `account`; the others of their own", "D S"
)
def test_connect_endpoint_hears_of_connected_accounts(
    platform: stripe.StripeClient, connect: Connect, stripe_emulator: EmulatorClient, receiver: Receiver
) -> None:
    """The account itself is told at its own endpoint, without a word about an account."""
    both = listen(platform, "connect", connect=True)
    listen(platform, "own")
    listen(connect("sk_test_shop"), "shop")
    platform.v1.products.create({"name": "platform"})
    platform.v1.products.create({"name": "shop"}, {"stripe_account": "acct_shop"})
    connect("sk_test_stranger").v1.products.create({"name": "stranger"})
    stripe_emulator.wait_for_deliveries()
    found = {one.path: (one.event["data"]["object"]["name"], one.event.get("account")) for one in receiver.received}
    assert found == {"/connect": ("shop", "acct_shop"), "/own": ("platform", None), "/shop": ("shop", None)}
    (one,) = [one for one in receiver.received if one.path == "/connect"]
    assert platform.construct_event(one.body, one.signature, both.secret).account == "acct_shop"


@pytest.mark.belief("a thin event of a connected account has its context, in which it is fetched", "S")
def test_thin_event_of_a_connected_account_is_fetched(
    platform: stripe.StripeClient, stripe_emulator: EmulatorClient, receiver: Receiver
) -> None:
    """The official client goes into the context by itself."""
    params: Any = {
        "name": "Thin", "type": "webhook_endpoint", "event_payload": "thin", "enabled_events": ["v1.product.created"],
        "webhook_endpoint": {"url": f"{APP}/thin"}, "events_from": ["@accounts"],
        "include": ["webhook_endpoint.signing_secret"],
    }  # fmt: skip
    made: Any = platform.v2.core.event_destinations.create(params)
    platform.v1.products.create({"name": "unheard"})
    platform.v1.products.create({"name": "shop"}, {"stripe_account": "acct_shop"})
    stripe_emulator.wait_for_deliveries()
    (one,) = receiver.received
    told: Any = platform.parse_event_notification(one.body, one.signature, made.webhook_endpoint.signing_secret)
    assert str(told.context) == "acct_shop"
    assert told.fetch_event().type == "v1.product.created"
    assert told.fetch_related_object().name == "shop"


def test_event_is_sent_to_the_platform_again(
    platform: stripe.StripeClient, stripe_emulator: EmulatorClient, receiver: Receiver
) -> None:
    """By its endpoint's id."""
    endpoint = listen(platform, "connect", connect=True)
    platform.v1.products.create({"name": "shop"}, {"stripe_account": "acct_shop"})
    stripe_emulator.wait_for_deliveries()
    stripe_emulator.resend(receiver.ids[0], endpoint.id)
    stripe_emulator.wait_for_deliveries()
    assert receiver.ids == [receiver.ids[0]] * 2
    assert [one["account"] for one in stripe_emulator.deliveries(endpoint_account="acct_platform")] == ["acct_shop"] * 2
