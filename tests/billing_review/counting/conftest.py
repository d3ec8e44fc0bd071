"""A client without retries of its own, a shop, and retries that wait for nothing."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import stamina
import stripe

from stripe_emulator import EmulatorClient
from tests.billing_review.counting.shop import Shop


@pytest.fixture(autouse=True)
def _no_waiting() -> Iterator[None]:
    """Retries happen at once, as often as they would."""
    with stamina.set_testing(testing=True, attempts=100, cap=True):
        yield


@pytest.fixture
def client(stripe_emulator: EmulatorClient) -> stripe.StripeClient:
    """The account's client."""
    return stripe.StripeClient(stripe_emulator.key, base_addresses={"api": stripe_emulator.url})


@pytest.fixture
def shop(client: stripe.StripeClient) -> Shop:
    """A shop without prices."""
    return Shop(client)
