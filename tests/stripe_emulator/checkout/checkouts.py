"""What the tests of checkout sessions have in common."""

from __future__ import annotations

from typing import Any

import stripe

URL = "https://app.example.com/done"
HALF_AN_HOUR, DAY = 1800, 86400


def open_session(client: stripe.StripeClient, *items: Any, **params: Any) -> Any:
    """Open a session in subscription mode unless told otherwise; an item may be given by its price."""
    given = [{"price": item.id, "quantity": 1} if isinstance(item, stripe.Price) else item for item in items]
    asked: Any = {"mode": "subscription", "success_url": URL, **({"line_items": given} if given else {}), **params}
    given_only: Any = {name: value for name, value in asked.items() if value is not None}
    return client.v1.checkout.sessions.create(given_only)


def one_time(client: stripe.StripeClient, product: stripe.Product, amount: int = 500) -> stripe.Price:
    """Return a price that is paid once."""
    return client.v1.prices.create({"product": product.id, "currency": "usd", "unit_amount": amount})
