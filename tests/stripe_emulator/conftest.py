"""The official client, pointed at the emulator, and a few objects to begin with."""

from __future__ import annotations

import http.client
import json
from contextlib import closing
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
import stripe

from tests.stripe_emulator.sides import SIDES, Side, side_named

if TYPE_CHECKING:
    from collections.abc import Callable

    from stripe_emulator import EmulatorClient, Server


@pytest.fixture
def connect(stripe_emulator: EmulatorClient) -> Callable[[str], stripe.StripeClient]:
    """Return clients by API key, without retries of their own."""
    return lambda key: stripe.StripeClient(key, base_addresses={"api": stripe_emulator.url})


@pytest.fixture
def raw(stripe_emulator: EmulatorClient) -> Callable[..., tuple[int, Any]]:
    """Return what sends a request that the official client would not, and answers status and JSON."""

    def send(method: str, path: str, body: bytes = b"", *, headers: dict[str, str] | None = None) -> tuple[int, Any]:
        with closing(http.client.HTTPConnection(urlsplit(stripe_emulator.url).netloc)) as connection:
            usual = {"Authorization": f"Bearer {stripe_emulator.key}"}
            connection.request(method, path, body, usual if headers is None else headers)
            answer = connection.getresponse()
            return answer.status, json.loads(answer.read())

    return send


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run what is marked `real_stripe` on both sides."""
    if metafunc.definition.get_closest_marker("real_stripe"):
        metafunc.parametrize("side", SIDES, indirect=True)


@pytest.fixture
def side(request: pytest.FixtureRequest, stripe_emulator: EmulatorClient) -> Side:
    """Return where the test asks: the emulator, unless it is marked `real_stripe`."""
    return side_named(getattr(request, "param", "emulator"), stripe_emulator)


@pytest.fixture
def client(side: Side) -> stripe.StripeClient:
    """Return a client in test mode."""
    return stripe.StripeClient(side.key, base_addresses={"api": side.url})


@pytest.fixture(scope="session")
def new_account(stripe_emulator_server: Server) -> Callable[[], stripe.StripeClient]:
    """Return clients of accounts nobody has used before, for tests that run many examples."""
    names = iter(range(1_000_000))
    url = stripe_emulator_server.url
    return lambda: stripe.StripeClient(f"sk_test_example{next(names)}", base_addresses={"api": url})


@pytest.fixture
def product(client: stripe.StripeClient) -> stripe.Product:
    """Return a product without prices."""
    return client.v1.products.create({"name": "Team"})


@pytest.fixture
def seat(client: stripe.StripeClient, product: stripe.Product) -> stripe.Price:
    """Return a licensed monthly price of 12.00 USD."""
    recurring: Any = {"interval": "month"}
    return client.v1.prices.create(
        {"product": product.id, "currency": "usd", "unit_amount": 1200, "recurring": recurring}
    )


@pytest.fixture
def meter(client: stripe.StripeClient) -> Any:
    """Return a meter that sums up."""
    return client.v1.billing.meters.create(
        {"display_name": "Tokens", "event_name": "tokens", "default_aggregation": {"formula": "sum"}}
    )


@pytest.fixture
def usage(client: stripe.StripeClient, product: stripe.Product, meter: Any) -> stripe.Price:
    """Return a metered monthly price."""
    return client.v1.prices.create(
        {
            "product": product.id,
            "currency": "usd",
            "unit_amount": 4,
            "transform_quantity": {"divide_by": 1000, "round": "up"},
            "recurring": {"interval": "month", "usage_type": "metered", "meter": meter.id},
        }
    )


@pytest.fixture
def customer(client: stripe.StripeClient) -> stripe.Customer:
    """Return a customer who cannot pay."""
    return client.v1.customers.create({"email": "ada@example.com"})


@pytest.fixture
def payer(client: stripe.StripeClient) -> stripe.Customer:
    """Return a customer whose card works."""
    return client.v1.customers.create(
        {"payment_method": "pm_card_visa", "invoice_settings": {"default_payment_method": "pm_card_visa"}}
    )
