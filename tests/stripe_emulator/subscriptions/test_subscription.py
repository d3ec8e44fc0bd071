"""Subscriptions: how they begin and what is refused, through the official client."""

from __future__ import annotations

from typing import Any

import pytest
import stripe

from stripe_emulator import EmulatorClient
from tests.stripe_emulator.subscriptions.subscribing import DAY, JANUARY_31, items, period, subscribe


def test_paying_customer_is_active(client: stripe.StripeClient, payer: stripe.Customer, seat: stripe.Price) -> None:
    """A working default card makes the subscription active, with one seat by default."""
    subscription = subscribe(client, payer, seat)
    assert (subscription.status, items(subscription)[0].quantity) == ("active", 1)
    assert items(subscription)[0].price.id == seat.id


@pytest.mark.belief("a subscription that costs something needs a card, a trial or an invoice", "R")
def test_customer_without_card_is_refused(
    client: stripe.StripeClient, customer: stripe.Customer, seat: stripe.Price
) -> None:
    """Something is due and nothing can be charged; nothing is stored."""
    with pytest.raises(stripe.InvalidRequestError, match="no attached payment source") as refused:
        subscribe(client, customer, seat)
    assert (refused.value.http_status, refused.value.code) == (400, "resource_missing")
    assert client.v1.subscriptions.list({"status": "all"}).data == []


def test_nothing_due_needs_no_card(
    client: stripe.StripeClient, customer: stripe.Customer, usage: stripe.Price, product: stripe.Product
) -> None:
    """Metered and free prices start active without a card."""
    free = client.v1.prices.create(
        {"product": product.id, "currency": "usd", "unit_amount": 0, "recurring": {"interval": "month"}}
    )
    subscription = subscribe(client, customer, usage, free)
    assert (subscription.status, [item.quantity for item in items(subscription)]) == ("active", [None, 1])


def test_invoiced_customer_needs_no_card(
    client: stripe.StripeClient, customer: stripe.Customer, seat: stripe.Price, stripe_emulator: EmulatorClient
) -> None:
    """Sent invoices need a due date instead of a card; whoever does not pay by then is past due."""
    with pytest.raises(stripe.InvalidRequestError) as refused:
        subscribe(client, customer, seat, collection_method="send_invoice")
    assert refused.value.param == "days_until_due"
    subscription = subscribe(client, customer, seat, collection_method="send_invoice", days_until_due=30)
    stripe_emulator.clock.advance(29 * DAY)
    assert client.v1.subscriptions.retrieve(subscription.id).status == subscription.status == "active"
    stripe_emulator.clock.advance(1 * DAY)
    assert client.v1.subscriptions.retrieve(subscription.id).status == "past_due"


@pytest.mark.parametrize(
    ("card", "behavior", "status"),
    [
        ("pm_card_visa", "default_incomplete", "incomplete"),
        ("pm_card_chargeCustomerFail", "allow_incomplete", "incomplete"),
        ("pm_card_authenticationRequired", "allow_incomplete", "incomplete"),
        ("pm_card_visa", "error_if_incomplete", "active"),
    ],
)
def test_first_payment_decides_the_status(
    client: stripe.StripeClient, seat: stripe.Price, card: str, behavior: Any, status: str
) -> None:
    """A card that fails leaves the subscription incomplete, if that is allowed."""
    params: Any = {"payment_method": card, "invoice_settings": {"default_payment_method": card}}
    customer = client.v1.customers.create(params)
    assert subscribe(client, customer, seat, payment_behavior=behavior).status == status


@pytest.mark.parametrize(
    ("card", "code"),
    [
        ("pm_card_chargeCustomerFail", "card_declined"),
        ("pm_card_authenticationRequired", "subscription_payment_intent_requires_action"),
    ],
)
def test_failing_card_can_be_an_error(client: stripe.StripeClient, seat: stripe.Price, card: str, code: str) -> None:
    """With error_if_incomplete a failing card is a 402, and nothing is stored."""
    params: Any = {"payment_method": card, "invoice_settings": {"default_payment_method": card}}
    customer = client.v1.customers.create(params)
    with pytest.raises(stripe.CardError) as refused:
        subscribe(client, customer, seat, payment_behavior="error_if_incomplete")
    assert (refused.value.http_status, refused.value.code) == (402, code)


