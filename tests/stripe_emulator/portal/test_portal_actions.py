"""What customers do in the portal, and what its configuration keeps them from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import stripe

from tests.stripe_emulator.portal.portals import allow, open_portal, portal_of, updates

if TYPE_CHECKING:
    from collections.abc import Callable

    from stripe_emulator import EmulatorClient

NOON = 1_769_860_800


@pytest.mark.belief("customers cancel in the portal at the end of the period by default, with a reason if asked", "D")
def test_cancel_at_the_end_and_renew(
    client: stripe.StripeClient, subscription: stripe.Subscription, stripe_emulator: EmulatorClient
) -> None:
    """The end is announced with its reason, and taken back again."""
    allow(
        client, subscription_cancel={"enabled": True, "cancellation_reason": {"enabled": True, "options": ["unused"]}}
    )
    portal = portal_of(client, stripe_emulator, subscription.customer)
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
    portal = portal_of(client, stripe_emulator, subscription.customer)
    with pytest.raises(ValueError, match="does not ask for reasons"):
        portal.cancel(subscription.id, feedback="unused")
    assert portal.cancel(subscription.id)["status"] == "canceled"


@pytest.mark.belief("a card added in the portal becomes the default for invoices", "D")
def test_payment_methods(client: stripe.StripeClient, payer: stripe.Customer, stripe_emulator: EmulatorClient) -> None:
    """Cards are added, chosen and removed; a declined one is refused, and a stranger's is not found."""
    allow(client, payment_method_update={"enabled": True})
    first = client.v1.payment_methods.list({"customer": payer.id}).data[0].id
    portal = portal_of(client, stripe_emulator, payer.id)
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
    portal = portal_of(client, stripe_emulator, customer.id)
    done = portal.update_customer(email="ada@lovelace.example", address={"city": "London"})
    assert (done["email"], done["address"]["city"]) == ("ada@lovelace.example", "London")
    with pytest.raises(ValueError, match="does not let customers change name"):
        portal.update_customer(name="Ada")


def test_everything_is_off_by_default(
    client: stripe.StripeClient, subscription: stripe.Subscription, stripe_emulator: EmulatorClient
) -> None:
    """A bare configuration lets customers look, and nothing else."""
    allow(client, invoice_history={"enabled": False})
    portal = portal_of(client, stripe_emulator, subscription.customer)
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
        portal_of(client, stripe_emulator, customer.id).cancel(subscription.id)
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
    portal = portal_of(client, stripe_emulator, subscription.customer, flow_data=flow)
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
    allow(client, subscription_update=updates(seat))
    items = [{"id": subscription["items"].data[0].id, "quantity": 40}]
    confirm = {"subscription": subscription.id, "items": items}
    flow = {"type": "subscription_update_confirm", "subscription_update_confirm": confirm}
    portal = portal_of(client, stripe_emulator, subscription.customer, flow_data=flow)
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
    unused, portal = (portal_of(client, stripe_emulator, customer.id) for _ in range(2))
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
    portal = portal_of(client, stripe_emulator, subscription.customer, flow_data=flow)
    assert portal.accept_offer()["cancel_at_period_end"] is False
    shown = client.v1.subscriptions.retrieve(subscription.id, {"expand": ["discounts"]}).to_dict()
    assert [one["source"]["coupon"] for one in shown["discounts"]] == [coupon.id]
    with pytest.raises(ValueError, match="is finished"):
        portal.cancel(subscription.id)
