"""Ends of subscriptions: at once, announced, taken back."""

from __future__ import annotations

from typing import Any

import pytest
import stripe

from stripe_emulator import EmulatorClient
from tests.stripe_emulator.subscriptions.subscribing import DAY, JANUARY_31, period, subscribe


def test_end_can_be_announced_from_the_beginning(
    client: stripe.StripeClient, payer: stripe.Customer, seat: stripe.Price, stripe_emulator: EmulatorClient
) -> None:
    """A `cancel_at` given at the start is kept, and comes."""
    stripe_emulator.clock.set(JANUARY_31)
    begun = subscribe(client, payer, seat, cancel_at=JANUARY_31 + 90 * DAY)
    assert (begun.status, begun.cancel_at, begun.cancel_at_period_end) == ("active", JANUARY_31 + 90 * DAY, False)
    stripe_emulator.clock.advance(90 * DAY)
    assert client.v1.subscriptions.retrieve(begun.id).status == "canceled"


@pytest.mark.parametrize(
    ("params", "words"),
    [
        ({"cancel_at": 1000}, "which is in the past"),
        ({"cancel_at": JANUARY_31 * 2, "cancel_at_period_end": True}, "only"),
    ],
)
def test_impossible_end_is_refused(
    client: stripe.StripeClient, payer: stripe.Customer, seat: stripe.Price, params: dict[str, Any], words: str
) -> None:
    """At the start as later."""
    with pytest.raises(stripe.InvalidRequestError, match=words) as refused:
        subscribe(client, payer, seat, **params)
    assert refused.value.param == "cancel_at"
    assert client.v1.subscriptions.list().data == []


@pytest.mark.real_stripe
@pytest.mark.belief("a second cancel is a 404", "R")
def test_cancel_ends_at_once(client: stripe.StripeClient, payer: stripe.Customer, seat: stripe.Price) -> None:
    """A canceled subscription stays readable, is listed only on request, and cannot be canceled again."""
    subscription = subscribe(client, payer, seat)
    canceled = client.v1.subscriptions.cancel(subscription.id, {"cancellation_details": {"comment": "bye"}})
    assert (canceled.status, canceled.to_dict()["cancellation_details"]["comment"]) == ("canceled", "bye")
    assert client.v1.subscriptions.list().data == []
    assert [one.id for one in client.v1.subscriptions.list({"status": "canceled"}).data] == [subscription.id]
    with pytest.raises(stripe.InvalidRequestError, match="No such subscription") as again:
        client.v1.subscriptions.cancel(subscription.id)
    assert (again.value.http_status, again.value.param) == (404, "id")


def test_canceled_subscription_keeps_only_metadata_changeable(
    client: stripe.StripeClient, payer: stripe.Customer, seat: stripe.Price
) -> None:
    """History can be labelled, not changed."""
    subscription = subscribe(client, payer, seat)
    client.v1.subscriptions.cancel(subscription.id)
    labelled = client.v1.subscriptions.update(subscription.id, {"metadata": {"a": "1"}})
    assert labelled.to_dict()["metadata"] == {"a": "1"}
    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.v1.subscriptions.update(subscription.id, {"description": "x"})
    assert refused.value.code == "invalid_canceled_subscription_fields"


def test_cancel_at_period_end_can_be_taken_back(
    client: stripe.StripeClient, payer: stripe.Customer, seat: stripe.Price
) -> None:
    """An announced end is a promise that can be withdrawn."""
    subscription = subscribe(client, payer, seat)
    announced = client.v1.subscriptions.update(subscription.id, {"cancel_at_period_end": True})
    assert (announced.status, announced.cancel_at) == ("active", period(subscription)[1])
    kept = client.v1.subscriptions.update(subscription.id, {"cancel_at_period_end": False})
    assert (kept.cancel_at, kept.canceled_at, kept.cancel_at_period_end) == (None, None, False)


def test_announced_end_comes(
    client: stripe.StripeClient, payer: stripe.Customer, seat: stripe.Price, stripe_emulator: EmulatorClient
) -> None:
    """At the end of the period the subscription is over, with that moment as its end."""
    subscription = subscribe(client, payer, seat, cancel_at_period_end=True)
    stripe_emulator.clock.advance(40 * DAY)
    ended = client.v1.subscriptions.retrieve(subscription.id)
    assert (ended.status, ended.ended_at) == ("canceled", period(subscription)[1])


def test_cancel_at_takes_a_future_moment(
    client: stripe.StripeClient, payer: stripe.Customer, seat: stripe.Price, stripe_emulator: EmulatorClient
) -> None:
    """A moment in the past is refused in Stripe's words."""
    stripe_emulator.clock.set(JANUARY_31)
    subscription = subscribe(client, payer, seat)
    with pytest.raises(stripe.InvalidRequestError, match="which is in the past") as refused:
        client.v1.subscriptions.update(subscription.id, {"cancel_at": JANUARY_31 - 1})
    assert refused.value.param == "cancel_at"
    assert client.v1.subscriptions.update(subscription.id, {"cancel_at": JANUARY_31 + DAY}).cancel_at is not None


def test_deleting_a_customer_ends_the_subscription(
    client: stripe.StripeClient, payer: stripe.Customer, seat: stripe.Price
) -> None:
    """Nobody is left to pay."""
    subscription = subscribe(client, payer, seat)
    client.v1.customers.delete(payer.id)
    assert client.v1.subscriptions.retrieve(subscription.id).status == "canceled"


def test_cancel_at_can_name_the_period(client: stripe.StripeClient, payer: stripe.Customer, seat: stripe.Price) -> None:
    """`min_period_end` and `max_period_end` stand for the ends of the items' periods."""
    subscription = subscribe(client, payer, seat)
    announced = client.v1.subscriptions.update(subscription.id, {"cancel_at": "min_period_end"})
    assert (announced.cancel_at, announced.cancel_at_period_end) == (period(subscription)[1], False)
    with pytest.raises(stripe.InvalidRequestError, match="only specify one of these"):
        client.v1.subscriptions.update(subscription.id, {"cancel_at": "", "cancel_at_period_end": True})


@pytest.mark.belief("a `cancel_at` inside a period credits the rest, unless prorations are off (when: M)", "S")
@pytest.mark.parametrize(("params", "balance"), [({}, -600), ({"proration_behavior": "none"}, 0)])
def test_an_end_inside_a_period_credits_the_rest(
    client: stripe.StripeClient,
    payer: stripe.Customer,
    seat: stripe.Price,
    stripe_emulator: EmulatorClient,
    params: dict[str, Any],
    balance: int,
) -> None:
    """Of 28 days from the last of January, 14 are left: half of 12.00 USD comes back; the preview says so before."""
    stripe_emulator.clock.set(JANUARY_31)
    subscription = subscribe(client, payer, seat)
    change: Any = {"cancel_at": JANUARY_31 + 14 * DAY, **params}
    client.v1.subscriptions.update(subscription.id, change)
    if balance:
        assert client.v1.invoices.create_preview({"subscription": subscription.id}).total == balance
    stripe_emulator.clock.advance(15 * DAY)
    assert client.v1.subscriptions.retrieve(subscription.id).status == "canceled"
    assert client.v1.customers.retrieve(payer.id).balance == balance
