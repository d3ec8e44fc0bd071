"""Products, through the official client."""

from __future__ import annotations

import pytest
import stripe


def test_created_product_is_found_again(client: stripe.StripeClient) -> None:
    """What was created can be retrieved."""
    product = client.v1.products.create({"name": "Team", "metadata": {"a": "b"}})
    assert client.v1.products.retrieve(product.id).to_dict() == product.to_dict()


def test_unknown_parameter_is_refused(client: stripe.StripeClient) -> None:
    """A made-up parameter fails as it would at Stripe."""
    with pytest.raises(stripe.InvalidRequestError, match="Received unknown parameter: wat") as refused:
        client.raw_request("post", "/v1/products", name="Team", wat="1")
    assert (refused.value.code, refused.value.param) == ("parameter_unknown", "wat")
