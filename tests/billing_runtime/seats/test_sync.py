"""Seats follow members."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing_runtime import Billing, InvalidInput, NoCustomer, NoSeats, Seats, SeatsOutOfRange, StripeUnavailable
from billing_runtime._quantity import seats_for

if TYPE_CHECKING:
    from collections.abc import Callable

    import stripe

    from stripe_emulator.client import EmulatorClient

Json = dict[str, Any]


@pytest.fixture
def team(billing: Billing, stripe_emulator: EmulatorClient) -> str:
    """An organization with three seats; requests are counted from here."""
    billing.customers.ensure("org_1", kind="organization")
    billing.subscribe("org_1", price="team.monthly", quantity=3)
    stripe_emulator.clear_requests()
    return "org_1"


def quantity(billing: Billing, entity: str) -> dict[str | None, int | None]:
    """The quantity of every item of the entity, by price."""
    return {item.price: item.quantity for one in billing.subscriptions.of(entity) for item in one.items}


@pytest.mark.parametrize("count", [5, 2])
def test_the_quantity_follows(billing: Billing, team: str, count: int) -> None:
    """Members who come or go must change the quantity at Stripe."""
    done = billing.seats.sync(team, count)
    assert (done.changed, done.before, done.after) == (True, 3, count)
    assert quantity(billing, team) == {"team.monthly": count}


def test_nothing_is_written_when_equal(billing: Billing, team: str, stripe_emulator: EmulatorClient) -> None:
    """A count that is right already must not be sent again."""
    done = billing.seats.sync(team, 3)
    assert (done.changed, done.before, done.after) == (False, 3, 3)
    assert stripe_emulator.count(method="POST") == 0


def test_calls_are_counted(billing: Billing, team: str, stripe_emulator: EmulatorClient) -> None:
    """The result must say how many requests were sent: to look, to change, and to have the cache right at once."""
    assert (billing.seats.sync(team, 5).calls, billing.seats.sync(team, 5).calls) == (3, 1)
    assert stripe_emulator.count() == 4


def test_an_empty_team_keeps_one_seat(billing: Billing, team: str) -> None:
    """The quantity must never fall below the minimum."""
    assert billing.seats.sync(team, 0).after == 1


def test_the_maximum_is_respected(billing: Billing, team: str, stripe_emulator: EmulatorClient) -> None:
    """More members than the price allows must be refused, not billed and not silently cut."""
    with pytest.raises(SeatsOutOfRange, match=r"'team\.monthly' allows at most 50 seats, 51 are wanted: nothing was"):
        billing.seats.sync(team, 51)
    assert stripe_emulator.count(method="POST") == 0


def test_there_and_back_again(billing: Billing, team: str) -> None:
    """The same change must work a second time on the same day."""
    for count in (5, 3, 5, 3):
        assert billing.seats.sync(team, count).after == count
        assert quantity(billing, team) == {"team.monthly": count}


def test_the_item_is_found_by_its_price(
    billing: Billing, provisioned: Json, stripe_client: stripe.StripeClient
) -> None:
    """Wherever the per-seat item stands, it and only it must be changed."""
    customer = billing.customers.ensure("org_1").id
    ids = {key: price["id"] for key, price in provisioned["prices"].items()}
    items: Any = [{"price": ids["alpaca-ai.base"]}, {"price": ids["alpaca-ai.tokens"]}, {"price": ids["team.monthly"]}]
    stripe_client.v1.subscriptions.create({"customer": customer, "items": items, "trial_period_days": 7})
    assert billing.seats.sync("org_1", 9).changed
    assert quantity(billing, "org_1") == {"alpaca-ai.base": 1, "alpaca-ai.tokens": None, "team.monthly": 9}


def test_other_peoples_items_are_left_alone(
    billing: Billing, team: str, provisioned: Json, stripe_client: stripe.StripeClient
) -> None:
    """A price somebody made by hand is none of ours, whatever its quantity."""
    price = stripe_client.v1.prices.create(
        {
            "product": provisioned["products"]["team"]["id"],
            "currency": "usd",
            "unit_amount": 0,
            "recurring": {"interval": "month"},
        }
    )
    customer = billing.customers.require(team).id
    items: Any = [{"price": price.id, "quantity": 4}]
    stripe_client.v1.subscriptions.create({"customer": customer, "items": items})
    billing.seats.sync(team, 5)
    assert quantity(billing, team) == {None: 4, "team.monthly": 5}


def test_a_replaced_price_keeps_its_own_bounds(
    open_billing: Callable[..., Billing],
    billing: Billing,
    team: str,
    provisioned: Json,
    stripe_emulator: EmulatorClient,
    stripe_client: stripe.StripeClient,
) -> None:
    """A subscriber of yesterday's price must be synced by that price's marks, not by today's manifest."""
    old = provisioned["prices"]["team.monthly"]["id"]
    stripe_client.v1.prices.update(
        old,
        {
            "active": False,
            "lookup_key": "",
            "metadata": {"billing:stack": "", "billing:key": "", "billing:seats": "follow minimum=2"},
        },
    )
    provisioned["prices"]["team.monthly"]["id"] = "price_of_today"
    newer = open_billing(manifest=provisioned, api_base=stripe_emulator.url)
    assert newer.seats.sync(team, 1).after == 2
    assert newer.seats.sync(team, 60).after == 60
    assert quantity(billing, team) == {"team.monthly": 60}


