"""Features of products, through the official client."""

from __future__ import annotations

from typing import Any

import pytest
import stripe

from tests.stripe_emulator.answers import body


@pytest.fixture
def feature(client: stripe.StripeClient) -> Any:
    """Return a feature that no product has."""
    return client.v1.entitlements.features.create({"name": "Single sign-on", "lookup_key": "sso"})


def attach(client: stripe.StripeClient, product: stripe.Product, feature: Any) -> Any:
    """Attach a feature to a product."""
    return client.v1.products.features.create(product.id, {"entitlement_feature": feature.id})


@pytest.mark.belief("an attachment shows the whole feature", "S")
def test_attachment_shows_the_whole_feature(client: stripe.StripeClient, product: stripe.Product, feature: Any) -> None:
    """The feature stands in it as an object, as it is now."""
    attached = attach(client, product, feature)
    assert body(attached) == {
        "id": attached.id,
        "object": "product_feature",
        "livemode": False,
        "entitlement_feature": body(feature),
    }
    client.v1.entitlements.features.update(feature.id, {"name": "SSO"})
    assert client.v1.products.features.retrieve(product.id, attached.id).entitlement_feature.name == "SSO"


@pytest.mark.belief("a product has a feature once, and twenty features at most", "M")
def test_product_has_a_feature_once(client: stripe.StripeClient, product: stripe.Product, feature: Any) -> None:
    """Another product can have it as well, and so can the first after detaching."""
    attached = attach(client, product, feature)
    with pytest.raises(stripe.InvalidRequestError) as refused:
        attach(client, product, feature)
    assert (refused.value.http_status, refused.value.param) == (400, "entitlement_feature")
    attach(client, client.v1.products.create({"name": "Other"}), feature)
    deleted = body(client.v1.products.features.delete(product.id, attached.id))
    assert deleted == {"id": attached.id, "object": "product_feature", "deleted": True}
    assert attach(client, product, feature).id != attached.id


@pytest.mark.belief("an archived feature is attached to no further product (words: M)", "S")
def test_archived_feature_is_not_attached(client: stripe.StripeClient, product: stripe.Product, feature: Any) -> None:
    """What was attached before stays."""
    attached = attach(client, product, feature)
    client.v1.entitlements.features.update(feature.id, {"active": False})
    with pytest.raises(stripe.InvalidRequestError) as refused:
        attach(client, client.v1.products.create({"name": "Other"}), feature)
    assert refused.value.param == "entitlement_feature"
    assert [one.id for one in client.v1.products.features.list(product.id).data] == [attached.id]


@pytest.mark.parametrize("missing", ["feature", "product"])
def test_unknown_ends_are_refused(
    client: stripe.StripeClient, product: stripe.Product, feature: Any, missing: str
) -> None:
    """Of the product in the address and of the feature in the parameter."""
    ids = {"product": product.id, "feature": feature.id, missing: "nope"}
    with pytest.raises(stripe.InvalidRequestError, match=f"No such {missing}: 'nope'") as refused:
        client.v1.products.features.create(ids["product"], {"entitlement_feature": ids["feature"]})
    assert refused.value.http_status == (404 if missing == "product" else 400)


def test_attachments_are_listed_per_product(client: stripe.StripeClient, product: stripe.Product) -> None:
    """Newest first, page by page, under the product's own address."""
    keys = ("one", "two", "three")
    features = [client.v1.entitlements.features.create({"name": key, "lookup_key": key}) for key in keys]
    ids = [attach(client, product, feature).id for feature in features]
    attach(client, client.v1.products.create({"name": "Other"}), features[0])
    pages = client.v1.products.features.list(product.id, {"limit": 2})
    assert pages.url == f"/v1/products/{product.id}/features"
    assert [one.id for one in pages.auto_paging_iter()] == ids[::-1]


def test_attachment_of_another_product_is_missing(
    client: stripe.StripeClient, product: stripe.Product, feature: Any
) -> None:
    """An attachment is found under its own product only."""
    attached = attach(client, product, feature)
    other = client.v1.products.create({"name": "Other"})
    for method in (client.v1.products.features.retrieve, client.v1.products.features.delete):
        with pytest.raises(stripe.InvalidRequestError, match="No such product feature"):
            method(other.id, attached.id)


def test_deleted_product_leaves_no_attachment(client: stripe.StripeClient, feature: Any) -> None:
    """A product made anew under the same id begins without features."""
    product = client.v1.products.create({"id": "prod_team", "name": "Team"})
    attach(client, product, feature)
    client.v1.products.delete(product.id)
    client.v1.products.create({"id": "prod_team", "name": "Team"})
    assert client.v1.products.features.list(product.id).data == []


def test_product_has_twenty_features_at_most(client: stripe.StripeClient, product: stripe.Product) -> None:
    """The 21st is refused."""
    features = [client.v1.entitlements.features.create({"name": "x", "lookup_key": str(key)}) for key in range(21)]
    for feature in features[:20]:
        attach(client, product, feature)
    with pytest.raises(stripe.InvalidRequestError, match="at most 20"):
        attach(client, product, features[20])
