"""What customers do in the portal, and what its configuration keeps them from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import stripe

from tests.stripe_emulator.portal.portals import allow, open_portal

if TYPE_CHECKING:
    from collections.abc import Callable

    from stripe_emulator import EmulatorClient
    from stripe_emulator.portal_client import PortalClient

NOON = 1_769_860_800


@pytest.fixture
def subscription(client: stripe.StripeClient, payer: stripe.Customer, seat: stripe.Price) -> stripe.Subscription:
    """Two seats at 12.00 a month."""
    return client.v1.subscriptions.create({"customer": payer.id, "items": [{"price": seat.id, "quantity": 2}]})


@pytest.fixture
def dear(client: stripe.StripeClient, product: stripe.Product) -> stripe.Price:
    """A yearly price of the same product."""
    recurring: Any = {"interval": "year"}
    return client.v1.prices.create(
        {"product": product.id, "currency": "usd", "unit_amount": 12000, "recurring": recurring}
    )


def _portal(client: stripe.StripeClient, emulator: EmulatorClient, customer: Any, **params: Any) -> PortalClient:
    return emulator.portal(open_portal(client, str(customer), **params).id)


def _updates(*prices: stripe.Price, **change: Any) -> dict[str, Any]:
    products = [{"product": str(prices[0].product), "prices": [one.id for one in prices]}]
    allowed = ["price", "quantity", "promotion_code"]
    return {"enabled": True, "default_allowed_updates": allowed, "products": products, **change}


@pytest.mark.belief("customers cancel in the portal at the end of the period by default, with a reason if asked", "D")
def test_cancel_at_the_end_and_renew(
    client: stripe.StripeClient, subscription: stripe.Subscription, stripe_emulator: EmulatorClient
) -> None:
    """The end is announced with its reason, and taken back again."""
    allow(
        client, subscription_cancel={"enabled": True, "cancellation_reason": {"enabled": True, "options": ["unused"]}}
    )
    portal = _portal(client, stripe_emulator, subscription.customer)
    done = portal.cancel(subscription.id, feedback="unused", comment="Moving on")
    assert (done["status"], done["cancel_at_period_end"]) == ("active", True)
    assert done["cancellation_details"]["feedback"] == "unused"
    assert done["cancellation_details"]["comment"] == "Moving on"
    with pytest.raises(ValueError, match="has no reason too_complex"):
        portal.cancel(subscription.id, feedback="too_complex")
    assert portal.renew(subscription.id)["cancel_at_period_end"] is False
    with pytest.raises(ValueError, match="is not about to end"):
        portal.renew(subscription.id)


@pytest.mark.belief("customers cancel in the portal at once if it is configured so", "S")
def test_cancel_at_once(
    client: stripe.StripeClient, subscription: stripe.Subscription, stripe_emulator: EmulatorClient
) -> None:
    """The subscription is over; reasons are refused where nobody asks for them."""
    allow(client, subscription_cancel={"enabled": True, "mode": "immediately"})
    portal = _portal(client, stripe_emulator, subscription.customer)
    with pytest.raises(ValueError, match="does not ask for reasons"):
        portal.cancel(subscription.id, feedback="unused")
    assert portal.cancel(subscription.id)["status"] == "canceled"


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
    allow(client, subscription_update=_updates(seat, dear, products=products))
    portal = _portal(client, stripe_emulator, subscription.customer)
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
    allow(client, subscription_update=_updates(seat, dear, default_allowed_updates=["price"]))
    portal = _portal(client, stripe_emulator, subscription.customer)
    with pytest.raises(ValueError, match="change the quantity"):
        portal.update(subscription.id, quantity=3)
    with pytest.raises(ValueError, match="use promotion codes"):
        portal.update(subscription.id, price=dear.id, promotion_code="X")
    only_quantity = allow(client, subscription_update=_updates(seat, dear, default_allowed_updates=["quantity"]))
    portal = _portal(client, stripe_emulator, subscription.customer, configuration=only_quantity.id)
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
    allow(client, subscription_update=_updates(seat, trial_update_behavior=behavior))
    portal = _portal(client, stripe_emulator, payer.id)
    assert portal.update(subscription.id, quantity=2)["status"] == status


@pytest.mark.belief("a card added in the portal becomes the default for invoices", "D")
def test_payment_methods(client: stripe.StripeClient, payer: stripe.Customer, stripe_emulator: EmulatorClient) -> None:
    """Cards are added, chosen and removed; a declined one is refused, and a stranger's is not found."""
    allow(client, payment_method_update={"enabled": True})
    first = client.v1.payment_methods.list({"customer": payer.id}).data[0].id
    portal = _portal(client, stripe_emulator, payer.id)
    added = portal.add_payment_method("pm_card_mastercard")
    assert _default(client, payer) == added["id"]
    portal.set_default_payment_method(first)
    assert _default(client, payer) == first
    portal.add_payment_method("pm_card_amex", default=False)
    assert _default(client, payer) == first
    assert portal.remove_payment_method(added["id"])["customer"] is None
    with pytest.raises(ValueError, match="has no payment method"):
        portal.set_default_payment_method(added["id"])
    with pytest.raises(ValueError, match="Your card was declined"):
        portal.add_payment_method("pm_card_visa_chargeDeclined")


