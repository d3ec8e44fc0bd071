"""What the tests of subscriptions have in common: moments, and a short way to subscribe."""

from __future__ import annotations

from typing import Any

import stripe

JANUARY_31 = 1_769_860_800  # 2026-01-31T12:00:00Z
FEBRUARY_28 = 1_772_280_000  # 2026-02-28T12:00:00Z
MARCH_31 = 1_774_958_400  # 2026-03-31T12:00:00Z
DAY = 86400


def subscribe(
    client: stripe.StripeClient, customer: stripe.Customer, *items: Any, **params: Any
) -> stripe.Subscription:
    """Subscribe a customer; an item may be given by its price."""
    given = [{"price": item.id} if isinstance(item, stripe.Price) else item for item in items]
    asked: Any = {"customer": customer.id, "items": given, **params}
    return client.v1.subscriptions.create(asked)


def items(subscription: stripe.Subscription) -> list[Any]:
    """Return the items, which the client hides behind the dict method of that name."""
    return list(subscription["items"].data)


def period(subscription: stripe.Subscription) -> tuple[int, int]:
    """Return the period of the first item."""
    first = items(subscription)[0]
    return first.current_period_start, first.current_period_end