def test_several_per_seat_items_all_follow(
    billing: Billing, team: str, provisioned: Json, stripe_client: stripe.StripeClient
) -> None:
    """Every item that follows the members must follow them; one that is right is not written."""
    customer, price = billing.customers.require(team).id, provisioned["prices"]["team.monthly"]["id"]
    items: Any = [{"price": price, "quantity": 5}]
    stripe_client.v1.subscriptions.create({"customer": customer, "items": items, "trial_period_days": 7})
    done = billing.seats.sync(team, 5)
    assert sorted((change.before, change.after) for change in done.changes) == [(3, 5), (5, 5)]


def test_seats_that_are_bought_do_not_follow(
    open_billing: Callable[..., Billing],
    billing: Billing,
    team: str,
    provisioned: Json,
    stripe_emulator: EmulatorClient,
) -> None:
    """A price whose seats are purchased must not be changed by who joins."""
    provisioned["prices"]["team.monthly"]["seats"]["mode"] = "purchased"
    buying = open_billing(manifest=provisioned, api_base=stripe_emulator.url)
    with pytest.raises(NoSeats):
        buying.seats.sync(team, 5)


def test_a_cancelled_subscription_has_no_seats(billing: Billing, team: str, stripe_client: stripe.StripeClient) -> None:
    """What has ended must not be changed."""
    stripe_client.v1.subscriptions.cancel(billing.subscriptions.of(team)[0].id)
    with pytest.raises(NoSeats, match="Entity 'org_1' has no running subscription on a per-seat price"):
        billing.seats.sync(team, 5)


def test_more_than_a_page_of_subscriptions(
    billing: Billing, team: str, provisioned: Json, stripe_client: stripe.StripeClient
) -> None:
    """The per-seat item must be found behind any number of newer subscriptions."""
    customer, price = billing.customers.require(team).id, provisioned["prices"]["alpaca-ai.base"]["id"]
    for _ in range(101):
        stripe_client.v1.subscriptions.create({"customer": customer, "items": [{"price": price}]})
    assert billing.seats.sync(team, 5).after == 5
    assert len({one.id for one in billing.subscriptions.of(team)}) == len(billing.subscriptions.of(team)) == 102


def test_a_rate_limit_is_sat_out(billing: Billing, team: str, stripe_emulator: EmulatorClient) -> None:
    """A 429, which the SDK does not repeat, must be repeated."""
    stripe_emulator.fail_next(429, method="POST", path="/v1/subscription_items/*", count=3)
    assert billing.seats.sync(team, 5).calls == 6
    assert quantity(billing, team) == {"team.monthly": 5}


def test_a_failure_is_mended_by_the_next_call(billing: Billing, team: str, stripe_emulator: EmulatorClient) -> None:
    """A sync that failed must be told, and the next one must set things right."""
    stripe_emulator.fail_next(503, method="POST", path="/v1/subscription_items/*", count=5)
    with pytest.raises(StripeUnavailable, match=r"change the number of seats: Stripe answered 503 \(5 attempts\)"):
        billing.seats.sync(team, 5)
    assert billing.seats.sync(team, 5).changed


@pytest.mark.parametrize("count", [-1, 2.0, "3", True, None])
def test_bad_counts(billing: Billing, team: str, stripe_emulator: EmulatorClient, count: Any) -> None:
    """What is no number of members must be refused before anything is sent."""
    with pytest.raises(InvalidInput, match="count must"):
        billing.seats.sync(team, count)
    assert stripe_emulator.count() == 0


