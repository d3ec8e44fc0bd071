"""Lookup keys: one price at a time, archived or not."""

from __future__ import annotations

from typing import Any

import pytest
import stripe


def make(client: stripe.StripeClient, product: stripe.Product, key: str, **params: Any) -> stripe.Price:
    """Create a price with a lookup key."""
    given: Any = {"product": product.id, "currency": "usd", "unit_amount": 1, "lookup_key": key, **params}
    return client.v1.prices.create(given)


def test_taken_key_is_refused_with_its_holder(client: stripe.StripeClient, product: stripe.Product) -> None:
    """The refusal names the price that holds the key."""
    holder = make(client, product, "team")
    with pytest.raises(stripe.InvalidRequestError) as refused:
        make(client, product, "team")
    assert refused.value.param == "lookup_key"
    assert f"A price (`{holder.id}`) already uses that lookup key." in str(refused.value)


@pytest.mark.belief("lookup keys are unique over all prices, active or not", "R")
def test_archived_price_keeps_its_key(client: stripe.StripeClient, product: stripe.Product) -> None:
    """Archiving does not free the key."""
    client.v1.prices.update(make(client, product, "team").id, {"active": False})
    with pytest.raises(stripe.InvalidRequestError, match="already uses that lookup key"):
        make(client, product, "team")


@pytest.mark.belief("transferring a key leaves its holder active", "R")
def test_transfer_takes_the_key_and_leaves_the_holder_active(
    client: stripe.StripeClient, product: stripe.Product
) -> None:
    """With transfer_lookup_key the key moves in one step."""
    old = make(client, product, "team")
    new = make(client, product, "team", transfer_lookup_key=True)
    left = client.v1.prices.retrieve(old.id)
    assert (new.lookup_key, left.lookup_key, left.active) == ("team", None, True)


def test_update_can_transfer_too(client: stripe.StripeClient, product: stripe.Product, seat: stripe.Price) -> None:
    """An existing price can take over a key."""
    old = make(client, product, "team")
    with pytest.raises(stripe.InvalidRequestError, match="already uses"):
        client.v1.prices.update(seat.id, {"lookup_key": "team"})
    client.v1.prices.update(seat.id, {"lookup_key": "team", "transfer_lookup_key": True})
    assert client.v1.prices.retrieve(old.id).lookup_key is None


def test_own_key_can_be_sent_again(client: stripe.StripeClient, product: stripe.Product) -> None:
    """A price does not collide with itself."""
    price = make(client, product, "team")
    assert client.v1.prices.update(price.id, {"lookup_key": "team"}).lookup_key == "team"


def test_cleared_key_is_free(client: stripe.StripeClient, product: stripe.Product) -> None:
    """A key that was given up can be used again."""
    client.v1.prices.update(make(client, product, "team").id, {"lookup_key": "", "active": False})
    assert make(client, product, "team").lookup_key == "team"
