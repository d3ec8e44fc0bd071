"""Products, through the official client."""

from __future__ import annotations

from typing import Any

import pytest
import stripe

from stripe_emulator import EmulatorClient


def test_created_product_is_found_again(client: stripe.StripeClient) -> None:
    """What was created can be retrieved."""
    product = client.v1.products.create({"name": "Team", "metadata": {"a": "b"}})
    assert client.v1.products.retrieve(product.id).to_dict() == product.to_dict()


def test_new_product_has_stripes_defaults(client: stripe.StripeClient) -> None:
    """Fields that were not given have the values Stripe gives them."""
    product = client.v1.products.create({"name": "Team"})
    assert (product.active, product.type, product.images, product.default_price) == (True, "service", [], None)


def test_chosen_id_is_kept(client: stripe.StripeClient) -> None:
    """A product may have an id of the caller's choice."""
    assert client.v1.products.create({"id": "team", "name": "Team"}).id == "team"


def test_taken_id_is_refused(client: stripe.StripeClient) -> None:
    """A chosen id must be free."""
    client.v1.products.create({"id": "team", "name": "Team"})
    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.v1.products.create({"id": "team", "name": "Again"})
    assert (refused.value.code, refused.value.param) == ("resource_already_exists", "id")


@pytest.mark.real_stripe
@pytest.mark.belief("metadata merges; an empty value removes a key, an empty map all", "D")
def test_update_merges_metadata(client: stripe.StripeClient) -> None:
    """Keys not named stay, and an empty value removes one key."""
    product = client.v1.products.create({"name": "Team", "metadata": {"keep": "1", "drop": "1"}})
    updated = client.v1.products.update(product.id, {"metadata": {"drop": "", "new": "2"}})
    assert updated.metadata.to_dict() == {"keep": "1", "new": "2"}


def test_empty_metadata_clears_all(client: stripe.StripeClient) -> None:
    """An empty value for the whole map removes every key."""
    product = client.v1.products.create({"name": "Team", "metadata": {"a": "1"}})
    assert client.v1.products.update(product.id, {"metadata": ""}).metadata.to_dict() == {}


def test_empty_string_clears_a_clearable_field(client: stripe.StripeClient) -> None:
    """An empty string unsets what can be unset."""
    product = client.v1.products.create({"name": "Team", "description": "Seats", "images": ["https://a.example/i.png"]})
    updated = client.v1.products.update(product.id, {"description": "", "images": ""})
    assert (updated.description, updated.images) == (None, [])


@pytest.mark.real_stripe
@pytest.mark.belief('`""` unsets what can be unset, and is refused elsewhere', "I")
def test_empty_name_is_refused(client: stripe.StripeClient, product: stripe.Product) -> None:
    """A name cannot be unset."""
    with pytest.raises(stripe.InvalidRequestError, match="cannot be unset") as refused:
        client.v1.products.update(product.id, {"name": ""})
    assert refused.value.code == "parameter_invalid_empty"


def test_update_moves_the_updated_time(client: stripe.StripeClient, stripe_emulator: EmulatorClient) -> None:
    """`updated` follows the clock, `created` stays."""
    stripe_emulator.clock.set(1_700_000_000)
    product = client.v1.products.create({"name": "Team"})
    stripe_emulator.clock.advance(60)
    updated = client.v1.products.update(product.id, {"name": "Teams"})
    assert (updated.created, updated.updated) == (1_700_000_000, 1_700_000_060)


def test_too_many_images_are_refused(client: stripe.StripeClient) -> None:
    """A product has at most eight images."""
    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.v1.products.create({"name": "Team", "images": ["https://a.example/i.png"] * 9})
    assert refused.value.param == "images"


def test_default_price_data_makes_the_first_price(client: stripe.StripeClient) -> None:
    """A product can come with its default price."""
    product = client.v1.products.create(
        {"name": "Team", "default_price_data": {"currency": "usd", "unit_amount": 500}, "expand": ["default_price"]}
    )
    assert isinstance(product.default_price, stripe.Price)
    assert (product.default_price.product, product.default_price.unit_amount) == (product.id, 500)


@pytest.mark.real_stripe
@pytest.mark.belief("a default price must be active and the product's own (words: M)", "M")
def test_default_price_must_be_the_products_own(client: stripe.StripeClient, seat: stripe.Price) -> None:
    """Another product's price cannot be the default."""
    other = client.v1.products.create({"name": "Other"})
    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.v1.products.update(other.id, {"default_price": seat.id})
    assert refused.value.param == "default_price"


@pytest.mark.real_stripe
@pytest.mark.belief("an unknown id is a 404 in the path and a 400 in a parameter", "R")
def test_unknown_default_price_is_refused(client: stripe.StripeClient, product: stripe.Product) -> None:
    """An id in a parameter that names nothing is a 400."""
    with pytest.raises(stripe.InvalidRequestError, match="No such price: 'price_nope'") as refused:
        client.v1.products.update(product.id, {"default_price": "price_nope"})
    assert (refused.value.http_status, refused.value.code) == (400, "resource_missing")


@pytest.mark.real_stripe
@pytest.mark.belief('`default_price=""` clears it', "R")
def test_default_price_can_be_cleared(client: stripe.StripeClient, product: stripe.Product, seat: stripe.Price) -> None:
    """An empty default price is accepted, though the package's types do not say so."""
    client.v1.products.update(product.id, {"default_price": seat.id})
    assert client.v1.products.update(product.id, {"default_price": ""}).default_price is None


