"""What customers are entitled to, through the official client."""

from __future__ import annotations

from typing import Any

import pytest
import stripe
from hypothesis import given, settings
from hypothesis import strategies as st

from stripe_emulator import EmulatorClient
from tests.stripe_emulator.answers import body
from tests.stripe_emulator.subscriptions.subscribing import DAY, FEBRUARY_28, JANUARY_31, items, subscribe

CHANGED = "entitlements.active_entitlement_summary.updated"


@pytest.fixture(autouse=True)
def january(stripe_emulator: EmulatorClient) -> None:
    """Let time stand still."""
    stripe_emulator.clock.set(JANUARY_31)


def feature(client: stripe.StripeClient, key: str, *products: str) -> Any:
    """Create a feature that these products have."""
    made = client.v1.entitlements.features.create({"name": key.title(), "lookup_key": key})
    for product in products:
        client.v1.products.features.create(product, {"entitlement_feature": made.id})
    return made


def keys(client: stripe.StripeClient, customer: str) -> set[str]:
    """Return the lookup keys of what a customer is entitled to."""
    listed = client.v1.entitlements.active_entitlements.list({"customer": customer, "limit": 100})
    return {one.lookup_key for one in listed.data}


def told(client: stripe.StripeClient) -> list[list[str]]:
    """Return what each event said that a customer has, oldest first."""
    listed = client.v1.events.list({"type": CHANGED, "limit": 100}).data[::-1]
    shown = [one.to_dict()["data"]["object"]["entitlements"]["data"] for one in listed]
    return [sorted(one["lookup_key"] for one in entitlements) for entitlements in shown]


@pytest.fixture
def sso(client: stripe.StripeClient, seat: stripe.Price) -> Any:
    """Return a feature of the team product."""
    return feature(client, "sso", str(seat.product))


def test_subscriber_has_what_the_product_has(
    client: stripe.StripeClient, payer: stripe.Customer, seat: stripe.Price, sso: Any
) -> None:
    """From the first moment; the feature can be expanded."""
    subscribe(client, payer, seat)
    [entitlement] = client.v1.entitlements.active_entitlements.list({"customer": payer.id}).data
    assert body(client.v1.entitlements.active_entitlements.retrieve(entitlement.id)) == {
        "id": entitlement.id, "object": "entitlements.active_entitlement", "feature": sso.id, "livemode": False,
        "lookup_key": "sso",
    }  # fmt: skip
    expanded = client.v1.entitlements.active_entitlements.retrieve(entitlement.id, {"expand": ["feature"]})
    assert body(expanded)["feature"]["name"] == "Sso"
    assert keys(client, client.v1.customers.create({}).id) == set()


def test_change_is_told(client: stripe.StripeClient, payer: stripe.Customer, seat: stripe.Price, sso: Any) -> None:
    """With everything the customer has now."""
    subscription = subscribe(client, payer, seat)
    [event] = client.v1.events.list({"type": CHANGED}).data
    [entitlement] = client.v1.entitlements.active_entitlements.list({"customer": payer.id}).data
    assert event.to_dict()["data"]["object"] == {
        "object": "entitlements.active_entitlement_summary", "customer": payer.id, "livemode": False,
        "entitlements": {
            "object": "list", "data": [body(entitlement_of(client, entitlement.id))], "has_more": False,
            "url": f"/v1/customer/{payer.id}/entitlements",
        },
    }  # fmt: skip
    client.v1.subscriptions.cancel(subscription.id)
    assert told(client) == [["sso"], []]
    assert keys(client, payer.id) == set()
    with pytest.raises(stripe.InvalidRequestError, match="No such active entitlement") as gone:
        client.v1.entitlements.active_entitlements.retrieve(entitlement.id)
    assert gone.value.http_status == 404


def entitlement_of(client: stripe.StripeClient, identifier: str) -> Any:
    """Return one entitlement."""
    return client.v1.entitlements.active_entitlements.retrieve(identifier)


@pytest.mark.belief("a trial entitles; a subscription whose first payment is missing does not", "D M")
def test_trial_entitles_and_an_incomplete_subscription_does_not(
    client: stripe.StripeClient, payer: stripe.Customer, seat: stripe.Price, sso: Any
) -> None:
    """A canceled one does not either."""
    trial = subscribe(client, payer, seat, trial_period_days=3)
    assert (trial.status, keys(client, payer.id)) == ("trialing", {"sso"})
    client.v1.subscriptions.cancel(trial.id)
    waiting = subscribe(client, payer, seat, payment_behavior="default_incomplete")
    assert (waiting.status, keys(client, payer.id)) == ("incomplete", set())


@pytest.mark.belief("a customer who is late keeps what the subscription gives", "M")
def test_customer_who_is_late_keeps_everything(
    client: stripe.StripeClient,
    stripe_emulator: EmulatorClient,
    payer: stripe.Customer,
    seat: stripe.Price,
    sso: Any,
) -> None:
    """As long as the subscription is not given up."""
    subscription = subscribe(client, payer, seat)
    failing = client.v1.payment_methods.attach("pm_card_chargeCustomerFail", {"customer": payer.id})
    client.v1.customers.update(payer.id, {"invoice_settings": {"default_payment_method": failing.id}})
    stripe_emulator.clock.set(FEBRUARY_28 + DAY)
    assert client.v1.subscriptions.retrieve(subscription.id).status == "past_due"
    assert keys(client, payer.id) == {"sso"}


