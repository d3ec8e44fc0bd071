"""The official client, pointed at the emulator."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import stripe

if TYPE_CHECKING:
    from stripe_emulator.client import EmulatorClient


@pytest.fixture
def client(stripe_emulator: EmulatorClient) -> stripe.StripeClient:
    """Return a client in test mode, without retries of its own."""
    return stripe.StripeClient(stripe_emulator.key, base_addresses={"api": stripe_emulator.url})
