"""Flows of the customer portal: what a link may lead to, and how it is shown."""

from __future__ import annotations

from typing import Any

import pytest
import stripe

from tests.stripe_emulator.answers import body
from tests.stripe_emulator.portal.portals import allow, open_portal

EVERYTHING: Any = {
    "customer_update": {"enabled": True, "allowed_updates": ["email"]},
    "payment_method_update": {"enabled": True},
    "subscription_cancel": {"enabled": True},
    "subscription_pause": {"enabled": True},
}


@pytest.fixture
def subscription(client: stripe.StripeClient, payer: stripe.Customer, seat: stripe.Price) -> stripe.Subscription:
    """A subscription with one item, and a portal in which everything is allowed."""
    products = [{"product": str(seat.product), "prices": [seat.id]}]
    update = {"enabled": True, "default_allowed_updates": ["price", "quantity"], "products": products}
    allow(client, **EVERYTHING, subscription_update=update)
    return client.v1.subscriptions.create({"customer": payer.id, "items": [{"price": seat.id, "quantity": 2}]})


def _flow(client: stripe.StripeClient, subscription: stripe.Subscription, kind: str, **change: Any) -> Any:
    data = {"subscription": subscription.id, **change} if kind.startswith("subscription") else None
    flow = {"type": kind, **({kind: data} if data else {})}
    return open_portal(client, str(subscription.customer), flow_data=flow)


@pytest.mark.belief("a flow is echoed with every other flow null, and leads back to the portal by default", "D")
@pytest.mark.parametrize("kind", ["subscription_update", "subscription_pause", "subscription_cancel"])
def test_flow_of_a_subscription_is_echoed(
    client: stripe.StripeClient, subscription: stripe.Subscription, kind: str
) -> None:
    """Only the chosen flow has content."""
    flow = body(_flow(client, subscription, kind))["flow"]
    more = {"retention": None} if kind == "subscription_cancel" else {}
    assert flow.pop(kind) == {"subscription": subscription.id, **more}
    assert flow.pop("after_completion") == {"hosted_confirmation": None, "redirect": None, "type": "portal_homepage"}
    assert flow.pop("type") == kind
    assert set(flow.values()) == {None}


def test_flows_of_the_customer(client: stripe.StripeClient, subscription: stripe.Subscription) -> None:
    """A card or the customer's data need no subscription."""
    assert body(_flow(client, subscription, "payment_method_update"))["flow"]["type"] == "payment_method_update"
    assert body(_flow(client, subscription, "customer_update"))["flow"]["customer_update"] == {}


def test_retention_and_confirmation_are_echoed(client: stripe.StripeClient, subscription: stripe.Subscription) -> None:
    """A coupon is offered before the end; a confirmation has one item, whose quantity stays if it is not named."""
    coupon = client.v1.coupons.create({"percent_off": 20, "duration": "once"})
    offer = {"type": "coupon_offer", "coupon_offer": {"coupon": coupon.id}}
    shown = body(_flow(client, subscription, "subscription_cancel", retention=offer))["flow"]
    assert shown["subscription_cancel"]["retention"] == offer
    item = subscription["items"].data[0]
    confirm = _flow(
        client,
        subscription,
        "subscription_update_confirm",
        items=[{"id": item.id, "price": item.price.id}],
        discounts=[{"coupon": coupon.id}],
    )
    assert body(confirm)["flow"]["subscription_update_confirm"] == {
        "subscription": subscription.id,
        "items": [{"id": item.id, "price": item.price.id, "quantity": 2}],
        "discounts": [{"coupon": coupon.id, "promotion_code": None}],
    }


@pytest.mark.parametrize(
    ("after", "shown"),
    [
        ({"type": "hosted_confirmation"}, {"custom_message": None}),
        ({"type": "hosted_confirmation", "hosted_confirmation": {"custom_message": "Bye"}}, {"custom_message": "Bye"}),
        (
            {"type": "redirect", "redirect": {"return_url": "https://a.example/x"}},
            {"return_url": "https://a.example/x"},
        ),
    ],
)
def test_after_completion_is_echoed(
    client: stripe.StripeClient, subscription: stripe.Subscription, after: Any, shown: Any
) -> None:
    """What comes after the flow is shown with what belongs to it."""
    data = {"type": "payment_method_update", "after_completion": after}
    flow = body(open_portal(client, str(subscription.customer), flow_data=data))["flow"]
    assert flow["after_completion"][after["type"]] == shown