def test_product_without_prices_can_be_deleted(client: stripe.StripeClient, product: stripe.Product) -> None:
    """A deleted product is gone, with a 404 afterwards."""
    assert client.v1.products.delete(product.id).deleted is True
    with pytest.raises(stripe.InvalidRequestError, match=f"No such product: '{product.id}'") as gone:
        client.v1.products.retrieve(product.id)
    assert (gone.value.http_status, gone.value.code, gone.value.param) == (404, "resource_missing", "id")


@pytest.mark.real_stripe
@pytest.mark.belief("a product that ever had a price cannot be deleted", "R I")
def test_product_with_an_archived_price_is_permanent(
    client: stripe.StripeClient, product: stripe.Product, seat: stripe.Price
) -> None:
    """A product that ever had a price cannot be deleted."""
    client.v1.prices.update(seat.id, {"active": False})
    with pytest.raises(stripe.InvalidRequestError, match="has one or more user-created prices"):
        client.v1.products.delete(product.id)


def test_list_filters_by_ids_and_active(client: stripe.StripeClient) -> None:
    """Ids that name nothing are left out silently."""
    one, two = (client.v1.products.create({"name": name}) for name in ("One", "Two"))
    client.v1.products.update(two.id, {"active": False})
    assert [found.id for found in client.v1.products.list({"ids": [one.id, "prod_gone"]}).data] == [one.id]
    assert [found.id for found in client.v1.products.list({"active": False}).data] == [two.id]


@pytest.mark.real_stripe
@pytest.mark.belief("unknown parameters are refused together, named with their nesting", "R I")
def test_unknown_parameters_are_refused_together(client: stripe.StripeClient) -> None:
    """Made-up parameters fail as they would at Stripe, all at once."""
    with pytest.raises(stripe.InvalidRequestError, match="Received unknown parameters: a, wat") as refused:
        client.raw_request("post", "/v1/products", name="Team", wat="1", a="2")
    assert (refused.value.code, refused.value.param) == ("parameter_unknown", "a")


def test_too_many_features_are_refused(client: stripe.StripeClient) -> None:
    """A product has at most fifteen marketing features."""
    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.v1.products.create({"name": "Team", "marketing_features": [{"name": "x"}] * 16})
    assert refused.value.param == "marketing_features"


def test_long_feature_is_refused(client: stripe.StripeClient) -> None:
    """A marketing feature has at most 80 characters."""
    with pytest.raises(stripe.InvalidRequestError, match="at most 80 characters") as refused:
        client.v1.products.create({"name": "Team", "marketing_features": [{"name": "x" * 81}]})
    assert refused.value.param == "marketing_features[0][name]"


def test_archived_price_cannot_become_the_default(client: stripe.StripeClient, seat: stripe.Price) -> None:
    """A default price is active."""
    client.v1.prices.update(seat.id, {"active": False})
    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.v1.products.update(str(seat.product), {"default_price": seat.id})
    assert refused.value.param == "default_price"


def test_archived_product_may_archive_its_default(client: stripe.StripeClient, seat: stripe.Price) -> None:
    """Archiving the product first is the other way."""
    client.v1.products.update(str(seat.product), {"default_price": seat.id})
    client.v1.products.update(str(seat.product), {"active": False})
    assert client.v1.prices.update(seat.id, {"active": False}).active is False


def test_dimensions_are_numbers(client: stripe.StripeClient) -> None:
    """What Stripe echoes as JSON numbers comes back as numbers."""
    size: Any = {"height": 1.5, "length": 2, "weight": 3, "width": 4}
    shown = client.v1.products.create({"name": "Box", "package_dimensions": size}).to_dict()
    assert shown["package_dimensions"] == size


@pytest.mark.parametrize(
    ("params", "param", "words"),
    [
        ({"name": {"a": "b"}}, "name", "Invalid string"),
        ({"name": "Team", "images": "x"}, "images", "Invalid array"),
        ({"name": "Team", "metadata": "x"}, "metadata", "Invalid object"),
        ({"name": "Team", "marketing_features": [{"nope": "x"}]}, "marketing_features[0][nope]", "unknown"),
        ({"name": "Team", "package_dimensions": {"height": "tall"}}, "package_dimensions[height]", "Invalid"),
        ({"name": "Team", "type": "idea"}, "type", "must be one of good or service"),
        ({"name": "Team", "unit_label": "u" * 13}, "unit_label", "at most 12"),
    ],
)
def test_shapes_are_checked(client: stripe.StripeClient, params: Any, param: str, words: str) -> None:
    """A hash for a string, a string for an array, and so on."""
    with pytest.raises(stripe.InvalidRequestError, match=words) as refused:
        client.v1.products.create(params)
    assert refused.value.param == param


@pytest.mark.real_stripe
@pytest.mark.belief("an object has at most 50 metadata keys, after merging", "D")
def test_metadata_has_at_most_fifty_keys(client: stripe.StripeClient) -> None:
    """All updates together, not each for itself; removed keys make room."""
    product = client.v1.products.create({"name": "Team", "metadata": {f"k{index}": "v" for index in range(50)}})
    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.v1.products.update(product.id, {"metadata": {"one": "more"}})
    assert refused.value.param == "metadata"
    assert len(client.v1.products.update(product.id, {"metadata": {"k0": "", "one": "more"}}).metadata.to_dict()) == 50
