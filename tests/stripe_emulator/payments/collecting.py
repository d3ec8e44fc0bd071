"""What the tests of collection have in common: somebody who lives on a test clock and subscribes for 12.00 a month."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import stripe

JANUARY_31 = 1_769_860_800  # 2026-01-31T12:00:00Z
FEBRUARY_28 = 1_772_280_000  # 2026-02-28T12:00:00Z
HOUR = 3600
DAY = 86400


@dataclass
class Life:
    """A customer on a test clock with one subscription."""

    client: stripe.StripeClient
    clock: str
    customer: str
    subscription: str = ""

    @property
    def status(self) -> str:
        """The subscription's status now."""
        return str(self.client.v1.subscriptions.retrieve(self.subscription).status)

    @property
    def invoice(self) -> Any:
        """The subscription's latest invoice."""
        found = self.client.v1.subscriptions.retrieve(self.subscription, {"expand": ["latest_invoice.payments"]})
        return found.latest_invoice

    @property
    def intent(self) -> Any:
        """The payment intent of the latest invoice."""
        return self.client.v1.payment_intents.retrieve(self.invoice.payments.data[0].payment.payment_intent)

    def to(self, moment: int) -> None:
        """Advance the clock, in steps that Stripe allows."""
        clocks = self.client.v1.test_helpers.test_clocks
        while (now := clocks.retrieve(self.clock).frozen_time) < moment:
            clocks.advance(self.clock, {"frozen_time": min(moment, now + 50 * DAY)})

    def pays_with(self, name: str) -> str:
        """Attach a test method and make it the customer's default."""
        method = self.client.v1.payment_methods.attach(name, {"customer": self.customer})
        self.client.v1.customers.update(self.customer, {"invoice_settings": {"default_payment_method": method.id}})
        return method.id


def life(client: stripe.StripeClient, method: str | None = "pm_card_visa", moment: int = JANUARY_31) -> Life:
    """Return somebody without a subscription yet."""
    clock = client.v1.test_helpers.test_clocks.create({"frozen_time": moment})
    customer = client.v1.customers.create({"test_clock": clock.id})
    somebody = Life(client, clock.id, customer.id)
    if method is not None:
        somebody.pays_with(method)
    return somebody


def monthly(client: stripe.StripeClient, amount: int = 1200, interval: str = "month") -> str:
    """Return the id of a monthly price, or one of another interval."""
    recurring: Any = {"interval": interval}
    price: Any = {"currency": "usd", "unit_amount": amount, "recurring": recurring, "product_data": {"name": "Team"}}
    return client.v1.prices.create(price).id


def subscribed(somebody: Life, **params: Any) -> Life:
    """Let somebody subscribe for 12.00 a month."""
    given: Any = {"customer": somebody.customer, "items": [{"price": monthly(somebody.client)}], **params}
    somebody.subscription = somebody.client.v1.subscriptions.create(given).id
    return somebody
