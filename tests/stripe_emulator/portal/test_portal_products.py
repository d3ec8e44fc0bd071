"""Products that customers may switch between in the portal, through the official client."""

from __future__ import annotations

from typing import Any

import pytest
import stripe

from tests.stripe_emulator.answers import body

EXPANDED: Any = {"expand": ["features.subscription_update.products"]}
PRODUCTS = "features[subscription_update][products]"


def switching(client: stripe.StripeClient, products: Any, /, **change: Any) -> Any:
    """Create a configuration that lets customers switch."""
    update = {"enabled": True, "default_allowed_updates": ["price"], "products": products, **change}
    params: Any = {"features": {"subscription_update": update}, **EXPANDED}
    return client.v1.billing_portal.configurations.create(params)


def shown_products(configuration: Any) -> Any:
    """Return the products of an answer that shows them."""
    return body(configuration)["features"]["subscription_update"]["products"]


def price_of(client: stripe.StripeClient, product: str, /, **change: Any) -> str:
    """Create a price, monthly unless something else is said; an empty string leaves a parameter out."""
    params: Any = {"product": product, "currency": "usd", "unit_amount": 5, "recurring": {"interval": "month"}}
    given = {name: value for name, value in {**params, **change}.items() if value != ""}
    made: Any = client.raw_request("post", "/v1/prices", **given).data
    return str(made["id"])


@pytest.mark.belief(
    "the portal's products show only when expanded; their quantity may be changed unless forbidden", "I"
)
def test_products_are_shown_when_expanded(client: stripe.StripeClient, seat: stripe.Price) -> None:
    """Customers may change the quantity unless it is forbidden."""
    product = str(seat.product)
    configuration = switching(client, [{"product": product, "prices": [seat.id]}])
    quantity = {"enabled": True, "maximum": None, "minimum": 1}
    assert shown_products(configuration) == [{"product": product, "prices": [seat.id], "adjustable_quantity": quantity}]
    unasked = body(client.v1.billing_portal.configurations.retrieve(configuration.id))
    assert "products" not in unasked["features"]["subscription_update"]


def test_quantity_is_echoed(client: stripe.StripeClient, seat: stripe.Price) -> None:
    """As given, with what was not said filled in."""
    quantity = {"enabled": True, "minimum": 2, "maximum": 50}
    entry = {"product": str(seat.product), "prices": [seat.id], "adjustable_quantity": quantity}
    assert shown_products(switching(client, [entry]))[0]["adjustable_quantity"] == quantity


@pytest.mark.parametrize(
    ("quantity", "name"),
    [({"enabled": True, "minimum": -1}, "minimum"), ({"enabled": True, "minimum": 5, "maximum": 4}, "maximum")],
)
def test_bad_quantity_is_refused(client: stripe.StripeClient, seat: stripe.Price, quantity: Any, name: str) -> None:
    """From a whole number up to one that is not smaller."""
    entry = {"product": str(seat.product), "prices": [seat.id], "adjustable_quantity": quantity}
    with pytest.raises(stripe.InvalidRequestError) as refused:
        switching(client, [entry])
    assert refused.value.param == f"{PRODUCTS}[0][adjustable_quantity][{name}]"


@pytest.mark.belief("switching on subscription updates needs products", "I")
def test_switching_needs_products(client: stripe.StripeClient, seat: stripe.Price) -> None:
    """Whoever may update a subscription is told to what, even where only the quantity may change."""
    update: Any = {"enabled": True, "default_allowed_updates": ["quantity"]}
    with pytest.raises(stripe.InvalidRequestError, match="Missing required param") as refused:
        client.v1.billing_portal.configurations.create({"features": {"subscription_update": update}})
    assert (refused.value.code, refused.value.param) == ("parameter_missing", PRODUCTS)
    good = switching(client, [{"product": str(seat.product), "prices": [seat.id]}])
    clear: Any = {"features": {"subscription_update": {"products": ""}}}
    with pytest.raises(stripe.InvalidRequestError, match="Missing required param"):
        client.v1.billing_portal.configurations.update(good.id, clear)
    off: Any = {"features": {"subscription_update": {"enabled": False, "products": ""}}, **EXPANDED}
    assert shown_products(client.v1.billing_portal.configurations.update(good.id, off)) is None


