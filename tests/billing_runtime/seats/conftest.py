"""An organization with seats, on any backend."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from billing_runtime import Billing
from stripe_emulator.client import EmulatorClient

Json = dict[str, Any]
START = datetime(2026, 1, 31, 12, tzinfo=UTC)


class Watch:
    """The application's clock and the emulator's, moved together."""

    def __init__(self, emulator: EmulatorClient) -> None:
        self._emulator = emulator
        self.now = START
        emulator.clock.set(START.isoformat())

    def __call__(self) -> datetime:
        """The time."""
        return self.now

    def advance(self, **by: int) -> None:
        """Let time pass."""
        self.now += timedelta(**by)
        self._emulator.clock.set(self.now.isoformat())


@pytest.fixture
def watch(stripe_emulator: EmulatorClient) -> Watch:
    """A clock that stands still until it is moved."""
    return Watch(stripe_emulator)


@pytest.fixture
def opened(
    open_billing: Callable[..., Billing], provisioned: Json, stripe_emulator: EmulatorClient, watch: Watch
) -> Callable[..., Billing]:
    """Open the example's billing on the emulated Stripe, with settings of the test's own."""

    def open_one(**settings: Any) -> Billing:
        return open_billing(manifest=provisioned, api_base=stripe_emulator.url, clock=watch, **settings)

    return open_one


def subscribed(billing: Billing, entity: str, quantity: int, card: str | None = "pm_card_visa") -> str:
    """Subscribe an organization with a card, past its trial; answers the subscription's id."""
    customer = billing.customers.ensure(entity, kind="organization")
    made = billing.subscribe(entity, price="team.monthly", quantity=quantity)
    client = billing._context.api._client
    if card:
        method = client.v1.payment_methods.attach(card, {"customer": customer.id})
        client.v1.customers.update(customer.id, {"invoice_settings": {"default_payment_method": method.id}})
        client.v1.subscriptions.update(made.id, {"trial_end": "now"})
    billing._context.cache.refresh(customer.id)
    return made.id


def at_stripe(billing: Billing, entity: str) -> list[int | None]:
    """The quantities that Stripe has now."""
    return [item.quantity for one in billing.subscriptions.of(entity) for item in one.items]
