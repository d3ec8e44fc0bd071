"""What customers do with their plan in the portal: another price or quantity, now or later, a pause."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import stripe

from tests.stripe_emulator.portal.portals import allow, portal_of, updates

if TYPE_CHECKING:
    from stripe_emulator import EmulatorClient

NOON = 1_769_860_800


@pytest.mark.belief("customers switch in the portal between the configured prices and quantities only", "D")
def test_switch_plan_and_quantity(
    client: stripe.StripeClient,
    subscription: stripe.Subscription,
    seat: stripe.Price,
    dear: stripe.Price,
    stripe_emulator: EmulatorClient,
) -> None:
    """Price and quantity change together or alone; what is not offered is refused."""
    bounds = {"enabled": True, "minimum": 1, "maximum": 10}
    products = [{"product": str(seat.product), "prices": [seat.id, dear.id], "adjustable_quantity": bounds}]
    allow(client, subscription_update=updates(seat, dear, products=products))
    portal = portal_of(client, stripe_emulator, subscription.customer)
    item = portal.update(subscription.id, quantity=5)["items"]["data"][0]
    assert (item["price"]["id"], item["quantity"]) == (seat.id, 5)
    item = portal.update(subscription.id, price=dear.id)["items"]["data"][0]
    assert (item["price"]["id"], item["quantity"]) == (dear.id, 5)
    for change, words in (
        ({"quantity": 11}, "1 at least and 10 at most"),
        ({"quantity": 0}, "1 at least"),
        ({"price": "price_none"}, "does not offer the price price_none"),
        ({"promotion_code": "NONE"}, "This code is invalid"),
    ):
        with pytest.raises(ValueError, match=words):
            portal.update(subscription.id, **change)


def test_only_what_is_allowed_changes(
    client: stripe.StripeClient,
    subscription: stripe.Subscription,
    seat: stripe.Price,
    dear: stripe.Price,
    stripe_emulator: EmulatorClient,
) -> None:
    """Without `price` or `quantity` among the allowed updates, that stays."""
    allow(client, subscription_update=updates(seat, dear, default_allowed_updates=["price"]))
    portal = portal_of(client, stripe_emulator, subscription.customer)
    with pytest.raises(ValueError, match="change the quantity"):
        portal.update(subscription.id, quantity=3)
    with pytest.raises(ValueError, match="use promotion codes"):
        portal.update(subscription.id, price=dear.id, promotion_code="X")
    only_quantity = allow(client, subscription_update=updates(seat, dear, default_allowed_updates=["quantity"]))
    portal = portal_of(client, stripe_emulator, subscription.customer, configuration=only_quantity.id)
    with pytest.raises(ValueError, match="does not offer the price"):
        portal.update(subscription.id, price=dear.id)
    assert portal.update(subscription.id, quantity=3)["items"]["data"][0]["quantity"] == 3


@pytest.mark.belief("a change in the portal ends a trial, unless it is configured to go on", "S")
@pytest.mark.parametrize(("behavior", "status"), [("end_trial", "active"), ("continue_trial", "trialing")])
def test_trial_ends_or_goes_on(
    client: stripe.StripeClient,
    payer: stripe.Customer,
    seat: stripe.Price,
    stripe_emulator: EmulatorClient,
    behavior: str,
    status: str,
) -> None:
    """The configuration says what becomes of the trial."""
    trial: Any = {"customer": payer.id, "items": [{"price": seat.id}], "trial_period_days": 14}
    subscription = client.v1.subscriptions.create(trial)
    allow(client, subscription_update=updates(seat, trial_update_behavior=behavior))
    portal = portal_of(client, stripe_emulator, payer.id)
    assert portal.update(subscription.id, quantity=2)["status"] == status


@pytest.mark.belief("customers pause in the portal for a configured duration, or until they come back", "S")
def test_pause_for_a_while(
    client: stripe.StripeClient, subscription: stripe.Subscription, stripe_emulator: EmulatorClient
) -> None:
    """The second duration is two weeks: paused at once, running again afterwards."""
    stripe_emulator.clock.set(subscription.created)
    options = [{"interval": "month", "interval_count": 1}, {"interval": "week", "interval_count": 2}]
    duration = {"type": "interval_options", "interval_options": options}
    allow(client, subscription_pause={"enabled": True, "duration": duration})
    portal = portal_of(client, stripe_emulator, subscription.customer)
    with pytest.raises(ValueError, match="has no duration 2: there are 2, counted from 0"):
        portal.pause(subscription.id, duration=2)
    assert portal.pause(subscription.id, duration=1)["status"] == "paused"
    stripe_emulator.clock.advance(14 * 86400 - 1)
    assert client.v1.subscriptions.retrieve(subscription.id).status == "paused"
    stripe_emulator.clock.advance(1)
    assert client.v1.subscriptions.retrieve(subscription.id).status == "active"


def test_pause_without_an_end(
    client: stripe.StripeClient, subscription: stripe.Subscription, stripe_emulator: EmulatorClient
) -> None:
    """It lasts until the customer resumes; whoever resumes early is not resumed twice."""
    stripe_emulator.clock.set(subscription.created)
    allow(client, subscription_pause={"enabled": True, "duration": {"type": "indefinite"}})
    portal = portal_of(client, stripe_emulator, subscription.customer)
    portal.pause(subscription.id)
    stripe_emulator.clock.advance(400 * 86400)
    assert client.v1.subscriptions.retrieve(subscription.id).status == "paused"
    portal = portal_of(client, stripe_emulator, subscription.customer)
    assert portal.resume(subscription.id)["status"] == "active"
    assert client.v1.subscriptions.retrieve(subscription.id).status == "active"


@pytest.mark.belief(
    "with always_invoice a change in the portal that cannot be paid changes nothing (the latter: M)", "S"
)
def test_change_that_cannot_be_paid_changes_nothing(
    client: stripe.StripeClient, subscription: stripe.Subscription, seat: stripe.Price, stripe_emulator: EmulatorClient
) -> None:
    """The customer reads why, and may pay with another card."""
    allow(
        client,
        subscription_update=updates(seat, proration_behavior="always_invoice"),
        payment_method_update={"enabled": True},
    )
    portal = portal_of(client, stripe_emulator, subscription.customer)
    portal.add_payment_method("pm_card_chargeCustomerFail")
    with pytest.raises(ValueError, match="Your card was declined"):
        portal.update(subscription.id, quantity=9)
    assert client.v1.subscriptions.retrieve(subscription.id)["items"].data[0].quantity == 2
    portal.add_payment_method("pm_card_visa")
    assert portal.update(subscription.id, quantity=9)["items"]["data"][0]["quantity"] == 9


@pytest.mark.belief("a change in the portal waits for the end of the period where the configuration says so", "S")
@pytest.mark.parametrize(
    ("condition", "choice", "waits"),
    [
        ("decreasing_item_amount", {"quantity": 1}, True),
        ("decreasing_item_amount", {"quantity": 5}, False),
        ("shortening_interval", {"quantity": 1}, False),
    ],
)
def test_less_waits_for_the_end_of_the_period(
    client: stripe.StripeClient,
    subscription: stripe.Subscription,
    seat: stripe.Price,
    stripe_emulator: EmulatorClient,
    condition: str,
    choice: dict[str, int],
    waits: bool,
) -> None:
    """What costs less begins with the next period, and is billed then; what costs more begins at once."""
    stripe_emulator.clock.set(subscription.created)
    allow(client, subscription_update=updates(seat, schedule_at_period_end={"conditions": [{"type": condition}]}))
    portal = portal_of(client, stripe_emulator, subscription.customer)
    changed = portal.update(subscription.id, **choice)
    assert changed["items"]["data"][0]["quantity"] == (2 if waits else choice["quantity"])
    assert (changed["schedule"] is not None) is waits
    if waits:
        with pytest.raises(ValueError, match="has a schedule already"):
            portal.update(subscription.id, **choice)
    stripe_emulator.clock.advance(32 * 86400)
    assert client.v1.subscriptions.retrieve(subscription.id)["items"].data[0].quantity == choice["quantity"]
    newest = client.v1.invoices.list({"subscription": subscription.id}).data[0]
    assert newest.total == 1200 * choice["quantity"]


def test_shorter_interval_waits_for_the_end_of_the_period(
    client: stripe.StripeClient,
    payer: stripe.Customer,
    seat: stripe.Price,
    dear: stripe.Price,
    stripe_emulator: EmulatorClient,
) -> None:
    """From years to months only when the year is over."""
    stripe_emulator.clock.set(NOON)
    subscription = client.v1.subscriptions.create({"customer": payer.id, "items": [{"price": dear.id}]})
    later = {"conditions": [{"type": "shortening_interval"}]}
    allow(client, subscription_update=updates(seat, dear, schedule_at_period_end=later))
    portal_of(client, stripe_emulator, payer.id).update(subscription.id, price=seat.id)
    stripe_emulator.clock.advance(364 * 86400)
    assert client.v1.subscriptions.retrieve(subscription.id)["items"].data[0].price.id == dear.id
    stripe_emulator.clock.advance(2 * 86400)
    assert client.v1.subscriptions.retrieve(subscription.id)["items"].data[0].price.id == seat.id
