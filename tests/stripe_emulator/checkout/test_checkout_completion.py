"""What a customer who fills in the page of a checkout session leaves behind."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import stripe

from tests.stripe_emulator.checkout.checkouts import DAY, URL, one_time, open_session
from tests.stripe_emulator.subscriptions.subscribing import items

if TYPE_CHECKING:
    from stripe_emulator import EmulatorClient

NOON = 1_769_860_800


@pytest.mark.belief(
    "a completed session in subscription mode has a customer and a subscription paid by the card of the page", "D"
)
def test_subscription_starts(
    client: stripe.StripeClient, seat: stripe.Price, usage: stripe.Price, stripe_emulator: EmulatorClient
) -> None:
    """A new customer with the email, a card, a subscription with the session's items and metadata."""
    session = open_session(
        client,
        {"price": seat.id, "quantity": 4},
        {"price": usage.id},
        customer_email="ada@example.com",
        subscription_data={"metadata": {"plan": "team"}, "description": "Team"},
    )
    done = stripe_emulator.complete_checkout(session.id)
    assert (done["status"], done["payment_status"], done["url"]) == ("complete", "paid", None)
    assert done["customer_details"]["email"] == "ada@example.com"
    subscription = client.v1.subscriptions.retrieve(done["subscription"], {"expand": ["default_payment_method"]})
    shown = subscription.to_dict()
    assert (shown["status"], shown["customer"], shown["description"]) == ("active", done["customer"], "Team")
    assert shown["metadata"] == {"plan": "team"}
    assert shown["default_payment_method"]["card"]["last4"] == "4242"
    assert [(one.price.id, one.to_dict()["quantity"]) for one in items(subscription)] == [
        (seat.id, 4),
        (usage.id, None),
    ]
    assert client.v1.customers.retrieve(done["customer"]).email == "ada@example.com"
    assert client.v1.checkout.sessions.retrieve(session.id).to_dict() == done


@pytest.mark.belief("with a trial nothing is due today (the amounts: M)", "M")
def test_trial_costs_nothing_yet(
    client: stripe.StripeClient, seat: stripe.Price, stripe_emulator: EmulatorClient
) -> None:
    """With a trial nothing is due today, and a card is asked for unless it is not required."""
    stripe_emulator.clock.set(NOON)
    trial = {"trial_period_days": 14}
    session = open_session(client, seat, subscription_data=trial)
    assert session.amount_total == 0
    done = stripe_emulator.complete_checkout(session.id)
    assert done["payment_status"] == "no_payment_required"
    subscription = client.v1.subscriptions.retrieve(done["subscription"])
    assert (subscription.status, subscription.trial_end) == ("trialing", NOON + 14 * DAY)
    assert subscription.default_payment_method is not None
    bare = open_session(client, seat, subscription_data=trial, payment_method_collection="if_required")
    done = stripe_emulator.complete_checkout(bare.id)
    assert client.v1.subscriptions.retrieve(done["subscription"]).default_payment_method is None


def test_known_customer_is_kept(
    client: stripe.StripeClient, seat: stripe.Price, payer: stripe.Customer, stripe_emulator: EmulatorClient
) -> None:
    """The subscription belongs to the session's customer."""
    done = stripe_emulator.complete_checkout(open_session(client, seat, customer=payer.id).id)
    assert done["customer"] == payer.id
    assert [one.id for one in client.v1.subscriptions.list({"customer": payer.id}).data] == [done["subscription"]]


def test_one_time_items_are_no_items_of_the_subscription(
    client: stripe.StripeClient, seat: stripe.Price, product: stripe.Product, stripe_emulator: EmulatorClient
) -> None:
    """What is paid once is paid, and does not come again."""
    done = stripe_emulator.complete_checkout(open_session(client, seat, one_time(client, product)).id)
    assert done["amount_total"] == 1700
    subscription = client.v1.subscriptions.retrieve(done["subscription"])
    assert [one.price.id for one in items(subscription)] == [seat.id]


def test_customer_chooses_a_quantity(
    client: stripe.StripeClient, seat: stripe.Price, stripe_emulator: EmulatorClient
) -> None:
    """An adjustable quantity may be changed within its bounds, and the amount follows."""
    bounds = {"enabled": True, "minimum": 1, "maximum": 10}
    item = {"price": seat.id, "quantity": 2, "adjustable_quantity": bounds}
    session = open_session(client, item)
    with pytest.raises(ValueError, match="between the adjustable minimum"):
        stripe_emulator.complete_checkout(session.id, quantities={0: 11})
    with pytest.raises(ValueError, match="has no line item 1"):
        stripe_emulator.complete_checkout(session.id, quantities={1: 1})
    done = stripe_emulator.complete_checkout(session.id, quantities={0: 7})
    assert done["amount_total"] == 8400
    assert items(client.v1.subscriptions.retrieve(done["subscription"]))[0].quantity == 7
    fixed = open_session(client, seat)
    with pytest.raises(ValueError, match="between the adjustable minimum"):
        stripe_emulator.complete_checkout(fixed.id, quantities={0: 2})


