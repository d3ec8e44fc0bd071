"""Subscriptions, through the official client."""

from __future__ import annotations

from typing import Any

import pytest
import stripe

from stripe_emulator import EmulatorClient

JANUARY_31 = 1_769_860_800  # 2026-01-31T12:00:00Z
FEBRUARY_28 = 1_772_280_000  # 2026-02-28T12:00:00Z
MARCH_31 = 1_774_958_400  # 2026-03-31T12:00:00Z
DAY = 86400


def subscribe(
    client: stripe.StripeClient, customer: stripe.Customer, *items: Any, **params: Any
) -> stripe.Subscription:
    """Subscribe a customer; an item may be given by its price."""
    given = [{"price": item.id} if isinstance(item, stripe.Price) else item for item in items]
    asked: Any = {"customer": customer.id, "items": given, **params}
    return client.v1.subscriptions.create(asked)


def items(subscription: stripe.Subscription) -> list[Any]:
    """Return the items, which the client hides behind the dict method of that name."""
    return list(subscription["items"].data)


def period(subscription: stripe.Subscription) -> tuple[int, int]:
    """Return the period of the first item."""
    first = items(subscription)[0]
    return first.current_period_start, first.current_period_end


def test_paying_customer_is_active(client: stripe.StripeClient, payer: stripe.Customer, seat: stripe.Price) -> None:
    """A working default card makes the subscription active, with one seat by default."""
    subscription = subscribe(client, payer, seat)
    assert (subscription.status, items(subscription)[0].quantity) == ("active", 1)
    assert items(subscription)[0].price.id == seat.id


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
    """Sent invoices need a due date instead of a card."""
    with pytest.raises(stripe.InvalidRequestError) as refused:
        subscribe(client, customer, seat, collection_method="send_invoice")
    assert refused.value.param == "days_until_due"
    subscription = subscribe(client, customer, seat, collection_method="send_invoice", days_until_due=30)
    stripe_emulator.clock.advance(40 * DAY)
    assert client.v1.subscriptions.retrieve(subscription.id).status == subscription.status == "active"


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


@pytest.mark.parametrize(("has_card", "status"), [(True, "active"), (False, "past_due")])
def test_trial_ends_by_the_clock(
    client: stripe.StripeClient, seat: stripe.Price, stripe_emulator: EmulatorClient, has_card: bool, status: str
) -> None:
    """After the trial the customer pays, or does not."""
    stripe_emulator.clock.set(JANUARY_31)
    params: Any = {"payment_method": "pm_card_visa", "invoice_settings": {"default_payment_method": "pm_card_visa"}}
    customer = client.v1.customers.create(params if has_card else {})
    subscription = subscribe(client, customer, seat, trial_period_days=14)
    stripe_emulator.clock.advance(14 * DAY)
    after = client.v1.subscriptions.retrieve(subscription.id)
    assert (after.status, period(after)[0]) == (status, JANUARY_31 + 14 * DAY)


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


def test_incomplete_subscription_expires(
    client: stripe.StripeClient, payer: stripe.Customer, seat: stripe.Price, stripe_emulator: EmulatorClient
) -> None:
    """The first payment has 23 hours."""
    subscription = subscribe(client, payer, seat, payment_behavior="default_incomplete")
    stripe_emulator.clock.advance(23 * 3600)
    assert client.v1.subscriptions.retrieve(subscription.id).status == "incomplete_expired"


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
        ({"discounts": [{"coupon": "TEN"}]}, None, "discounts"),
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
    assert len(items(subscribe(client, payer, *[{"price_data": data}] * 20))) == 20
    with pytest.raises(stripe.InvalidRequestError, match="at most 20 items"):
        subscribe(client, payer, *[{"price_data": data}] * 21)


def test_classic_billing_mode_on_request(
    client: stripe.StripeClient, payer: stripe.Customer, seat: stripe.Price
) -> None:
    """Flexible is the default since clover."""
    assert subscribe(client, payer, seat).to_dict()["billing_mode"]["type"] == "flexible"
    classic = subscribe(client, payer, seat, billing_mode={"type": "classic"})
    assert classic.to_dict()["billing_mode"]["type"] == "classic"


def test_anchor_can_lie_ahead(
    client: stripe.StripeClient, payer: stripe.Customer, seat: stripe.Price, stripe_emulator: EmulatorClient
) -> None:
    """The first period ends at the anchor; an anchor in the past is refused."""
    stripe_emulator.clock.set(JANUARY_31)
    anchored = subscribe(client, payer, seat, billing_cycle_anchor=JANUARY_31 + 5 * DAY)
    assert period(anchored) == (JANUARY_31, JANUARY_31 + 5 * DAY)
    with pytest.raises(stripe.InvalidRequestError, match="in the past"):
        subscribe(client, payer, seat, billing_cycle_anchor=JANUARY_31 - 1)


def test_subscription_needs_a_customer(client: stripe.StripeClient, seat: stripe.Price) -> None:
    """Nobody cannot subscribe."""
    with pytest.raises(stripe.InvalidRequestError, match="Missing required param: customer"):
        client.v1.subscriptions.create({"items": [{"price": seat.id}]})