@pytest.mark.belief("ten products in a portal at most (words: M)", "S")
def test_ten_products_at_most(client: stripe.StripeClient) -> None:
    """The eleventh is refused."""
    products = [client.v1.products.create({"name": str(number)}).id for number in range(11)]
    entries = [{"product": product, "prices": [price_of(client, product)]} for product in products]
    assert len(shown_products(switching(client, entries[:10]))) == 10
    with pytest.raises(stripe.InvalidRequestError, match="at most 10") as refused:
        switching(client, entries)
    assert refused.value.param == PRODUCTS


def test_unknown_product_and_price_are_refused(client: stripe.StripeClient, seat: stripe.Price) -> None:
    """Each is named by its place."""
    with pytest.raises(stripe.InvalidRequestError, match="No such product: 'prod_nope'") as refused:
        switching(client, [{"product": "prod_nope", "prices": [seat.id]}])
    assert refused.value.param == f"{PRODUCTS}[0][product]"
    with pytest.raises(stripe.InvalidRequestError, match="No such price: 'price_nope'") as refused:
        switching(client, [{"product": str(seat.product), "prices": [seat.id, "price_nope"]}])
    assert refused.value.param == f"{PRODUCTS}[0][prices][1]"


def test_product_stands_in_the_list_once(client: stripe.StripeClient, seat: stripe.Price) -> None:
    """All its prices are named there."""
    entry: Any = {"product": str(seat.product), "prices": [seat.id]}
    with pytest.raises(stripe.InvalidRequestError) as refused:
        switching(client, [entry, entry])
    assert refused.value.param == f"{PRODUCTS}[1][product]"


@pytest.mark.belief(
    "a portal's prices are the product's own, active, recurring (words: M), one per interval and currency (words: M)",
    "I",
)
@pytest.mark.parametrize(
    ("unfit", "words"),
    [
        ({"product": "other"}, "does not belong to the product"),
        ({"active": False, "recurring": {"interval": "year"}}, "only accepts active prices"),
        ({"recurring": ""}, "only accepts prices with `type=recurring`"),
        ({}, "has the same billing interval"),
    ],
)
def test_unfit_price_is_refused(client: stripe.StripeClient, seat: stripe.Price, unfit: Any, words: str) -> None:
    """A price is the product's own, active, recurring, and the only one of its interval."""
    product = str(seat.product)
    other = {"product": client.v1.products.create({"name": "Other"}).id} if "product" in unfit else {}
    price = price_of(client, product, **{**unfit, **other})
    with pytest.raises(stripe.InvalidRequestError, match=words) as refused:
        switching(client, [{"product": product, "prices": [seat.id, price]}])
    assert refused.value.param == f"{PRODUCTS}[0][prices][1]"


def test_prices_differ_in_interval_or_currency(client: stripe.StripeClient, seat: stripe.Price) -> None:
    """Monthly, quarterly, and monthly in euros go together."""
    product = str(seat.product)
    quarterly = price_of(client, product, recurring={"interval": "month", "interval_count": 3})
    euros = price_of(client, product, currency="eur")
    prices = [seat.id, quarterly, euros]
    assert shown_products(switching(client, [{"product": product, "prices": prices}]))[0]["prices"] == prices


def test_price_archived_later_leaves_the_configuration(client: stripe.StripeClient, seat: stripe.Price) -> None:
    """An update about something else is not held up by it."""
    configuration = switching(client, [{"product": str(seat.product), "prices": [seat.id]}])
    client.v1.prices.update(seat.id, {"active": False})
    assert client.v1.billing_portal.configurations.update(configuration.id, {"name": "x"}).name == "x"
