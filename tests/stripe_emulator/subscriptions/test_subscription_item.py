"""Subscription items: seats, swaps of price, additions and removals."""

from __future__ import annotations

from typing import Any

import pytest
import stripe


@pytest.fixture
def subscription(client: stripe.StripeClient, payer: stripe.Customer, seat: stripe.Price) -> stripe.Subscription:
    """Return a subscription with three seats."""
    return client.v1.subscriptions.create({"customer": payer.id, "items": [{"price": seat.id, "quantity": 3}]})


@pytest.fixture
def item(subscription: stripe.Subscription) -> Any:
    """Return its only item."""
    return subscription["items"].data[0]


@pytest.fixture
def yearly(client: stripe.StripeClient, product: stripe.Product) -> stripe.Price:
    """Return a yearly price."""
    return client.v1.prices.create(
        {"product": product.id, "currency": "usd", "unit_amount": 12000, "recurring": {"interval": "year"}}
    )


def quantities(client: stripe.StripeClient, subscription: stripe.Subscription) -> dict[str, int | None]:
    """Return price -> quantity."""
    found = client.v1.subscription_items.list({"subscription": subscription.id}).data
    return {item.price.id: item.to_dict()["quantity"] for item in found}


def test_quantity_changes_on_the_item(
    client: stripe.StripeClient, subscription: stripe.Subscription, item: Any, seat: stripe.Price
) -> None:
    """Seats are set on the item and seen on the subscription."""
    assert client.v1.subscription_items.update(item.id, {"quantity": 5}).quantity == 5
    shown = client.v1.subscriptions.retrieve(subscription.id)["items"].data[0]
    assert (shown.quantity, shown.id) == (5, item.id)


def test_quantity_changes_through_the_subscription(
    client: stripe.StripeClient, subscription: stripe.Subscription, item: Any, seat: stripe.Price
) -> None:
    """The subscription changes its items by their ids."""
    client.v1.subscriptions.update(subscription.id, {"items": [{"id": item.id, "quantity": 2}]})
    assert quantities(client, subscription) == {seat.id: 2}


def test_negative_quantity_is_refused(client: stripe.StripeClient, item: Any) -> None:
    """There are no negative seats."""
    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.v1.subscription_items.update(item.id, {"quantity": -1})
    assert (refused.value.code, refused.value.param) == ("parameter_invalid_integer", "quantity")


@pytest.mark.belief("metered items have no quantity", "I")
def test_metered_item_has_no_quantity(
    client: stripe.StripeClient, subscription: stripe.Subscription, usage: stripe.Price
) -> None:
    """Usage is reported, never set."""
    added = client.v1.subscription_items.create({"subscription": subscription.id, "price": usage.id})
    assert added.to_dict()["quantity"] is None
    with pytest.raises(stripe.InvalidRequestError, match="cannot set the quantity for metered"):
        client.v1.subscription_items.update(added.id, {"quantity": 1})


@pytest.mark.belief("one item per price", "R I")
def test_used_price_cannot_be_added_again(
    client: stripe.StripeClient, subscription: stripe.Subscription, item: Any, seat: stripe.Price
) -> None:
    """One item per price, at creation and later."""
    with pytest.raises(stripe.InvalidRequestError, match=f"existing Subscription Item {item.id}") as refused:
        client.v1.subscription_items.create({"subscription": subscription.id, "price": seat.id})
    assert refused.value.param == "plan"
    twice: Any = [{"price": seat.id}, {"price": seat.id}]
    with pytest.raises(stripe.InvalidRequestError, match="multiple Subscription Items with the same Price"):
        client.v1.subscriptions.create({"customer": str(subscription.customer), "items": twice})


@pytest.mark.belief("another price of an item sets its quantity to 1 unless it is sent along", "S")
def test_price_swap_begins_with_one_seat(client: stripe.StripeClient, item: Any, yearly: stripe.Price) -> None:
    """Another price sets the quantity to one unless it is sent along; the item stays."""
    swapped = client.v1.subscription_items.update(item.id, {"price": yearly.id})
    assert (swapped.id, swapped.price.id, swapped.quantity) == (item.id, yearly.id, 1)


def test_same_price_keeps_the_seats(client: stripe.StripeClient, item: Any, seat: stripe.Price) -> None:
    """To name the price that an item has is no change of it."""
    assert client.v1.subscription_items.update(item.id, {"price": seat.id}).quantity == 3


@pytest.mark.belief("another interval starts a new period now, except in a trial (the exception: M)", "D")
def test_another_interval_starts_a_period(client: stripe.StripeClient, item: Any, yearly: stripe.Price) -> None:
    """A new price with another interval starts a new period now; the seats that are sent along are kept."""
    swapped = client.v1.subscription_items.update(item.id, {"price": yearly.id, "quantity": 3})
    assert swapped.quantity == 3
    assert swapped.current_period_end - swapped.current_period_start in (365 * 86400, 366 * 86400)


