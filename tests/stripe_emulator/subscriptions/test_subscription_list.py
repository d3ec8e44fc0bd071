"""Subscriptions are listed by price, status, customer and moment, in pages that stay right while the list changes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import stripe

from tests.stripe_emulator.subscriptions.subscribing import JANUARY_31, subscribe

if TYPE_CHECKING:
    from stripe_emulator import EmulatorClient


@pytest.fixture
def yearly(client: stripe.StripeClient, product: stripe.Product) -> stripe.Price:
    """Return a second price of the product."""
    return client.v1.prices.create(
        {"product": product.id, "currency": "usd", "unit_amount": 12000, "recurring": {"interval": "year"}}
    )


def listed(client: stripe.StripeClient, **params: Any) -> list[str]:
    """Return the ids of one page."""
    asked: Any = {"limit": 100, **params}
    return [one.id for one in client.v1.subscriptions.list(asked).data]


@pytest.mark.belief("a price that nobody has lists nothing, even an unknown one", "M")
def test_by_price(
    client: stripe.StripeClient, payer: stripe.Customer, seat: stripe.Price, yearly: stripe.Price
) -> None:
    """A subscription is found by the price of any of its items, as long as the item is there."""
    both, monthly = subscribe(client, payer, seat, yearly), subscribe(client, payer, seat)
    assert listed(client, price=seat.id) == [monthly.id, both.id]
    assert listed(client, price=yearly.id) == [both.id]
    item = client.v1.subscription_items.list({"subscription": monthly.id}).data[0]
    client.v1.subscription_items.update(item.id, {"price": yearly.id})
    assert listed(client, price=seat.id) == [both.id]
    assert listed(client, price=yearly.id) == [monthly.id, both.id]
    assert listed(client, price="price_none") == []


def test_rare_price_among_many(
    client: stripe.StripeClient, payer: stripe.Customer, seat: stripe.Price, yearly: stripe.Price
) -> None:
    """Pages of a price that few have are in the same order, in both directions."""
    rare = []
    for _ in range(4):
        rare.append(subscribe(client, payer, yearly).id)
        for _ in range(9):
            subscribe(client, payer, seat)
    rare.reverse()
    assert listed(client, price=yearly.id) == rare
    assert listed(client, price=yearly.id, limit=2) == rare[:2]
    assert listed(client, price=yearly.id, starting_after=rare[1]) == rare[2:]
    assert listed(client, price=yearly.id, limit=2, ending_before=rare[3]) == rare[1:3]


@pytest.mark.belief("without `status`, subscriptions are listed that are not canceled", "S")
def test_by_status(client: stripe.StripeClient, payer: stripe.Customer, seat: stripe.Price) -> None:
    """Without a status everything is listed that is not canceled."""
    active, gone = subscribe(client, payer, seat), subscribe(client, payer, seat)
    trial = subscribe(client, payer, seat, trial_period_days=3)
    waiting = subscribe(client, payer, seat, payment_behavior="default_incomplete")
    client.v1.subscriptions.cancel(gone.id)
    assert listed(client) == [waiting.id, trial.id, active.id]
    assert listed(client, status="all") == [waiting.id, trial.id, gone.id, active.id]
    assert listed(client, status="canceled") == listed(client, status="ended") == [gone.id]
    assert listed(client, status="trialing") == [trial.id]
    assert listed(client, status="incomplete") == [waiting.id]


def test_by_moment(
    client: stripe.StripeClient, payer: stripe.Customer, seat: stripe.Price, stripe_emulator: EmulatorClient
) -> None:
    """A range of `created` has its bounds or not, as its names say."""
    made = []
    for second in range(3):
        stripe_emulator.clock.set(JANUARY_31 + second)
        made.append(subscribe(client, payer, seat).id)
    assert listed(client, created={"gte": JANUARY_31 + 1}) == [made[2], made[1]]
    assert listed(client, created={"gt": JANUARY_31, "lt": JANUARY_31 + 2}) == [made[1]]
    assert listed(client, created={"lte": JANUARY_31 + 1}) == [made[1], made[0]]
    assert listed(client, created=JANUARY_31) == [made[0]]


def test_by_moment_after_the_clock_was_set_back(
    client: stripe.StripeClient, payer: stripe.Customer, seat: stripe.Price, stripe_emulator: EmulatorClient
) -> None:
    """What was made last stands first, and a range has what was created in it, whatever the order."""
    made = []
    for second in (5, 9, 2, 7):
        stripe_emulator.clock.set(JANUARY_31 + second)
        made.append(subscribe(client, payer, seat).id)
    assert listed(client, created={"gte": JANUARY_31 + 5, "lt": JANUARY_31 + 9}) == [made[3], made[0]]
    assert listed(client, created={"lt": JANUARY_31 + 6}, starting_after=made[3]) == [made[2], made[0]]


@pytest.mark.belief("a cursor that the filters leave out has its place all the same", "M")
def test_cursor_that_was_canceled_has_its_place(
    client: stripe.StripeClient, payer: stripe.Customer, seat: stripe.Price
) -> None:
    """A page goes on after a subscription that the filters leave out by now; an unknown one is refused."""
    made = [subscribe(client, payer, seat).id for _ in range(5)][::-1]
    page = client.v1.subscriptions.list({"limit": 2, "price": seat.id})
    assert ([one.id for one in page.data], page.has_more) == (made[:2], True)
    client.v1.subscriptions.cancel(made[1])
    assert listed(client, price=seat.id, starting_after=made[1]) == made[2:]
    assert listed(client, price=seat.id, ending_before=made[1]) == [made[0]]
    with pytest.raises(stripe.InvalidRequestError, match="No such subscription: 'sub_none'"):
        listed(client, starting_after="sub_none")
    with pytest.raises(stripe.InvalidRequestError, match="Received both"):
        listed(client, starting_after=made[0], ending_before=made[1])


@pytest.mark.belief(
    "a subscription and a checkout session show their first ten items; the others are a list of their own", "I"
)
def test_first_ten_items_stand_in_the_subscription(
    client: stripe.StripeClient, payer: stripe.Customer, product: stripe.Product
) -> None:
    """The others are told by `has_more`, and stand in the list of items."""
    data = {"currency": "usd", "product": product.id, "recurring": {"interval": "month"}, "unit_amount": 1}
    full = subscribe(client, payer, *[{"price_data": data}] * 12).to_dict()["items"]
    assert (len(full["data"]), full["has_more"], full["total_count"]) == (10, True, 12)
    listed_items = client.v1.subscription_items.list({"subscription": full["data"][0]["subscription"], "limit": 100})
    assert [one.id for one in listed_items.data][:10] == [one["id"] for one in full["data"]]
    assert len(listed_items.data) == 12
