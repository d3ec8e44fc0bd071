"""What the tests of the pages begin with."""

from __future__ import annotations

from typing import Any

import pytest
import stripe

from tests.stripe_emulator.portal.portals import allow


@pytest.fixture
def dear(client: stripe.StripeClient, product: stripe.Product) -> stripe.Price:
    """A yearly price of the same product."""
    recurring: Any = {"interval": "year"}
    return client.v1.prices.create(
        {"product": product.id, "currency": "usd", "unit_amount": 12000, "recurring": recurring}
    )


@pytest.fixture
def everything(client: stripe.StripeClient, seat: stripe.Price, dear: stripe.Price) -> Any:
    """A configuration that allows everything."""
    bounds = {"enabled": True, "minimum": 1, "maximum": 10}
    products = [{"product": str(seat.product), "prices": [seat.id, dear.id], "adjustable_quantity": bounds}]
    update = {"enabled": True, "default_allowed_updates": ["price", "quantity"], "products": products}
    return allow(
        client,
        customer_update={"enabled": True, "allowed_updates": ["email", "name", "address"]},
        invoice_history={"enabled": True},
        payment_method_update={"enabled": True},
        subscription_cancel={"enabled": True, "cancellation_reason": {"enabled": True, "options": ["unused", "other"]}},
        subscription_pause={"enabled": True},
        subscription_update=update,
    )


@pytest.fixture
def subscription(client: stripe.StripeClient, payer: stripe.Customer, seat: stripe.Price) -> stripe.Subscription:
    """Two seats at 12.00 a month, since the middle of a January."""
    return client.v1.subscriptions.create({"customer": payer.id, "items": [{"price": seat.id, "quantity": 2}]})
