"""Expansion: ids become objects where the request asks for it."""

from __future__ import annotations

from typing import Any

import pytest
import stripe


@pytest.fixture
def subscription(client: stripe.StripeClient, payer: stripe.Customer, seat: stripe.Price) -> stripe.Subscription:
    """Return a subscription with one item."""
    return client.v1.subscriptions.create({"customer": payer.id, "items": [{"price": seat.id}]})


def test_ids_stay_ids_by_default(client: stripe.StripeClient, seat: stripe.Price, product: stripe.Product) -> None:
    """Nothing is expanded unasked."""
    assert client.v1.prices.retrieve(seat.id).product == product.id


def test_four_levels_can_be_expanded(
    client: stripe.StripeClient, subscription: stripe.Subscription, product: stripe.Product
) -> None:
    """Through list, item and price to the product."""
    shown = client.v1.subscriptions.retrieve(subscription.id, {"expand": ["items.data.price.product"]})
    assert shown["items"].data[0].price.product.name == product.name


def test_lists_are_expanded_through_data(client: stripe.StripeClient, subscription: stripe.Subscription) -> None:
    """Every element of a list is expanded."""
    shown = client.v1.subscriptions.list({"expand": ["data.customer"]}).data[0]
    assert isinstance(shown.customer, stripe.Customer)


def test_several_paths_meet(client: stripe.StripeClient, subscription: stripe.Subscription) -> None:
    """Paths with a common beginning are expanded together."""
    paths = ["customer", "customer.invoice_settings.default_payment_method", "items.data.price.tiers"]
    shown = client.v1.subscriptions.retrieve(subscription.id, {"expand": paths}).to_dict()
    assert shown["customer"]["invoice_settings"]["default_payment_method"]["object"] == "payment_method"
    assert shown["items"]["data"][0]["price"]["tiers"] is None


def test_null_can_be_expanded(client: stripe.StripeClient, product: stripe.Product) -> None:
    """Nothing expands to nothing."""
    assert client.v1.products.retrieve(product.id, {"expand": ["default_price"]}).default_price is None


@pytest.mark.real_stripe
@pytest.mark.belief("expansion at most four levels deep; a bad path is an error", "D I")
@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("name", "This property cannot be expanded (name)"),
        ("nope", "because it doesn't exist: nope"),
        ("default_price.nope", "doesn't exist: default_price.nope"),
        ("metadata", "cannot be expanded (metadata)"),
        ("a.b.c.d.e", "more than 4 levels"),
        ("_secret", "doesn't exist"),
    ],
)
def test_bad_path_is_refused(client: stripe.StripeClient, seat: stripe.Price, path: str, words: str) -> None:
    """A path that leads nowhere is an error, not ignored."""
    product = client.v1.products.update(str(seat.product), {"default_price": seat.id})
    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.v1.products.retrieve(product.id, {"expand": [path]})
    assert (refused.value.http_status, words in str(refused.value)) == (400, True)


def test_list_path_must_begin_with_data(client: stripe.StripeClient, product: stripe.Product) -> None:
    """The refusal says what was meant."""
    with pytest.raises(stripe.InvalidRequestError, match=r"try expanding 'data\.default_price' instead"):
        client.v1.products.list({"expand": ["default_price"]})


def test_refused_expansion_changes_nothing(client: stripe.StripeClient) -> None:
    """A creation that cannot be shown as asked does not happen."""
    params: Any = {"name": "Team", "expand": ["nope"]}
    with pytest.raises(stripe.InvalidRequestError):
        client.v1.products.create(params)
    assert client.v1.products.list().data == []


def test_scalar_leads_nowhere(client: stripe.StripeClient, product: stripe.Product) -> None:
    """A string has nothing inside."""
    with pytest.raises(stripe.InvalidRequestError, match=r"cannot be expanded \(data\.name\)"):
        client.v1.products.list({"expand": ["data.name.x"]})


def test_names_of_the_caller_mean_nothing(client: stripe.StripeClient) -> None:
    """Metadata and payloads come back as they were sent, whatever their keys are called."""
    given = {"_mark": "1", "object": "subscription", "id": "x", "tiers": "y", "deleted": "no", "ü+ .": "é & ☃"}
    made = client.v1.products.create({"name": "Team", "metadata": given})
    assert made.metadata.to_dict() == given
    assert client.v1.products.list().data[0].metadata.to_dict() == given
    with pytest.raises(stripe.InvalidRequestError, match=r"cannot be expanded \(metadata\)"):
        client.v1.products.retrieve(made.id, {"expand": ["metadata.object"]})


def test_payload_is_echoed_whole(client: stripe.StripeClient, meter: Any, customer: stripe.Customer) -> None:
    """Dimensions of usage may have any name."""
    payload = {"stripe_customer_id": customer.id, "value": "5", "_model": "a", "object": "subscription"}
    event = client.v1.billing.meter_events.create({"event_name": "tokens", "payload": payload})
    assert event.payload.to_dict() == payload


def test_deleted_customer_expands_to_its_remains(
    client: stripe.StripeClient, subscription: stripe.Subscription
) -> None:
    """A subscription still names a customer who is gone, and shows that they are."""
    client.v1.customers.delete(str(subscription.customer))
    shown = client.v1.subscriptions.retrieve(subscription.id, {"expand": ["customer"]}).to_dict()
    assert shown["customer"] == {"id": subscription.customer, "object": "customer", "deleted": True}
