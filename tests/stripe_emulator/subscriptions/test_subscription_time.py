"""What time does to subscriptions, through the official client."""

from __future__ import annotations

from typing import Any

import pytest
import stripe

from stripe_emulator import EmulatorClient
from tests.stripe_emulator.subscriptions.subscribing import (
    DAY,
    FEBRUARY_28,
    JANUARY_31,
    MARCH_31,
    items,
    period,
    subscribe,
)


@pytest.mark.parametrize(("has_card", "status"), [(True, "active"), (False, "past_due")])
def test_trial_ends_by_the_clock(
    client: stripe.StripeClient, seat: stripe.Price, stripe_emulator: EmulatorClient, has_card: bool, status: str
) -> None:
    """After the trial the customer pays, or does not, when the invoice is collected an hour later."""
    stripe_emulator.clock.set(JANUARY_31)
    params: Any = {"payment_method": "pm_card_visa", "invoice_settings": {"default_payment_method": "pm_card_visa"}}
    customer = client.v1.customers.create(params if has_card else {})
    subscription = subscribe(client, customer, seat, trial_period_days=14)
    stripe_emulator.clock.advance(14 * DAY)
    assert client.v1.subscriptions.retrieve(subscription.id).status == "active"
    stripe_emulator.clock.advance(3600)
    after = client.v1.subscriptions.retrieve(subscription.id)
    assert (after.status, period(after)[0]) == (status, JANUARY_31 + 14 * DAY)


@pytest.mark.belief("a trial without card ends as `trial_settings` says", "D")
@pytest.mark.parametrize(("behavior", "status"), [("cancel", "canceled"), ("pause", "paused")])
def test_trial_without_card_can_end_otherwise(
    client: stripe.StripeClient,
    customer: stripe.Customer,
    seat: stripe.Price,
    stripe_emulator: EmulatorClient,
    behavior: str,
    status: str,
) -> None:
    """Trial settings say what happens when there is no card at the end."""
    settings = {"end_behavior": {"missing_payment_method": behavior}}
    subscription = subscribe(client, customer, seat, trial_period_days=1, trial_settings=settings)
    stripe_emulator.clock.advance(DAY)
    assert client.v1.subscriptions.retrieve(subscription.id).status == status


@pytest.mark.belief("periods stand on items and are counted from the anchor", "R D")
def test_month_ends_are_clamped_and_come_back(
    client: stripe.StripeClient, payer: stripe.Customer, seat: stripe.Price, stripe_emulator: EmulatorClient
) -> None:
    """From the 31st of January the periods end on the 28th of February and the 31st of March."""
    stripe_emulator.clock.set(JANUARY_31)
    subscription = subscribe(client, payer, seat)
    assert period(subscription) == (JANUARY_31, FEBRUARY_28)
    stripe_emulator.clock.set(FEBRUARY_28)
    assert period(client.v1.subscriptions.retrieve(subscription.id)) == (FEBRUARY_28, MARCH_31)


def test_items_of_other_intervals_have_their_own_period(
    client: stripe.StripeClient, payer: stripe.Customer, seat: stripe.Price, product: stripe.Product
) -> None:
    """A yearly and a monthly item run side by side."""
    yearly = client.v1.prices.create(
        {"product": product.id, "currency": "usd", "unit_amount": 1, "recurring": {"interval": "year"}}
    )
    first, second = items(subscribe(client, payer, seat, yearly))
    assert second.current_period_end > first.current_period_end + 300 * DAY


def test_unpaid_renewal_is_past_due(
    client: stripe.StripeClient, payer: stripe.Customer, seat: stripe.Price, stripe_emulator: EmulatorClient
) -> None:
    """A customer who lost the card is past due after the next period begins."""
    subscription = subscribe(client, payer, seat)
    client.v1.payment_methods.detach(client.v1.customers.payment_methods.list(payer.id).data[0].id)
    assert client.v1.subscriptions.retrieve(subscription.id).status == "active"
    stripe_emulator.clock.advance(32 * DAY)
    assert client.v1.subscriptions.retrieve(subscription.id).status == "past_due"


@pytest.mark.belief("`default_incomplete` leaves it incomplete whatever the card; 23 hours to pay", "D")
def test_incomplete_subscription_expires(
    client: stripe.StripeClient, payer: stripe.Customer, seat: stripe.Price, stripe_emulator: EmulatorClient
) -> None:
    """The first payment has 23 hours."""
    subscription = subscribe(client, payer, seat, payment_behavior="default_incomplete")
    stripe_emulator.clock.advance(23 * 3600)
    assert client.v1.subscriptions.retrieve(subscription.id).status == "incomplete_expired"


def test_trial_can_end_now(client: stripe.StripeClient, payer: stripe.Customer, seat: stripe.Price) -> None:
    """`now` ends the trial and begins the first paid period."""
    subscription = subscribe(client, payer, seat, trial_period_days=14)
    ended = client.v1.subscriptions.update(subscription.id, {"trial_end": "now"})
    assert (ended.status, period(ended)[0]) == ("active", ended.billing_cycle_anchor)


def test_billing_cycle_can_restart_now(
    client: stripe.StripeClient, payer: stripe.Customer, seat: stripe.Price, stripe_emulator: EmulatorClient
) -> None:
    """The anchor is an object since endive."""
    stripe_emulator.clock.set(JANUARY_31)
    subscription = subscribe(client, payer, seat)
    stripe_emulator.clock.advance(3 * DAY)
    restarted = client.v1.subscriptions.update(subscription.id, {"billing_cycle_anchor": {"type": "now"}})
    assert period(restarted)[0] == JANUARY_31 + 3 * DAY


def test_trial_can_be_given_later(
    client: stripe.StripeClient, payer: stripe.Customer, seat: stripe.Price, stripe_emulator: EmulatorClient
) -> None:
    """A future end starts a trial; ending one that does not exist changes nothing."""
    stripe_emulator.clock.set(JANUARY_31)
    subscription = subscribe(client, payer, seat)
    assert client.v1.subscriptions.update(subscription.id, {"trial_end": "now"}).status == "active"
    trial = client.v1.subscriptions.update(subscription.id, {"trial_end": FEBRUARY_28})
    assert (trial.status, period(trial)[1], trial.billing_cycle_anchor) == ("trialing", FEBRUARY_28, FEBRUARY_28)
    with pytest.raises(stripe.InvalidRequestError, match="in the past"):
        client.v1.subscriptions.update(subscription.id, {"trial_end": JANUARY_31})


def test_trial_can_end_on_a_date(client: stripe.StripeClient, payer: stripe.Customer, seat: stripe.Price) -> None:
    """At creation a trial ends at a moment, or `now` means none."""
    assert subscribe(client, payer, seat, trial_end=MARCH_31 * 2).trial_end == MARCH_31 * 2
    assert subscribe(client, payer, seat, trial_end="now").status == "active"


def test_anchor_can_lie_ahead(
    client: stripe.StripeClient, payer: stripe.Customer, seat: stripe.Price, stripe_emulator: EmulatorClient
) -> None:
    """The first period ends at the anchor; an anchor in the past is refused."""
    stripe_emulator.clock.set(JANUARY_31)
    anchored = subscribe(client, payer, seat, billing_cycle_anchor=JANUARY_31 + 5 * DAY)
    assert period(anchored) == (JANUARY_31, JANUARY_31 + 5 * DAY)
    with pytest.raises(stripe.InvalidRequestError, match="in the past"):
        subscribe(client, payer, seat, billing_cycle_anchor=JANUARY_31 - 1)
