"""The customer portal without a browser and without a script: what people read, choose and press."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import stripe

from tests.stripe_emulator.pages.visitor import Visitor
from tests.stripe_emulator.portal.portals import RETURN, allow, open_portal

if TYPE_CHECKING:
    from stripe_emulator import EmulatorClient

CARD = {"card_number": "5555 5555 5555 4444", "card_expiry": "12 / 34", "card_cvc": "123"}
HOSTILE = "\"'><script>alert(1)</script>{{ 7*7 }}"


@pytest.fixture
def dear(client: stripe.StripeClient, product: stripe.Product) -> stripe.Price:
    """A yearly price of the same product."""
    recurring: Any = {"interval": "year"}
    return client.v1.prices.create(
        {"product": product.id, "currency": "usd", "unit_amount": 12000, "recurring": recurring}
    )


@pytest.fixture
def everything(client: stripe.StripeClient, seat: stripe.Price, dear: stripe.Price) -> Any:
    """A configuration that allows everything."""
    bounds = {"enabled": True, "minimum": 1, "maximum": 10}
    products = [{"product": str(seat.product), "prices": [seat.id, dear.id], "adjustable_quantity": bounds}]
    update = {"enabled": True, "default_allowed_updates": ["price", "quantity"], "products": products}
    return allow(
        client,
        customer_update={"enabled": True, "allowed_updates": ["email", "name", "address"]},
        invoice_history={"enabled": True},
        payment_method_update={"enabled": True},
        subscription_cancel={"enabled": True, "cancellation_reason": {"enabled": True, "options": ["unused", "other"]}},
        subscription_pause={"enabled": True},
        subscription_update=update,
    )


@pytest.fixture
def subscription(client: stripe.StripeClient, payer: stripe.Customer, seat: stripe.Price) -> stripe.Subscription:
    """Two seats at 12.00 a month, since the middle of a January."""
    return client.v1.subscriptions.create({"customer": payer.id, "items": [{"price": seat.id, "quantity": 2}]})


def _portal(client: stripe.StripeClient, subscription: stripe.Subscription, **params: Any) -> Visitor:
    return Visitor(open_portal(client, str(subscription.customer), **params).url)


def test_home_shows_plan_and_card(
    client: stripe.StripeClient, stripe_emulator: EmulatorClient, everything: Any, payer: stripe.Customer, seat: Any
) -> None:
    """What is paid, when it renews, with which card, and the way back."""
    stripe_emulator.clock.set("2026-01-15T12:00:00Z")
    client.v1.subscriptions.create({"customer": payer.id, "items": [{"price": seat.id, "quantity": 2}]})
    page = Visitor(open_portal(client, payer.id).url)
    assert "Team 2 × $12.00 per month Renews on 15 February 2026" in page.text
    assert "Visa ···· 4242" in page.text
    assert "Default" in page.text
    assert ("← Return to app.example.com", RETURN) in page.read.links
    assert "unsafe" not in page.headers["Content-Security-Policy"]


def test_plan_and_quantity_are_changed(
    client: stripe.StripeClient, everything: Any, subscription: stripe.Subscription, dear: stripe.Price
) -> None:
    """Choose, look at what it costs, confirm."""
    page = _portal(client, subscription)
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
    page = _portal(client, subscription)
    page.click("Update plan")
    page.press("Continue", quantity=11)
    assert (page.status, "the quantity must be 1 at least and 10 at most" in page.text) == (400, True)
    assert dict(page.read.forms[0].fields)["quantity"] == "11"


def test_cancel_and_renew(client: stripe.StripeClient, everything: Any, subscription: stripe.Subscription) -> None:
    """Cancel with a reason, then take it back."""
    page = _portal(client, subscription)
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


def test_cards(client: stripe.StripeClient, everything: Any, payer: stripe.Customer) -> None:
    """Add one, which becomes the default; choose the other again; remove one; a bad one is told beside its field."""
    page = Visitor(open_portal(client, payer.id).url)
    page.click("+ Add payment method")
    page.press("Add", **{**CARD, "card_cvc": "1"})
    assert "security code is incomplete" in page.text
    page.press("Visa ·· 0002 (declined)")
    page.press("Add")
    assert "Your card was declined." in page.text
    page.press("Add", **CARD)
    assert "Your card has been saved." in page.text
    assert "Mastercard ···· 4444 12 / 2034 Default" in page.text
    page.press("Make Visa ···· 4242 the default")
    page.press("Remove Mastercard ···· 4444")
    assert "Mastercard" not in page.text
    assert [one.card and one.card.brand for one in client.v1.payment_methods.list({"customer": payer.id}).data] == [
        "visa"
    ]


def test_bank_asks_about_a_card(client: stripe.StripeClient, everything: Any, payer: stripe.Customer) -> None:
    """A card with 3D Secure is saved after the bank's page, and not if that fails."""
    page = Visitor(open_portal(client, payer.id).url)
    for answer, sentence in (
        ("Fail authentication", "We are unable to authenticate your payment method."),
        ("Complete authentication", "Your card has been saved."),
    ):
        page.go(f"{page.url.split('?')[0].removesuffix('/bank')}/card")
        page.press("Add", **{**CARD, "card_number": "4000002500003155"})
        page.press(answer)
        assert sentence in page.text
    assert len(client.v1.payment_methods.list({"customer": payer.id}).data) == 2
    assert client.v1.setup_intents.list({"customer": payer.id}).data[0].status == "succeeded"


