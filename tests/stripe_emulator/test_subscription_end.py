"""Announced ends of subscriptions, from their beginning on."""

from __future__ import annotations

from typing import Any

import pytest
import stripe

from stripe_emulator import EmulatorClient

NOW = 1_769_860_800  # 2026-01-31T12:00:00Z
DAY = 86400


def subscribe(
    client: stripe.StripeClient, customer: stripe.Customer, seat: stripe.Price, **params: Any
) -> stripe.Subscription:
    """Subscribe a customer to one seat."""
    asked: Any = {"customer": customer.id, "items": [{"price": seat.id}], **params}
    return client.v1.subscriptions.create(asked)


def test_end_can_be_announced_from_the_beginning(
    client: stripe.StripeClient, payer: stripe.Customer, seat: stripe.Price, stripe_emulator: EmulatorClient
) -> None:
    """A `cancel_at` given at the start is kept, and comes."""
    stripe_emulator.clock.set(NOW)
    begun = subscribe(client, payer, seat, cancel_at=NOW + 90 * DAY)
    assert (begun.status, begun.cancel_at, begun.cancel_at_period_end) == ("active", NOW + 90 * DAY, False)
    stripe_emulator.clock.advance(90 * DAY)
    assert client.v1.subscriptions.retrieve(begun.id).status == "canceled"


@pytest.mark.parametrize(
    ("params", "words"),
    [({"cancel_at": 1000}, "which is in the past"), ({"cancel_at": NOW * 2, "cancel_at_period_end": True}, "only")],
)
def test_impossible_end_is_refused(
    client: stripe.StripeClient, payer: stripe.Customer, seat: stripe.Price, params: dict[str, Any], words: str
) -> None:
    """At the start as later."""
    with pytest.raises(stripe.InvalidRequestError, match=words) as refused:
        subscribe(client, payer, seat, **params)
    assert refused.value.param == "cancel_at"
    assert client.v1.subscriptions.list().data == []