def test_redirect_needs_somewhere_to_go(client: stripe.StripeClient, subscription: stripe.Subscription) -> None:
    """A redirect without an address, or to none that a browser can open, is refused."""
    for redirect, param in (({}, ""), ({"redirect": {"return_url": "x"}}, "[return_url]")):
        data = {"type": "payment_method_update", "after_completion": {"type": "redirect", **redirect}}
        with pytest.raises(stripe.InvalidRequestError) as refused:
            open_portal(client, str(subscription.customer), flow_data=data)
        assert refused.value.param == f"flow_data[after_completion][redirect]{param}"


@pytest.mark.belief("a flow that the portal configuration does not allow is refused (the sentence: M)", "D")
def test_disabled_feature_is_refused(client: stripe.StripeClient, customer: stripe.Customer) -> None:
    """A link cannot lead to what the configuration forbids."""
    allow(client, invoice_history={"enabled": True})
    with pytest.raises(stripe.InvalidRequestError, match="`payment_method_update` is disabled"):
        open_portal(client, customer.id, flow_data={"type": "payment_method_update"})


def test_foreign_and_ended_subscriptions_are_refused(
    client: stripe.StripeClient, subscription: stripe.Subscription, customer: stripe.Customer
) -> None:
    """Another customer's subscription, one that is over or about to be, and none at all."""
    data = {"type": "subscription_cancel", "subscription_cancel": {"subscription": subscription.id}}
    with pytest.raises(stripe.InvalidRequestError, match="does not belong to the customer"):
        open_portal(client, customer.id, flow_data=data)
    with pytest.raises(stripe.InvalidRequestError, match="Missing required param"):
        open_portal(client, customer.id, flow_data={"type": "subscription_cancel"})
    client.v1.subscriptions.update(subscription.id, {"cancel_at_period_end": True})
    with pytest.raises(stripe.InvalidRequestError, match="already set to be canceled"):
        _flow(client, subscription, "subscription_cancel")
    client.v1.subscriptions.cancel(subscription.id)
    with pytest.raises(stripe.InvalidRequestError, match="has been canceled"):
        _flow(client, subscription, "subscription_update")


@pytest.mark.belief("a confirmation flow has one item whose price is among the configuration's products", "S")
def test_confirmation_is_about_one_offered_price(
    client: stripe.StripeClient, subscription: stripe.Subscription, seat: stripe.Price
) -> None:
    """Two items, a foreign item, a price that is not offered and two discounts are refused."""
    item = {"id": subscription["items"].data[0].id}
    recurring: Any = {"interval": "year"}
    other = client.v1.prices.create(
        {"product": str(seat.product), "currency": "usd", "unit_amount": 1, "recurring": recurring}
    )
    for change, words in (
        ({"items": [item, item]}, "Exactly one subscription item"),
        ({"items": [{"id": "si_none"}]}, "does not belong to the subscription"),
        ({"items": [{**item, "price": other.id}]}, "is not in the portal configuration"),
        ({"items": [item], "discounts": [{"coupon": "a"}, {"coupon": "b"}]}, "at most one discount"),
    ):
        with pytest.raises(stripe.InvalidRequestError, match=words):
            _flow(client, subscription, "subscription_update_confirm", **change)


@pytest.mark.belief("the portal does not update subscriptions with multiple items", "S")
def test_several_items_are_not_switched(
    client: stripe.StripeClient, subscription: stripe.Subscription, usage: stripe.Price
) -> None:
    """A subscription of two items cannot be switched."""
    client.v1.subscription_items.create({"subscription": subscription.id, "price": usage.id})
    with pytest.raises(stripe.InvalidRequestError, match="multiple subscription items"):
        _flow(client, subscription, "subscription_update")