def _default(client: stripe.StripeClient, customer: stripe.Customer) -> Any:
    settings = client.v1.customers.retrieve(customer.id).invoice_settings
    return settings and settings.default_payment_method


@pytest.mark.belief("customers change in the portal only the data that the configuration names", "S")
def test_customer_data(client: stripe.StripeClient, customer: stripe.Customer, stripe_emulator: EmulatorClient) -> None:
    """E-mail and address are allowed here, and the name is not."""
    allow(client, customer_update={"enabled": True, "allowed_updates": ["email", "address"]})
    portal = _portal(client, stripe_emulator, customer.id)
    done = portal.update_customer(email="ada@lovelace.example", address={"city": "London"})
    assert (done["email"], done["address"]["city"]) == ("ada@lovelace.example", "London")
    with pytest.raises(ValueError, match="does not let customers change name"):
        portal.update_customer(name="Ada")


def test_everything_is_off_by_default(
    client: stripe.StripeClient, subscription: stripe.Subscription, stripe_emulator: EmulatorClient
) -> None:
    """A bare configuration lets customers look, and nothing else."""
    allow(client, invoice_history={"enabled": False})
    portal = _portal(client, stripe_emulator, subscription.customer)
    acts: list[Callable[[], Any]] = [
        lambda: portal.cancel(subscription.id),
        lambda: portal.renew(subscription.id),
        lambda: portal.update(subscription.id, quantity=3),
        lambda: portal.pause(subscription.id),
        lambda: portal.resume(subscription.id),
        portal.add_payment_method,
        lambda: portal.update_customer(email="a@b.example"),
        lambda: portal.pay_invoice("in_1"),
    ]
    for act in acts:
        with pytest.raises(ValueError, match="does not let customers"):
            act()
    with pytest.raises(ValueError, match="customers cannot dance in the portal: choose update"):
        portal.do("dance")


def test_only_the_own_subscriptions(
    client: stripe.StripeClient,
    subscription: stripe.Subscription,
    customer: stripe.Customer,
    stripe_emulator: EmulatorClient,
) -> None:
    """Another customer's subscription is not there."""
    allow(client, subscription_cancel={"enabled": True})
    with pytest.raises(ValueError, match="has no subscription"):
        _portal(client, stripe_emulator, customer.id).cancel(subscription.id)
    with pytest.raises(ValueError, match="no account has a billing portal session bps_none"):
        stripe_emulator.portal("bps_none").cancel(subscription.id)


@pytest.mark.belief("a flow lets the customer do one thing; then the whole portal, or nothing, is open", "D")
@pytest.mark.parametrize("after", ["portal_homepage", "hosted_confirmation"])
def test_flow_is_one_thing(
    client: stripe.StripeClient, subscription: stripe.Subscription, stripe_emulator: EmulatorClient, after: str
) -> None:
    """Beside the flow everything is refused; afterwards it depends on where the flow leads."""
    allow(client, subscription_cancel={"enabled": True}, payment_method_update={"enabled": True})
    flow = {
        "type": "subscription_cancel",
        "subscription_cancel": {"subscription": subscription.id},
        "after_completion": {"type": after},
    }
    portal = _portal(client, stripe_emulator, subscription.customer, flow_data=flow)
    with pytest.raises(ValueError, match="leads to subscription_cancel only"):
        portal.add_payment_method()
    with pytest.raises(ValueError, match="offers no coupon"):
        portal.accept_offer()
    portal.cancel(subscription.id)
    if after == "portal_homepage":
        portal.add_payment_method()
    else:
        with pytest.raises(ValueError, match="is finished"):
            portal.cancel(subscription.id)


def test_confirmation_does_what_it_proposes(
    client: stripe.StripeClient, subscription: stripe.Subscription, seat: stripe.Price, stripe_emulator: EmulatorClient
) -> None:
    """The customer only agrees, whatever the quantity's bounds are for others."""
    allow(client, subscription_update=_updates(seat))
    items = [{"id": subscription["items"].data[0].id, "quantity": 40}]
    confirm = {"subscription": subscription.id, "items": items}
    flow = {"type": "subscription_update_confirm", "subscription_update_confirm": confirm}
    portal = _portal(client, stripe_emulator, subscription.customer, flow_data=flow)
    with pytest.raises(ValueError, match="leads to subscription_update_confirm only"):
        portal.update(subscription.id, quantity=1)
    assert portal.confirm_update()["items"]["data"][0]["quantity"] == 40
    with pytest.raises(ValueError, match="has no update to confirm"):
        portal.confirm_update()


