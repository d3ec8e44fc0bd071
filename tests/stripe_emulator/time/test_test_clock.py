"""Test clocks through the official client. https://docs.stripe.com/billing/testing/test-clocks."""

from __future__ import annotations

from typing import Any

import pytest
import stripe

from stripe_emulator import EmulatorClient
from tests.stripe_emulator.payments.collecting import life, subscribed
from tests.stripe_emulator.time.clocks import DAY, JANUARY_31, advance, clock_at, customer_on, refusal

YEAR = 365 * DAY


@pytest.mark.belief("a test clock is ready, advances to the time that is asked for, and is ready there", "S D")
def test_clock_advances(client: stripe.StripeClient) -> None:
    """The answer to the request says that it advances and where to; afterwards it stands there."""
    clock = clock_at(client, name="Renewals")
    assert (clock.status, clock.frozen_time, clock.name) == ("ready", JANUARY_31, "Renewals")
    moving = client.v1.test_helpers.test_clocks.advance(clock.id, {"frozen_time": JANUARY_31 + DAY})
    assert (moving.status, moving.frozen_time) == ("advancing", JANUARY_31)
    details: Any = moving.status_details
    assert details.advancing.target_frozen_time == JANUARY_31 + DAY
    arrived = client.v1.test_helpers.test_clocks.retrieve(clock.id)
    assert (arrived.status, arrived.frozen_time) == ("ready", JANUARY_31 + DAY)


@pytest.mark.belief("what happens to a test clock is told: created, advancing, ready, deleted", "S D")
def test_clock_events(client: stripe.StripeClient) -> None:
    """Each step of a clock's life is an event that shows the clock as it then was."""
    clock = clock_at(client)
    advance(client, clock, JANUARY_31 + DAY)
    client.v1.test_helpers.test_clocks.delete(clock.id)
    told = [(event.type, event.data.object["status"]) for event in client.v1.events.list().data][::-1]
    name = "test_helpers.test_clock"
    assert told == [
        (f"{name}.created", "ready"),
        (f"{name}.advancing", "advancing"),
        (f"{name}.ready", "ready"),
        (f"{name}.deleted", "ready"),
    ]


@pytest.mark.real_stripe
@pytest.mark.belief("a clock moves only forward, and at most two years without subscriptions", "D")
@pytest.mark.parametrize("moment", [JANUARY_31, JANUARY_31 - DAY, JANUARY_31 + 2 * YEAR + DAY])
def test_clock_limits(client: stripe.StripeClient, moment: int) -> None:
    """A clock is not turned back, not left where it is, and not advanced by more than two years."""
    clock = clock_at(client)
    error = refusal(lambda: client.v1.test_helpers.test_clocks.advance(clock.id, {"frozen_time": moment}))
    assert (error.http_status, error.param) == (400, "frozen_time")
    assert advance(client, clock, JANUARY_31 + 2 * YEAR).frozen_time == JANUARY_31 + 2 * YEAR


@pytest.mark.real_stripe
@pytest.mark.belief("customers on a test clock live in its time, and three fit on one", "D")
def test_customers_live_in_the_clocks_time(client: stripe.StripeClient) -> None:
    """A customer is created when the clock says, and a fourth one is refused."""
    clock = clock_at(client)
    customers = [customer_on(client, clock) for _ in range(3)]
    assert {(one.created, one.test_clock) for one in customers} == {(JANUARY_31, clock.id)}
    error = refusal(lambda: customer_on(client, clock))
    assert (error.http_status, error.param) == (400, "test_clock")


@pytest.mark.belief("lists leave out customers of test clocks unless asked for the clock", "S")
def test_lists_hide_clock_customers(client: stripe.StripeClient) -> None:
    """A customer on a clock is listed only where the clock is named."""
    clock, real = clock_at(client), client.v1.customers.create()
    other = customer_on(client, clock)
    assert [one.id for one in client.v1.customers.list().data] == [real.id]
    assert [one.id for one in client.v1.customers.list({"test_clock": clock.id}).data] == [other.id]


@pytest.mark.belief("an existing customer may be put on a new clock, once", "S")
def test_existing_customer_is_attached(client: stripe.StripeClient, customer: stripe.Customer) -> None:
    """A clock takes in a customer who has none; another clock does not get that customer."""
    clock = clock_at(client, customer=customer.id)
    assert client.v1.customers.retrieve(customer.id).test_clock == clock.id
    error = refusal(lambda: clock_at(client, customer=customer.id))
    assert (error.http_status, error.param) == (400, "customer")