def test_data_is_changed(client: stripe.StripeClient, everything: Any, payer: stripe.Customer) -> None:
    """Only what is allowed has a field."""
    page = Visitor(open_portal(client, payer.id).url)
    page.click("Update information")
    assert "Phone" not in page.text
    page.press("Save", name=HOSTILE, email="ada@example.com", address__line1="1 Main St", address__country="GB")
    assert "Email ada@example.com" in page.text
    assert HOSTILE in page.text
    assert "<script>" not in page.html
    customer = client.v1.customers.retrieve(payer.id)
    assert (customer.name, customer.address and customer.address.line1) == (HOSTILE, "1 Main St")


def test_only_what_is_allowed_is_there(
    client: stripe.StripeClient, subscription: stripe.Subscription, seat: stripe.Price
) -> None:
    """Without a feature there is no button, and its page says so."""
    allow(client, invoice_history={"enabled": False})
    page = _portal(client, subscription)
    assert page.buttons() == []
    assert [text for text, _ in page.read.links] == ["← Return to app.example.com"]
    base = page.url
    for step in ("update", "cancel", "pause", "card", "customer", "confirm", "dance"):
        page.go(f"{base}/{step}?subscription={subscription.id}")
        assert page.status in (400, 404)


def test_flow_leads_to_its_page_and_back_to_the_app(
    client: stripe.StripeClient, everything: Any, subscription: stripe.Subscription
) -> None:
    """A cancellation flow shows nothing else, offers its coupon, and redirects when it is done."""
    flow: Any = {
        "type": "subscription_cancel",
        "subscription_cancel": {"subscription": subscription.id},
        "after_completion": {"type": "redirect", "redirect": {"return_url": "https://app.example.com/gone"}},
    }
    page = _portal(client, subscription, flow_data=flow)
    assert page.text.startswith("← Return to app.example.com")
    assert "Go back" not in page.text
    page.press("Cancel plan")
    assert (page.status, page.url) == (303, "https://app.example.com/gone")


def test_flow_with_a_confirmation_of_its_own(
    client: stripe.StripeClient, everything: Any, subscription: stripe.Subscription
) -> None:
    """The custom message is shown, and the portal stays closed."""
    after = {"type": "hosted_confirmation", "hosted_confirmation": {"custom_message": HOSTILE}}
    page = _portal(client, subscription, flow_data={"type": "payment_method_update", "after_completion": after})
    page.press("Add", **CARD)
    assert HOSTILE in page.text
    assert page.buttons() == []


def test_confirmation_flow(client: stripe.StripeClient, everything: Any, subscription: stripe.Subscription) -> None:
    """The customer sees what is proposed, and agrees."""
    items = [{"id": subscription["items"].data[0].id, "quantity": 7}]
    confirm = {"subscription": subscription.id, "items": items}
    flow = {"type": "subscription_update_confirm", "subscription_update_confirm": confirm}
    page = _portal(client, subscription, flow_data=flow)
    assert "Team 7 × $12.00 per month" in page.text
    page.press("Confirm")
    assert "Your subscription has been changed." in page.text
    assert client.v1.subscriptions.retrieve(subscription.id)["items"].data[0].quantity == 7


def test_closed_links_say_so(
    client: stripe.StripeClient, everything: Any, payer: stripe.Customer, stripe_emulator: EmulatorClient
) -> None:
    """A link that is over, and none at all."""
    page = Visitor(open_portal(client, payer.id).url)
    stripe_emulator.clock.advance(7200)
    page.go(page.url)
    assert (page.status, "has expired: create another one." in page.text) == (400, True)
    page.go("/p/session/bps_none")
    assert page.status == 404


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
    page = _portal(client, subscription)
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
    page = _portal(client, subscription, flow_data={"type": "subscription_cancel", "subscription_cancel": data})
    assert "Stay, with 20% off for 3 months" in page.text
    page.press("Accept offer")
    assert "The discount is yours." in page.text


def test_open_invoice_is_paid_in_the_portal(
    client: stripe.StripeClient, everything: Any, payer: stripe.Customer, seat: Any, stripe_emulator: EmulatorClient
) -> None:
    """A test pays with the card that is kept, once; a stranger's invoice is not found."""
    asked: Any = {
        "customer": payer.id,
        "items": [{"price": seat.id}],
        "collection_method": "send_invoice",
        "days_until_due": 30,
    }
    subscription = client.v1.subscriptions.create(asked)
    invoice = client.v1.invoices.retrieve(str(subscription.latest_invoice))
    portal = stripe_emulator.portal(open_portal(client, payer.id).id)
    assert portal.pay_invoice(invoice.id)["status"] == "paid"
    with pytest.raises(ValueError, match="already paid"):
        portal.pay_invoice(invoice.id)
    other = stripe_emulator.portal(open_portal(client, client.v1.customers.create().id).id)
    with pytest.raises(ValueError, match="has no invoice"):
        other.pay_invoice(invoice.id)


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
