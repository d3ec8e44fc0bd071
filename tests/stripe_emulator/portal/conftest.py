"""What the tests of the customer portal begin with."""

from __future__ import annotations

from typing import Any

import pytest
import stripe


@pytest.fixture
def subscription(client: stripe.StripeClient, payer: stripe.Customer, seat: stripe.Price) -> stripe.Subscription:
    """Two seats at 12.00 a month."""
    return client.v1.subscriptions.create({"customer": payer.id, "items": [{"price": seat.id, "quantity": 2}]})


@pytest.fixture
def dear(client: stripe.StripeClient, product: stripe.Product) -> stripe.Price:
    """A yearly price of the same product."""
    recurring: Any = {"interval": "year"}
    return client.v1.prices.create(
        {"product": product.id, "currency": "usd", "unit_amount": 12000, "recurring": recurring}
    )
