"""What the tests of payments have in common: a short way to pay, and what was told of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import stripe


def pay(client: stripe.StripeClient, method: str | None = None, amount: int = 2000, **params: Any) -> Any:
    """Create a payment intent of 20.00 USD, and confirm it at once if there is a method."""
    given: Any = {"amount": amount, "currency": "usd", **params}
    if method is not None:
        given |= {"payment_method": method, "confirm": True}
    return client.v1.payment_intents.create(given)


def refusal(action: Callable[[], object]) -> Any:
    """Return the error that an action is answered with."""
    with pytest.raises(stripe.StripeError) as caught:
        action()
    return caught.value


def told(client: stripe.StripeClient, *prefixes: str) -> list[str]:
    """Return the types of all events so far, oldest first, that begin with one of these."""
    events = client.v1.events.list({"limit": 100}).data[::-1]
    return [event.type for event in events if not prefixes or event.type.startswith(prefixes)]
