"""Plans in the customer portal without a browser: changed, canceled, paused, kept with a discount."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import stripe

from tests.stripe_emulator.pages.portal_pages import portal_page
from tests.stripe_emulator.pages.visitor import Visitor
from tests.stripe_emulator.portal.portals import allow, open_portal

if TYPE_CHECKING:
    from stripe_emulator import EmulatorClient

CARD = {"card_number": "5555 5555 5555 4444", "card_expiry": "12 / 34", "card_cvc": "123"}
HOSTILE = "\"'><script>alert(1)</script>{{ 7*7 }}"


def test_plan_and_quantity_are_changed(
    client: stripe.StripeClient, everything: Any, subscription: stripe.Subscription, dear: stripe.Price
) -> None:
    """Choose, look at what it costs, confirm."""
    page = portal_page(client, subscription)
    page.click("Update plan")
    assert "Team Current $12.00 per month" in page.text
    page.press("Continue", price=dear.id, quantity=3)
    assert "Team 3 × $120.00 per year" in page.text
    assert client.v1.subscriptions.retrieve(subscription.id)["items"].data[0].quantity == 2
    page.press("Confirm")
    assert "Your subscription has been changed." in page.text
    item = client.v1.subscriptions.retrieve(subscription.id)["items"].data[0]
    assert (item.price.id, item.quantity) == (dear.id, 3)


def test_bad_quantity_is_one_sentence(
    client: stripe.StripeClient, everything: Any, subscription: stripe.Subscription
) -> None:
    """The choice is shown again, with what is wrong."""
    page = portal_page(client, subscription)
    page.click("Update plan")
    page.press("Continue", quantity=11)
    assert (page.status, "the quantity must be 1 at least and 10 at most" in page.text) == (400, True)
    assert dict(page.read.forms[0].fields)["quantity"] == "11"


def test_cancel_and_renew(client: stripe.StripeClient, everything: Any, subscription: stripe.Subscription) -> None:
    """Cancel with a reason, then take it back."""
    page = portal_page(client, subscription)
    page.click("Cancel plan")
    assert "is still available until" in page.text
    page.press("Cancel plan", feedback="unused", comment="Bye")
    assert "Your subscription has been canceled." in page.text
    assert "Ends on" in page.text
    ending = client.v1.subscriptions.retrieve(subscription.id)
    assert ending.cancel_at_period_end
    assert ending.cancellation_details
    assert (ending.cancellation_details.feedback, ending.cancellation_details.comment) == ("unused", "Bye")
    page.press("Renew plan")
    assert "Renews on" in page.text


def test_confirmation_flow(client: stripe.StripeClient, everything: Any, subscription: stripe.Subscription) -> None:
    """The customer sees what is proposed, and agrees."""
    items = [{"id": subscription["items"].data[0].id, "quantity": 7}]
    confirm = {"subscription": subscription.id, "items": items}
    flow = {"type": "subscription_update_confirm", "subscription_update_confirm": confirm}
    page = portal_page(client, subscription, flow_data=flow)
    assert "Team 7 × $12.00 per month" in page.text
    page.press("Confirm")
    assert "Your subscription has been changed." in page.text
    assert client.v1.subscriptions.retrieve(subscription.id)["items"].data[0].quantity == 7


@pytest.mark.parametrize(
    ("behavior", "words"),
    [
        # Half of April is left: 2 × 12.00 / 2 comes back, 3 × 12.00 / 2 is new; May costs 3 × 12.00.
        ("create_prorations", "Due on 1 May 2026 $42.00"),
        ("always_invoice", "Due now $6.00"),
        ("none", "Due on 1 May 2026 $36.00"),
    ],
)
def test_change_is_shown_with_its_price(
    client: stripe.StripeClient,
    payer: stripe.Customer,
    seat: stripe.Price,
    stripe_emulator: EmulatorClient,
    behavior: str,
    words: str,
) -> None:
    """What a change costs, and when, is shown before it is made; nothing of the preview stays."""
    stripe_emulator.clock.set("2026-04-01T00:00:00Z")
    products = [{"product": str(seat.product), "prices": [seat.id]}]
    update = {"enabled": True, "default_allowed_updates": ["quantity"], "products": products}
    allow(client, subscription_update={**update, "proration_behavior": behavior})
    subscription = client.v1.subscriptions.create({"customer": payer.id, "items": [{"price": seat.id, "quantity": 2}]})
    stripe_emulator.clock.set("2026-04-16T00:00:00Z")
    page = Visitor(open_portal(client, payer.id).url)
    page.click("Update plan")
    page.press("Continue", quantity=3)
    assert words in page.text
    assert len(client.v1.invoices.list({"subscription": subscription.id}).data) == 1
    preview = stripe_emulator.portal(page.url.split("/")[-2]).preview(subscription.id, quantity=3)
    assert f"${preview['amount_due'] / 100:.2f}" in words


def test_pause_and_resume(client: stripe.StripeClient, everything: Any, subscription: stripe.Subscription) -> None:
    """For how long is asked where it is configured; a paused plan can be resumed."""
    page = portal_page(client, subscription)
    page.click("Pause plan")
    assert "For 1 month" in page.text
    page.press("Pause plan", duration=0)
    assert "Your subscription is paused." in page.text
    assert "Cancel plan" in page.text
    page.press("Resume plan")
    assert client.v1.subscriptions.retrieve(subscription.id).status == "active"


def test_offer_is_shown_and_accepted(
    client: stripe.StripeClient, everything: Any, subscription: stripe.Subscription
) -> None:
    """A cancellation flow shows what staying is worth."""
    months: Any = {"percent_off": 20, "duration": "repeating", "duration_in_months": 3}
    coupon = client.v1.coupons.create(months)
    offer = {"type": "coupon_offer", "coupon_offer": {"coupon": coupon.id}}
    data = {"subscription": subscription.id, "retention": offer}
    page = portal_page(client, subscription, flow_data={"type": "subscription_cancel", "subscription_cancel": data})
    assert "Stay, with 20% off for 3 months" in page.text
    page.press("Accept offer")
    assert "The discount is yours." in page.text


def test_change_that_waits_says_when(
    client: stripe.StripeClient, payer: stripe.Customer, seat: stripe.Price, stripe_emulator: EmulatorClient
) -> None:
    """What becomes less begins with the next period, and the page says so; a code counts in the preview of the rest."""
    stripe_emulator.clock.set("2026-04-01T00:00:00Z")
    coupon = client.v1.coupons.create({"percent_off": 50, "duration": "once"})
    client.v1.promotion_codes.create({"promotion": {"type": "coupon", "coupon": coupon.id}, "code": "HALF"})
    products = [{"product": str(seat.product), "prices": [seat.id]}]
    later = {"conditions": [{"type": "decreasing_item_amount"}]}
    allowed = ["quantity", "promotion_code"]
    update = {
        "enabled": True,
        "default_allowed_updates": allowed,
        "products": products,
        "schedule_at_period_end": later,
    }
    allow(client, subscription_update=update)
    subscription = client.v1.subscriptions.create({"customer": payer.id, "items": [{"price": seat.id, "quantity": 2}]})
    page = Visitor(open_portal(client, payer.id).url)
    page.click("Update plan")
    page.press("Continue", quantity=4, promotion_code="half")
    assert "Due on 1 May 2026 $24.00" in page.text
    page.go(f"{page.url}?subscription={subscription.id}")
    page.press("Continue", quantity=1)
    assert "Your plan changes on 1 May 2026." in page.text
    page.press("Confirm")
    assert "2 × $12.00 per month" in page.text