def test_trial_needs_no_card_and_sets_the_period(
    client: stripe.StripeClient, customer: stripe.Customer, seat: stripe.Price, stripe_emulator: EmulatorClient
) -> None:
    """During a trial the period is the trial."""
    stripe_emulator.clock.set(JANUARY_31)
    subscription = subscribe(client, customer, seat, trial_period_days=14)
    end = JANUARY_31 + 14 * DAY
    assert (subscription.status, subscription.trial_end, period(subscription)) == ("trialing", end, (JANUARY_31, end))
    assert subscription.billing_cycle_anchor == end


def test_trial_days_of_the_price_count_on_request(
    client: stripe.StripeClient, customer: stripe.Customer, product: stripe.Product
) -> None:
    """A price's own trial does nothing unless trial_from_plan asks for it."""
    price = client.v1.prices.create(
        {
            "product": product.id,
            "currency": "usd",
            "unit_amount": 0,
            "recurring": {"interval": "month", "trial_period_days": 7},
        }
    )
    assert subscribe(client, customer, price).status == "active"
    other = client.v1.customers.create({})
    assert subscribe(client, other, price, trial_from_plan=True).status == "trialing"


@pytest.mark.parametrize(
    ("params", "code", "param"),
    [
        ({"items": []}, "parameter_missing", "items"),
        ({"items": [{"price": "price_nope"}]}, "resource_missing", "items[0][price]"),
        ({"items": [{}]}, "parameter_missing", "items"),
        ({"items": [{"quantity": 1}]}, "parameter_missing", "items[0][price]"),
        ({"customer": "cus_nope"}, "resource_missing", "customer"),
        ({"payment_behavior": "pending_if_incomplete"}, None, "payment_behavior"),
        ({"trial_end": 1000}, None, "trial_end"),
        ({"trial_period_days": -1}, "parameter_invalid_integer", "trial_period_days"),
        ({"default_payment_method": "pm_nope"}, "resource_missing", "default_payment_method"),
        ({"coupon": "TEN"}, "parameter_unknown", "coupon"),
        ({"discounts": [{"coupon": "TEN"}]}, "resource_missing", "discounts[0][coupon]"),
        ({"automatic_tax": {"enabled": True}}, None, "automatic_tax[enabled]"),
    ],
)
def test_bad_subscription_is_refused(
    client: stripe.StripeClient, payer: stripe.Customer, seat: stripe.Price, params: Any, code: str, param: str
) -> None:
    """Refusals name the parameter."""
    given: Any = {"customer": payer.id, "items": [{"price": seat.id}], **params}
    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.v1.subscriptions.create(given)
    assert (refused.value.code, refused.value.param) == (code, param)


@pytest.mark.real_stripe
@pytest.mark.belief("archived prices take no new subscribers, and old ones keep them", "I")
def test_archived_price_takes_no_new_subscribers(
    client: stripe.StripeClient, payer: stripe.Customer, seat: stripe.Price
) -> None:
    """But those who have it keep it, and may change their quantity."""
    item = items(subscribe(client, payer, seat))[0]
    client.v1.prices.update(seat.id, {"active": False})
    with pytest.raises(stripe.InvalidRequestError, match="The price specified is inactive") as refused:
        subscribe(client, payer, seat)
    assert refused.value.param == "items[0][price]"
    assert client.v1.subscription_items.update(item.id, {"quantity": 4}).quantity == 4


def test_one_time_price_is_refused(
    client: stripe.StripeClient, payer: stripe.Customer, product: stripe.Product
) -> None:
    """A subscription needs something that recurs."""
    once = client.v1.prices.create({"product": product.id, "currency": "usd", "unit_amount": 1})
    with pytest.raises(stripe.InvalidRequestError, match="type=one_time"):
        subscribe(client, payer, once)


def test_currencies_cannot_be_mixed(
    client: stripe.StripeClient, payer: stripe.Customer, seat: stripe.Price, product: stripe.Product
) -> None:
    """All items share one currency."""
    euro = client.v1.prices.create(
        {"product": product.id, "currency": "eur", "unit_amount": 1, "recurring": {"interval": "month"}}
    )
    with pytest.raises(stripe.InvalidRequestError, match="other items use `currency=usd`") as refused:
        subscribe(client, payer, seat, euro)
    assert refused.value.param == "items[1][price]"


