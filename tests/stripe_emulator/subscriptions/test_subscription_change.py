"""Settings of a running subscription that are kept and shown."""

from __future__ import annotations

from typing import Any

import pytest
import stripe


@pytest.fixture
def subscription(client: stripe.StripeClient, payer: stripe.Customer, seat: stripe.Price) -> stripe.Subscription:
    """Return a subscription with one item."""
    asked: Any = {"customer": payer.id, "items": [{"price": seat.id}], "invoice_settings": {"footer": "Thank you"}}
    return client.v1.subscriptions.create(asked)


def test_invoice_settings_are_kept(client: stripe.StripeClient, subscription: stripe.Subscription) -> None:
    """From the start, and merged by an update."""
    changed = client.v1.subscriptions.update(subscription.id, {"invoice_settings": {"description": "Seats"}})
    shown = changed.invoice_settings.to_dict()
    assert (shown["footer"], shown["description"], shown["issuer"]["type"]) == ("Thank you", "Seats", "self")


def test_collection_is_paused_and_taken_up(client: stripe.StripeClient, subscription: stripe.Subscription) -> None:
    """Without a date it stays paused until it is cleared."""
    paused = client.v1.subscriptions.update(subscription.id, {"pause_collection": {"behavior": "void"}}).to_dict()
    assert paused["pause_collection"] == {"behavior": "void", "resumes_at": None}
    assert client.v1.subscriptions.update(subscription.id, {"pause_collection": ""}).pause_collection is None


def test_filter_that_is_not_emulated_says_so(client: stripe.StripeClient) -> None:
    """A list that ignored a filter would be wrong without a word."""
    with pytest.raises(stripe.InvalidRequestError, match="does not support `current_period_end`"):
        client.v1.subscriptions.list({"current_period_end": {"lt": 1}})