@pytest.mark.belief("a deleted clock takes its customers with it", "D")
def test_deleting_takes_the_objects(client: stripe.StripeClient) -> None:
    """After the end of a clock its customers are deleted and the clock is gone."""
    clock = clock_at(client)
    customer = customer_on(client, clock, payment_method="pm_card_visa")
    gone: Any = client.v1.test_helpers.test_clocks.delete(clock.id)
    assert gone.deleted is True
    assert client.v1.customers.retrieve(customer.id).deleted is True
    error = refusal(lambda: client.v1.test_helpers.test_clocks.retrieve(clock.id))
    assert (error.http_status, error.code) == (404, "resource_missing")


@pytest.mark.belief("a test clock is deleted after thirty days of real time", "S D")
def test_clocks_expire(client: stripe.StripeClient, stripe_emulator: EmulatorClient) -> None:
    """Thirty days after its creation, in the account's time, a clock is gone."""
    stripe_emulator.clock.set(JANUARY_31)
    clock = clock_at(client)
    assert clock.deletes_after == JANUARY_31 + 30 * DAY
    stripe_emulator.clock.advance(30 * DAY - 1)
    assert client.v1.test_helpers.test_clocks.retrieve(clock.id).id == clock.id
    stripe_emulator.clock.advance(1)
    assert client.v1.test_helpers.test_clocks.list().data == []


def test_no_clocks_in_live_mode(connect: Any) -> None:
    """Time in live mode is real."""
    assert refusal(lambda: clock_at(connect("sk_live_shop"))).http_status == 400


@pytest.mark.belief("with subscriptions, a clock advances by at most two intervals of the shortest", "D")
def test_two_intervals(client: stripe.StripeClient) -> None:
    """Beside a yearly subscription, a monthly one allows two months; a fourth subscription is refused."""
    somebody = life(client)
    subscribed(somebody)
    two_months = 1_774_958_400  # 2026-03-31T12:00:00Z
    error = refusal(lambda: advance(client, Named(somebody.clock), two_months + 1))
    assert (error.http_status, error.param) == (400, "frozen_time")
    assert advance(client, Named(somebody.clock), two_months).frozen_time == two_months
    for _ in range(2):
        subscribed(somebody)
    assert refusal(lambda: subscribed(somebody)).code == "customer_max_subscriptions"


@pytest.mark.belief("advancing does everything on the way at its own moment and in its order", "D")
def test_everything_on_the_way(client: stripe.StripeClient) -> None:
    """Two renewals within one step: each invoice has its day, its payment an hour later, its events in that order."""
    somebody = subscribed(life(client))
    advance(client, Named(somebody.clock), 1_774_958_400 + 0)
    invoices = client.v1.invoices.list({"customer": somebody.customer}).data[::-1]
    february = 1_772_280_000  # 2026-02-28T12:00:00Z
    assert [(one.created, one.status) for one in invoices] == [
        (JANUARY_31, "paid"),
        (february, "paid"),
        (1_774_958_400, "draft"),
    ]
    assert invoices[1].status_transitions.paid_at == february + 3600
    events = client.v1.events.list({"limit": 100}).data[::-1]
    mine = [event.created for event in events if event.type.startswith(("invoice.", "charge.", "customer.sub"))]
    assert mine == sorted(mine)
    assert events[-1].type == "test_helpers.test_clock.ready"


@pytest.mark.belief("lists of subscriptions and invoices leave out those of test clocks unless asked for them", "S")
def test_lists_hide_what_lives_on_clocks(client: stripe.StripeClient, payer: stripe.Customer) -> None:
    """Without a filter only the account's own time is listed; by clock or customer the others are."""
    somebody = subscribed(life(client))
    price = client.v1.subscriptions.retrieve(somebody.subscription)["items"].data[0].price.id
    real = client.v1.subscriptions.create({"customer": payer.id, "items": [{"price": price}]})
    assert [one.id for one in client.v1.subscriptions.list().data] == [real.id]
    assert [one.id for one in client.v1.subscriptions.list({"test_clock": somebody.clock}).data] == [
        somebody.subscription
    ]
    assert {str(one.customer) for one in client.v1.invoices.list().data} == {payer.id}
    client.v1.test_helpers.test_clocks.delete(somebody.clock)
    assert client.v1.subscriptions.list({"customer": somebody.customer, "status": "all"}).data == []


class Named:
    """Something that has an id."""

    def __init__(self, identifier: str) -> None:
        self.id = identifier