def test_price_in_several_currencies_can_be_charged_in_each(
    client: stripe.StripeClient, payer: stripe.Customer, seat: stripe.Price
) -> None:
    """`currency` chooses among a price's currency options."""
    client.v1.prices.update(seat.id, {"currency_options": {"eur": {"unit_amount": 1100}}})
    assert subscribe(client, payer, seat, currency="eur").currency == "eur"


def test_price_can_be_made_on_the_spot(
    client: stripe.StripeClient, payer: stripe.Customer, product: stripe.Product
) -> None:
    """price_data makes a price for this subscription."""
    data = {"currency": "usd", "product": product.id, "recurring": {"interval": "month"}, "unit_amount": 700}
    assert items(subscribe(client, payer, {"price_data": data}))[0].price.unit_amount == 700


def test_list_filters(
    client: stripe.StripeClient, payer: stripe.Customer, customer: stripe.Customer, seat: stripe.Price, usage: Any
) -> None:
    """Subscriptions are found by customer, price and status."""
    paid, metered = subscribe(client, payer, seat), subscribe(client, customer, usage)
    found = client.v1.subscriptions.list
    assert [one.id for one in found({"customer": payer.id}).data] == [paid.id]
    assert [one.id for one in found({"price": usage.id}).data] == [metered.id]
    assert [one.id for one in found({"status": "active"}).data] == [metered.id, paid.id]
    assert found({"status": "trialing"}).data == []


def test_own_payment_method_goes_before_the_customers(
    client: stripe.StripeClient, customer: stripe.Customer, seat: stripe.Price
) -> None:
    """A subscription may have its own card, and lose it again."""
    method = client.v1.payment_methods.attach("pm_card_visa", {"customer": customer.id})
    subscription = subscribe(client, customer, seat, default_payment_method=method.id)
    assert (subscription.status, subscription.default_payment_method) == ("active", method.id)
    cleared = client.v1.subscriptions.update(subscription.id, {"default_payment_method": ""})
    assert cleared.default_payment_method is None


def test_items_can_be_added_by_update(
    client: stripe.StripeClient, payer: stripe.Customer, seat: stripe.Price, usage: stripe.Price
) -> None:
    """An item without id is a new one; foreign currencies stay out."""
    subscription = subscribe(client, payer, seat)
    added = client.v1.subscriptions.update(subscription.id, {"items": [{"price": usage.id}]})
    assert [item.price.id for item in items(added)] == [seat.id, usage.id]
    euro: Any = {"product": seat.product, "currency": "eur", "unit_amount": 1, "recurring": {"interval": "month"}}
    other = client.v1.prices.create(euro)
    with pytest.raises(stripe.InvalidRequestError, match="only supports `eur`"):
        client.v1.subscriptions.update(subscription.id, {"items": [{"price": other.id}]})


def test_at_most_twenty_items(client: stripe.StripeClient, payer: stripe.Customer, product: stripe.Product) -> None:
    """The 21st is refused."""
    data = {"currency": "usd", "product": product.id, "recurring": {"interval": "month"}, "unit_amount": 1}
    full = subscribe(client, payer, *[{"price_data": data}] * 20)
    assert len(client.v1.subscription_items.list({"subscription": full.id, "limit": 100}).data) == 20
    with pytest.raises(stripe.InvalidRequestError, match="at most 20 items"):
        subscribe(client, payer, *[{"price_data": data}] * 21)


def test_classic_billing_mode_on_request(
    client: stripe.StripeClient, payer: stripe.Customer, seat: stripe.Price
) -> None:
    """Flexible is the default since clover."""
    assert subscribe(client, payer, seat).to_dict()["billing_mode"]["type"] == "flexible"
    classic = subscribe(client, payer, seat, billing_mode={"type": "classic"})
    assert classic.to_dict()["billing_mode"]["type"] == "classic"


def test_subscription_needs_a_customer(client: stripe.StripeClient, seat: stripe.Price) -> None:
    """Nobody cannot subscribe."""
    with pytest.raises(stripe.InvalidRequestError, match="Missing required param: customer"):
        client.v1.subscriptions.create({"items": [{"price": seat.id}]})
