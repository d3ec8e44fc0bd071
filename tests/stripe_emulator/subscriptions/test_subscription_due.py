"""Changes of a running subscription that ask for a payment at once."""

from __future__ import annotations

from typing import Any

import pytest
import stripe

from stripe_emulator import EmulatorClient
from tests.stripe_emulator.subscriptions.subscribing import DAY, JANUARY_31, items, period, subscribe

INVOICE: dict[str, Any] = {"proration_behavior": "always_invoice"}
OR_NOT: dict[str, Any] = {"payment_behavior": "error_if_incomplete"}


@pytest.fixture
def dearer(client: stripe.StripeClient, product: stripe.Product) -> stripe.Price:
    """Return a monthly price of 14.00 USD."""
    recurring: Any = {"interval": "month"}
    return client.v1.prices.create(
        {"product": product.id, "currency": "usd", "unit_amount": 1400, "recurring": recurring}
    )


@pytest.fixture
def yearly(client: stripe.StripeClient, product: stripe.Product) -> stripe.Price:
    """Return a yearly price of 120.00 USD."""
    recurring: Any = {"interval": "year"}
    return client.v1.prices.create(
        {"product": product.id, "currency": "usd", "unit_amount": 12000, "recurring": recurring}
    )


@pytest.fixture
def subscription(
    client: stripe.StripeClient, stripe_emulator: EmulatorClient, payer: stripe.Customer, seat: stripe.Price
) -> stripe.Subscription:
    """Return a paid subscription whose customer's card is declined from now on."""
    stripe_emulator.clock.set(JANUARY_31)
    made = subscribe(client, payer, seat)
    client.v1.payment_methods.attach("pm_card_chargeCustomerFail", {"customer": payer.id})
    listed = client.v1.customers.payment_methods.list(payer.id).data
    failing = next(one.id for one in listed if one.card and one.card.last4 == "0341")
    client.v1.customers.update(payer.id, {"invoice_settings": {"default_payment_method": failing}})
    return made


def swap(client: stripe.StripeClient, found: stripe.Subscription, price: stripe.Price, **params: Any) -> Any:
    """Move the only item to another price."""
    change: Any = {"items": [{"id": items(found)[0].id, "price": price.id, "quantity": 1}], **params}
    return client.v1.subscriptions.update(found.id, change)


@pytest.mark.belief(
    "a change that is to be paid at once and is not: refused with `error_if_incomplete`, else `past_due`",
    "D",
)
def test_unpaid_change_is_refused_if_asked(
    client: stripe.StripeClient, subscription: stripe.Subscription, dearer: stripe.Price, seat: stripe.Price
) -> None:
    """With error_if_incomplete nothing changes; without it the subscription is past due on the new price."""
    with pytest.raises(stripe.CardError, match=r"Your card was declined\."):
        swap(client, subscription, dearer, **INVOICE, **OR_NOT)
    kept = client.v1.subscriptions.retrieve(subscription.id)
    assert (kept.status, items(kept)[0].price.id) == ("active", seat.id)
    changed = swap(client, subscription, dearer, **INVOICE)
    assert (changed.status, items(changed)[0].price.id) == ("past_due", dearer.id)


@pytest.mark.parametrize("behavior", ["none", "create_prorations"])
def test_other_prorations_ask_for_nothing_now(
    client: stripe.StripeClient, subscription: stripe.Subscription, dearer: stripe.Price, behavior: str
) -> None:
    """What waits for the next invoice, or is never billed, needs no payment."""
    assert swap(client, subscription, dearer, proration_behavior=behavior, **OR_NOT).status == "active"


def test_credit_asks_for_nothing(
    client: stripe.StripeClient, subscription: stripe.Subscription, dearer: stripe.Price, seat: stripe.Price
) -> None:
    """A cheaper price leaves a credit, which is nothing to pay."""
    swap(client, subscription, dearer, proration_behavior="none")
    assert swap(client, subscription, seat, **INVOICE, **OR_NOT).status == "active"


def test_new_period_is_paid_in_advance(
    client: stripe.StripeClient, subscription: stripe.Subscription, yearly: stripe.Price
) -> None:
    """Another interval begins a period now, whatever is prorated, on the item's own address as well."""
    change: Any = {"price": yearly.id, "proration_behavior": "none", **OR_NOT}
    with pytest.raises(stripe.CardError):
        client.v1.subscription_items.update(items(subscription)[0].id, change)


def test_invoiced_customers_owe(
    client: stripe.StripeClient, subscription: stripe.Subscription, dearer: stripe.Price
) -> None:
    """Whoever is sent invoices is not charged."""
    client.v1.subscriptions.update(subscription.id, {"collection_method": "send_invoice", "days_until_due": 7})
    assert swap(client, subscription, dearer, **INVOICE, **OR_NOT).status == "active"


def test_customer_without_card_and_3d_secure_are_told_apart(
    client: stripe.StripeClient, subscription: stripe.Subscription, payer: stripe.Customer, dearer: stripe.Price
) -> None:
    """As at the beginning of a subscription."""
    client.v1.payment_methods.attach("pm_card_threeDSecure2Required", {"customer": payer.id})
    listed = client.v1.customers.payment_methods.list(payer.id).data
    asking = next(one.id for one in listed if one.card and one.card.last4 == "3220")
    client.v1.subscriptions.update(subscription.id, {"default_payment_method": asking})
    with pytest.raises(stripe.CardError) as refused:
        swap(client, subscription, dearer, **INVOICE, **OR_NOT)
    assert refused.value.code == "subscription_payment_intent_requires_action"


@pytest.mark.belief("a proration date lies in the running period (words: M)", "D")
def test_proration_date_lies_in_the_period(
    client: stripe.StripeClient, subscription: stripe.Subscription, dearer: stripe.Price, seat: stripe.Price
) -> None:
    """A moment before or after the running period is refused; at its end there is nothing left to pay."""
    start, end = period(subscription)
    for moment in (start - 1, end + 1):
        with pytest.raises(stripe.InvalidRequestError) as refused:
            swap(client, subscription, dearer, proration_date=moment, **INVOICE)
        assert refused.value.param == "proration_date"
    assert swap(client, subscription, dearer, proration_date=end, **INVOICE, **OR_NOT).status == "active"


def test_trial_keeps_its_end_and_costs_nothing(
    client: stripe.StripeClient, subscription: stripe.Subscription, seat: stripe.Price, yearly: stripe.Price
) -> None:
    """A swap to another interval within the trial starts no period: the anchor stays at the trial's end."""
    payer: Any = client.v1.customers.retrieve(str(subscription.customer))
    trial = subscribe(client, payer, seat, trial_end=JANUARY_31 + 14 * DAY)
    changed = swap(client, trial, yearly, **INVOICE, **OR_NOT)
    assert (changed.status, changed.trial_end) == ("trialing", JANUARY_31 + 14 * DAY)
    assert changed.billing_cycle_anchor == JANUARY_31 + 14 * DAY
    assert period(changed)[1] == JANUARY_31 + 14 * DAY