def test_second_subscription_keeps_what_the_first_gave(
    client: stripe.StripeClient, payer: stripe.Customer, seat: stripe.Price, sso: Any
) -> None:
    """A customer has each feature once, until nothing gives it any more, and nothing is told meanwhile."""
    first = subscribe(client, payer, seat)
    subscribe(client, payer, seat)
    [entitlement] = client.v1.entitlements.active_entitlements.list({"customer": payer.id}).data
    client.v1.subscriptions.cancel(first.id)
    assert entitlement_of(client, entitlement.id).lookup_key == "sso"
    assert told(client) == [["sso"]]


def test_other_plan_has_other_features(
    client: stripe.StripeClient, payer: stripe.Customer, seat: stripe.Price, sso: Any
) -> None:
    """From the change on; the features that both have stay the same objects."""
    recurring: Any = {"interval": "month"}
    plain = client.v1.products.create({"name": "Solo"})
    price = client.v1.prices.create(
        {"product": plain.id, "currency": "usd", "unit_amount": 500, "recurring": recurring}
    )
    feature(client, "api", str(seat.product), plain.id)
    subscription = subscribe(client, payer, seat)
    before = {one.lookup_key: one.id for one in listed(client, payer.id)}
    client.v1.subscription_items.update(items(subscription)[0].id, {"price": price.id, "proration_behavior": "none"})
    after = {one.lookup_key: one.id for one in listed(client, payer.id)}
    assert after == {"api": before["api"]}
    assert told(client) == [["api", "sso"], ["api"]]


def listed(client: stripe.StripeClient, customer: str) -> list[Any]:
    """Return what a customer is entitled to, newest first."""
    return client.v1.entitlements.active_entitlements.list({"customer": customer}).data


@pytest.mark.belief("a feature attached or detached later counts from the next billing period on", "D")
def test_feature_attached_later_counts_from_the_next_period(
    client: stripe.StripeClient,
    stripe_emulator: EmulatorClient,
    payer: stripe.Customer,
    seat: stripe.Price,
    sso: Any,
) -> None:
    """Not from an unimportant change before that; new subscribers have it at once."""
    subscription = subscribe(client, payer, seat)
    feature(client, "audit", str(seat.product))
    [attached] = [one for one in client.v1.products.features.list(str(seat.product)).data if is_of(one, sso)]
    client.v1.products.features.delete(str(seat.product), attached.id)
    client.v1.subscriptions.update(subscription.id, {"metadata": {"a": "1"}})
    assert keys(client, payer.id) == {"sso"}
    stripe_emulator.clock.set(FEBRUARY_28 + DAY)
    client.v1.subscriptions.retrieve(subscription.id)
    assert keys(client, payer.id) == {"audit"}


def is_of(attachment: Any, wanted: Any) -> bool:
    """Say whether an attachment is of a feature."""
    return bool(attachment.entitlement_feature.id == wanted.id)


@pytest.mark.parametrize("params", [{}, {"customer": "cus_nope"}])
def test_list_is_of_a_customer(client: stripe.StripeClient, params: Any) -> None:
    """Who exists."""
    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.v1.entitlements.active_entitlements.list(params)
    assert (refused.value.http_status, refused.value.param) == (400, "customer")


def test_pages(client: stripe.StripeClient, payer: stripe.Customer, seat: stripe.Price) -> None:
    """However many there are."""
    for number in range(12):
        feature(client, f"f{number}", str(seat.product))
    subscribe(client, payer, seat)
    found = client.v1.entitlements.active_entitlements.list({"customer": payer.id, "limit": 5})
    assert {one.lookup_key for one in found.auto_paging_iter()} == {f"f{number}" for number in range(12)}
    [event] = client.v1.events.list({"type": CHANGED}).data
    summary = event.to_dict()["data"]["object"]["entitlements"]
    assert (len(summary["data"]), summary["has_more"]) == (10, True)


@settings(max_examples=10, deadline=None)
@given(steps=st.lists(st.tuples(st.sampled_from(["subscribe", "cancel"]), st.integers(0, 2)), max_size=6))
def test_customer_has_what_the_running_subscriptions_give(new_account: Any, steps: list[tuple[str, int]]) -> None:
    """Whatever begins and ends, in any order."""
    client = new_account()
    method = "pm_card_visa"
    customer = client.v1.customers.create(
        {"payment_method": method, "invoice_settings": {"default_payment_method": method}}
    )
    products = [client.v1.products.create({"name": name}) for name in "abc"]
    recurring: Any = {"interval": "month"}
    prices = [
        client.v1.prices.create({"product": one.id, "currency": "usd", "unit_amount": 1, "recurring": recurring})
        for one in products
    ]
    has = [{"x"}, {"x", "y"}, {"z"}]
    for key in "xyz":
        feature(client, key, *[one.id for one, keys_ in zip(products, has, strict=True) if key in keys_])
    running: list[tuple[int, str]] = []
    for step, number in steps:
        if step == "subscribe":
            running.append((number, subscribe(client, customer, prices[number]).id))
        elif number < len(running):
            client.v1.subscriptions.cancel(running.pop(number)[1])
    assert keys(client, customer.id) == {key for number, _ in running for key in has[number]}