def test_an_entity_without_customer(billing: Billing) -> None:
    """The error must name what is missing."""
    with pytest.raises(NoCustomer):
        billing.seats.sync("org_9", 3)


@given(st.integers(0, 10**6), st.integers(1, 1000), st.none() | st.integers(1, 10**6))
def test_bounds_hold_for_any_count(members: int, minimum: int, maximum: int | None) -> None:
    """The quantity must be the members or the minimum, whichever is more, and never above the maximum."""
    seats = Seats("follow", minimum, None if maximum is None else max(maximum, minimum))
    try:
        assert seats_for("p", seats, members) == max(members, minimum)
    except SeatsOutOfRange:
        assert seats.maximum is not None
        assert members > seats.maximum


def test_one_price_may_be_singled_out(
    billing: Billing, team: str, provisioned: Json, stripe_client: stripe.StripeClient
) -> None:
    """With a price named, only its items may change, and one without such items must be told."""
    other = stripe_client.v1.prices.create(
        {
            "product": provisioned["products"]["team"]["id"],
            "currency": "usd",
            "unit_amount": 0,
            "recurring": {"interval": "month"},
            "metadata": {"billing:key": "team.extra", "billing:type": "per_seat", "billing:seats": "follow minimum=1"},
        }
    )
    customer = billing.customers.require(team).id
    stripe_client.v1.subscriptions.create({"customer": customer, "items": [{"price": other.id}]})
    billing.seats.sync(team, 5, price="team.monthly")
    assert quantity(billing, team) == {"team.monthly": 5, "team.extra": 1}
    with pytest.raises(NoSeats, match=r"no running subscription on the price 'alpaca-ai\.base'"):
        billing.seats.sync(team, 5, price="alpaca-ai.base")


def test_a_subscription_that_never_began(
    billing: Billing, provisioned: Json, stripe_client: stripe.StripeClient
) -> None:
    """A subscription that still waits for its first payment has no seats to change."""
    customer, price = billing.customers.ensure("org_2").id, provisioned["prices"]["team.monthly"]["id"]
    made = stripe_client.v1.subscriptions.create(
        {"customer": customer, "items": [{"price": price}], "payment_behavior": "default_incomplete"}
    )
    assert made.status == "incomplete"
    with pytest.raises(NoSeats):
        billing.seats.sync("org_2", 5)


def test_only_per_seat_prices_have_seats(
    open_billing: Callable[..., Billing], billing: Billing, provisioned: Json, stripe_emulator: EmulatorClient
) -> None:
    """A flat fee stays one, whatever else its entry says."""
    provisioned["prices"]["alpaca-ai.base"]["seats"] = {"mode": "follow", "minimum": 1}
    odd = open_billing(manifest=provisioned, api_base=stripe_emulator.url)
    odd.customers.ensure("org_1")
    odd.subscribe("org_1", price="alpaca-ai.base")
    with pytest.raises(NoSeats):
        odd.seats.sync("org_1", 5)


def test_the_maximum_of_another_price_does_not_matter(
    billing: Billing, team: str, provisioned: Json, stripe_client: stripe.StripeClient
) -> None:
    """With a price named, the bounds of the others must not keep its items from following."""
    other = stripe_client.v1.prices.create(
        {
            "product": provisioned["products"]["team"]["id"],
            "currency": "usd",
            "unit_amount": 0,
            "recurring": {"interval": "month"},
            "metadata": {"billing:key": "alpaca-ai.base", "billing:type": "per_seat", "billing:seats": "follow"},
        }
    )
    customer = billing.customers.require(team).id
    stripe_client.v1.subscriptions.create({"customer": customer, "items": [{"price": other.id}]})
    assert billing.seats.sync(team, 60, price="alpaca-ai.base").after == 60
    assert quantity(billing, team) == {"alpaca-ai.base": 60, "team.monthly": 3}


def test_a_kept_server_error(billing: Billing, team: str, stripe_emulator: EmulatorClient) -> None:
    """A 500 that Stripe repeats under its key must be asked for again under another one."""
    stripe_emulator.fail_next(500, method="POST", path="/v1/subscription_items/*")
    assert billing.seats.sync(team, 5).changed
    assert quantity(billing, team) == {"team.monthly": 5}