def test_swap_to_metered_drops_the_seats(client: stripe.StripeClient, item: Any, usage: stripe.Price) -> None:
    """A metered price has no quantity to take over."""
    assert client.v1.subscription_items.update(item.id, {"price": usage.id}).to_dict()["quantity"] is None


def test_items_can_be_swapped_in_one_request(
    client: stripe.StripeClient, subscription: stripe.Subscription, item: Any, seat: stripe.Price, yearly: stripe.Price
) -> None:
    """One item leaves and another comes, whatever their order."""
    change: Any = [{"id": item.id, "deleted": True}, {"price": yearly.id, "quantity": 4}]
    client.v1.subscriptions.update(subscription.id, {"items": change})
    assert quantities(client, subscription) == {yearly.id: 4}


def test_last_item_stays(client: stripe.StripeClient, subscription: stripe.Subscription, item: Any) -> None:
    """A subscription without items is canceled instead."""
    with pytest.raises(stripe.InvalidRequestError, match="at least one"):
        client.v1.subscription_items.delete(item.id)
    assert len(quantities(client, subscription)) == 1


def test_item_can_be_deleted(
    client: stripe.StripeClient, subscription: stripe.Subscription, item: Any, yearly: stripe.Price
) -> None:
    """A deleted item is unknown afterwards, in Stripe's odd words."""
    client.v1.subscription_items.create({"subscription": subscription.id, "price": yearly.id})
    assert client.v1.subscription_items.delete(item.id).deleted is True
    with pytest.raises(stripe.InvalidRequestError, match=f"Invalid subscription_item id: {item.id}") as gone:
        client.v1.subscription_items.retrieve(item.id)
    assert gone.value.http_status == 404


@pytest.mark.belief("subscription items are listed oldest first", "R")
def test_items_are_listed_oldest_first(
    client: stripe.StripeClient, subscription: stripe.Subscription, item: Any, yearly: stripe.Price
) -> None:
    """Unlike every other list; the address carries the subscription."""
    second = client.v1.subscription_items.create({"subscription": subscription.id, "price": yearly.id})
    found = client.v1.subscription_items.list({"subscription": subscription.id})
    assert [one.id for one in found.data] == [item.id, second.id]
    assert found.url == f"/v1/subscription_items?subscription={subscription.id}"


def test_list_needs_its_subscription(client: stripe.StripeClient) -> None:
    """Items are listed per subscription only."""
    with pytest.raises(stripe.InvalidRequestError, match="Missing required param: subscription"):
        client.raw_request("get", "/v1/subscription_items")


def test_canceled_subscription_takes_no_items(
    client: stripe.StripeClient, subscription: stripe.Subscription, item: Any, yearly: stripe.Price
) -> None:
    """Its id is unknown to the items."""
    client.v1.subscriptions.cancel(subscription.id)
    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.v1.subscription_items.create({"subscription": subscription.id, "price": yearly.id})
    assert (refused.value.http_status, refused.value.param) == (404, "subscription")
    with pytest.raises(stripe.InvalidRequestError):
        client.v1.subscription_items.update(item.id, {"quantity": 1})


def test_item_of_another_subscription_is_unknown(
    client: stripe.StripeClient, payer: stripe.Customer, item: Any, yearly: stripe.Price
) -> None:
    """A subscription changes only its own items."""
    other = client.v1.subscriptions.create({"customer": payer.id, "items": [{"price": yearly.id}]})
    with pytest.raises(stripe.InvalidRequestError, match="Invalid subscription_item id"):
        client.v1.subscriptions.update(other.id, {"items": [{"id": item.id, "quantity": 1}]})


def test_item_keeps_metadata(client: stripe.StripeClient, item: Any) -> None:
    """Metadata merges on items too."""
    client.v1.subscription_items.update(item.id, {"metadata": {"a": "1"}})
    assert client.v1.subscription_items.retrieve(item.id).to_dict()["metadata"] == {"a": "1"}


def test_swap_to_a_used_price_is_refused(
    client: stripe.StripeClient, subscription: stripe.Subscription, item: Any, yearly: stripe.Price
) -> None:
    """Two items never share a price, whichever way they come to it."""
    other = client.v1.subscription_items.create({"subscription": subscription.id, "price": yearly.id})
    with pytest.raises(stripe.InvalidRequestError, match=f"Subscription Item {other.id} is already using"):
        client.v1.subscription_items.update(item.id, {"price": yearly.id})


def test_item_details_that_are_not_emulated_say_so(client: stripe.StripeClient, item: Any, usage: Any) -> None:
    """Trial offers would change money, so they are not swallowed."""
    trial: Any = {"current_trial": {"trial_offer": "offer_1"}}
    asked: list[Any] = [{"price": usage.id, **trial}, trial]
    for given in asked:
        with pytest.raises(stripe.InvalidRequestError, match="does not support `current_trial`"):
            client.v1.subscription_items.update(item.id, given)