@pytest.mark.belief("the link of a portal session ends unless it is used (five minutes; an hour afterwards: M)", "D")
def test_link_ends(client: stripe.StripeClient, customer: stripe.Customer, stripe_emulator: EmulatorClient) -> None:
    """Five minutes unused, an hour after the last use."""
    stripe_emulator.clock.set(NOON)
    allow(client, customer_update={"enabled": True, "allowed_updates": ["email"]})
    unused, portal = (_portal(client, stripe_emulator, customer.id) for _ in range(2))
    stripe_emulator.clock.set(NOON + 299)
    portal.update_customer(email="a@b.example")
    stripe_emulator.clock.set(NOON + 300)
    with pytest.raises(ValueError, match="has expired: create another one"):
        unused.update_customer(email="a@b.example")
    stripe_emulator.clock.set(NOON + 299 + 3599)
    portal.update_customer(email="a@b.example")
    stripe_emulator.clock.set(NOON + 299 + 3599 + 3600)
    with pytest.raises(ValueError, match="has expired"):
        portal.update_customer(email="a@b.example")


def test_bad_input_is_one_sentence(
    client: stripe.StripeClient, customer: stripe.Customer, stripe_emulator: EmulatorClient
) -> None:
    """A number that is none, and a deleted customer."""
    allow(client, subscription_pause={"enabled": True})
    session = open_portal(client, customer.id).id
    client.v1.customers.delete(customer.id)
    with pytest.raises(ValueError, match="has been deleted"):
        stripe_emulator.portal(session).do("pause", duration="x")


@pytest.mark.belief("customers pause in the portal for a configured duration, or until they come back", "S")
def test_pause_for_a_while(
    client: stripe.StripeClient, subscription: stripe.Subscription, stripe_emulator: EmulatorClient
) -> None:
    """The second duration is two weeks: paused at once, running again afterwards."""
    stripe_emulator.clock.set(subscription.created)
    options = [{"interval": "month", "interval_count": 1}, {"interval": "week", "interval_count": 2}]
    duration = {"type": "interval_options", "interval_options": options}
    allow(client, subscription_pause={"enabled": True, "duration": duration})
    portal = _portal(client, stripe_emulator, subscription.customer)
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
    portal = _portal(client, stripe_emulator, subscription.customer)
    portal.pause(subscription.id)
    stripe_emulator.clock.advance(400 * 86400)
    assert client.v1.subscriptions.retrieve(subscription.id).status == "paused"
    portal = _portal(client, stripe_emulator, subscription.customer)
    assert portal.resume(subscription.id)["status"] == "active"
    assert client.v1.subscriptions.retrieve(subscription.id).status == "active"


@pytest.mark.belief("the coupon that a cancellation flow offers stands on the subscription if it is accepted", "D")
def test_offer_is_accepted(
    client: stripe.StripeClient, subscription: stripe.Subscription, stripe_emulator: EmulatorClient
) -> None:
    """Who accepts stays, with the discount; the flow is finished."""
    allow(client, subscription_cancel={"enabled": True})
    coupon = client.v1.coupons.create({"percent_off": 20, "duration": "forever"})
    offer = {"type": "coupon_offer", "coupon_offer": {"coupon": coupon.id}}
    data = {"subscription": subscription.id, "retention": offer}
    after = {"type": "hosted_confirmation"}
    flow = {"type": "subscription_cancel", "subscription_cancel": data, "after_completion": after}
    portal = _portal(client, stripe_emulator, subscription.customer, flow_data=flow)
    assert portal.accept_offer()["cancel_at_period_end"] is False
    shown = client.v1.subscriptions.retrieve(subscription.id, {"expand": ["discounts"]}).to_dict()
    assert [one["source"]["coupon"] for one in shown["discounts"]] == [coupon.id]
    with pytest.raises(ValueError, match="is finished"):
        portal.cancel(subscription.id)


@pytest.mark.belief(
    "with always_invoice a change in the portal that cannot be paid changes nothing (the latter: M)", "S"
)
def test_change_that_cannot_be_paid_changes_nothing(
    client: stripe.StripeClient, subscription: stripe.Subscription, seat: stripe.Price, stripe_emulator: EmulatorClient
) -> None:
    """The customer reads why, and may pay with another card."""
    allow(
        client,
        subscription_update=_updates(seat, proration_behavior="always_invoice"),
        payment_method_update={"enabled": True},
    )
    portal = _portal(client, stripe_emulator, subscription.customer)
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
    allow(client, subscription_update=_updates(seat, schedule_at_period_end={"conditions": [{"type": condition}]}))
    portal = _portal(client, stripe_emulator, subscription.customer)
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
    allow(client, subscription_update=_updates(seat, dear, schedule_at_period_end=later))
    _portal(client, stripe_emulator, payer.id).update(subscription.id, price=seat.id)
    stripe_emulator.clock.advance(364 * 86400)
    assert client.v1.subscriptions.retrieve(subscription.id)["items"].data[0].price.id == dear.id
    stripe_emulator.clock.advance(2 * 86400)
    assert client.v1.subscriptions.retrieve(subscription.id)["items"].data[0].price.id == seat.id
