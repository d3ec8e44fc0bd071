"""The customer portal without a browser and without a script: what people read, choose and press."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import stripe

from tests.stripe_emulator.pages.portal_pages import portal_page
from tests.stripe_emulator.pages.visitor import Visitor
from tests.stripe_emulator.portal.portals import RETURN, allow, open_portal

if TYPE_CHECKING:
    from stripe_emulator import EmulatorClient

CARD = {"card_number": "5555 5555 5555 4444", "card_expiry": "12 / 34", "card_cvc": "123"}
HOSTILE = "\"'><script>alert(1)</script>{{ 7*7 }}"


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
    page = portal_page(client, subscription)
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
    page = portal_page(client, subscription, flow_data=flow)
    assert page.text.startswith("← Return to app.example.com")
    assert "Go back" not in page.text
    page.press("Cancel plan")
    assert (page.status, page.url) == (303, "https://app.example.com/gone")


def test_flow_with_a_confirmation_of_its_own(
    client: stripe.StripeClient, everything: Any, subscription: stripe.Subscription
) -> None:
    """The custom message is shown, and the portal stays closed."""
    after = {"type": "hosted_confirmation", "hosted_confirmation": {"custom_message": HOSTILE}}
    page = portal_page(client, subscription, flow_data={"type": "payment_method_update", "after_completion": after})
    page.press("Add", **CARD)
    assert HOSTILE in page.text
    assert page.buttons() == []


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