def test_declined_card_leaves_the_page_open(
    client: stripe.StripeClient, seat: stripe.Price, stripe_emulator: EmulatorClient
) -> None:
    """Nothing is left of the attempt, and another card may follow."""
    session = open_session(client, seat)
    for card in ("pm_card_chargeCustomerFail", "pm_card_visa_chargeDeclined"):
        with pytest.raises(ValueError, match="Your card was declined"):
            stripe_emulator.complete_checkout(session.id, payment_method=card)
    assert client.v1.checkout.sessions.retrieve(session.id).status == "open"
    assert not client.v1.customers.list().data
    assert stripe_emulator.complete_checkout(session.id)["status"] == "complete"


def test_bank_that_asks_is_answered(
    client: stripe.StripeClient, seat: stripe.Price, stripe_emulator: EmulatorClient
) -> None:
    """With 3D Secure the customer is in front of the page, so the subscription is active."""
    done = stripe_emulator.complete_checkout(
        open_session(client, seat).id, payment_method="pm_card_authenticationRequired"
    )
    assert client.v1.subscriptions.retrieve(done["subscription"]).status == "active"


@pytest.mark.belief("a payment makes a customer only where it needs one", "S")
def test_payment_makes_a_customer_where_it_needs_one(
    client: stripe.StripeClient, product: stripe.Product, stripe_emulator: EmulatorClient
) -> None:
    """A guest pays without becoming a customer, unless the session says so or the card is kept."""
    once = one_time(client, product)
    guest = stripe_emulator.complete_checkout(open_session(client, once, mode="payment").id, email="g@example.com")
    assert (guest["customer"], guest["payment_status"], guest["subscription"]) == (None, "paid", None)
    assert guest["customer_details"]["email"] == "g@example.com"
    always = open_session(client, once, mode="payment", customer_creation="always")
    assert stripe_emulator.complete_checkout(always.id)["customer"] is not None
    kept = open_session(client, once, mode="payment", payment_intent_data={"setup_future_usage": "off_session"})
    customer = stripe_emulator.complete_checkout(kept.id)["customer"]
    assert len(client.v1.payment_methods.list({"customer": customer}).data) == 1


def test_setup_saves_a_card(
    client: stripe.StripeClient, payer: stripe.Customer, stripe_emulator: EmulatorClient
) -> None:
    """A session in setup mode sells nothing and keeps the card."""
    asked: Any = {"mode": "setup", "currency": "usd", "success_url": URL, "customer": payer.id}
    session = client.v1.checkout.sessions.create(asked)
    assert (session.amount_total, session.payment_status) == (None, "no_payment_required")
    done = stripe_emulator.complete_checkout(session.id, payment_method="pm_card_mastercard")
    assert (done["status"], done["payment_status"]) == ("complete", "no_payment_required")
    methods = client.v1.payment_methods.list({"customer": payer.id}).data
    assert [one.card.brand for one in methods if one.card] == ["mastercard", "visa"]


def test_what_is_closed_stays_closed(
    client: stripe.StripeClient, seat: stripe.Price, stripe_emulator: EmulatorClient
) -> None:
    """A session is completed once, and not after its end; a refusal says why."""
    session = open_session(client, seat)
    stripe_emulator.complete_checkout(session.id)
    with pytest.raises(ValueError, match="is complete: nobody can complete it"):
        stripe_emulator.complete_checkout(session.id)
    ended = client.v1.checkout.sessions.expire(open_session(client, seat).id)
    with pytest.raises(ValueError, match="is expired"):
        stripe_emulator.complete_checkout(ended.id)
    with pytest.raises(ValueError, match="no account has a checkout session cs_test_none"):
        stripe_emulator.complete_checkout("cs_test_none")
    with pytest.raises(ValueError, match="not card"):
        stripe_emulator.call("POST", f"/checkout_sessions/{session.id}/complete", {"card": "visa"})


@pytest.mark.belief("nobody completes an open session whose price was archived meanwhile", "M")
def test_archived_price_ends_an_open_page(
    client: stripe.StripeClient, seat: stripe.Price, stripe_emulator: EmulatorClient
) -> None:
    """Nobody subscribes to a price that was archived while the page was open."""
    session = open_session(client, seat)
    client.v1.prices.update(seat.id, {"active": False})
    with pytest.raises(ValueError, match="The price specified is inactive"):
        stripe_emulator.complete_checkout(session.id)
