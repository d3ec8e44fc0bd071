"""The emulator's pages in Chromium: clicked through, light and dark, narrow, by keyboard, and followed live."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest
import stripe

from tests import chromium
from tests.chromium import CONTRASTS, Person, Window, opened
from tests.stripe_emulator.checkout.checkouts import open_session
from tests.stripe_emulator.portal.portals import allow, open_portal

if TYPE_CHECKING:
    from stripe_emulator import EmulatorClient

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(chromium.PROGRAM is None, reason="Chromium is not installed (Debian: apt-get install chromium)"),
]

TAB, ENTER = ("Tab", 9), ("Enter", 13)


@pytest.fixture(scope="module")
def window(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Window]:
    """One browser for all tests."""
    with asyncio.Runner() as runner:
        opening = opened("about:blank", tmp_path_factory.mktemp("profile"))
        tab = runner.run(opening.__aenter__())
        yield Window(runner, tab)
        runner.run(opening.__aexit__(None, None, None))


@pytest.fixture
def person(window: Window) -> Person:
    """Somebody in front of a wide and light window."""
    window.look()
    window.heard.clear()
    return Person(window)


@pytest.fixture
def shop(client: stripe.StripeClient, stripe_emulator: EmulatorClient, seat: Any, payer: Any) -> dict[str, str]:
    """Every page, with something on it, by name."""
    recurring: Any = {"interval": "year"}
    dear = client.v1.prices.create(
        {"product": str(seat.product), "currency": "usd", "unit_amount": 12000, "recurring": recurring}
    )
    products = [{"product": str(seat.product), "prices": [seat.id, dear.id]}]
    update = {"enabled": True, "default_allowed_updates": ["price", "quantity"], "products": products}
    allow(
        client,
        customer_update={"enabled": True, "allowed_updates": ["email", "address"]},
        invoice_history={"enabled": True},
        payment_method_update={"enabled": True},
        subscription_cancel={"enabled": True, "cancellation_reason": {"enabled": True, "options": ["unused", "other"]}},
        subscription_update=update,
    )
    subscription = client.v1.subscriptions.create({"customer": payer.id, "items": [{"price": seat.id, "quantity": 2}]})
    item = {"price": seat.id, "quantity": 2, "adjustable_quantity": {"enabled": True}}
    address = f"{stripe_emulator.url}/_/?session={{CHECKOUT_SESSION_ID}}"
    session = open_session(client, item, success_url=address, cancel_url=address, allow_promotion_codes=True)
    portal = open_portal(client, payer.id, return_url=f"{stripe_emulator.url}/_/").url
    about = f"?subscription={subscription.id}"
    return {
        "checkout": session.url,
        "portal": portal,
        "update": f"{portal}/update{about}",
        "cancel": f"{portal}/cancel{about}",
        "card": f"{portal}/card",
        "dashboard": f"{stripe_emulator.url}/_/",
        "object": f"{stripe_emulator.url}/_/acct_emulator/test/subscription/{subscription.id}",
        "requests": f"{stripe_emulator.url}/_/requests",
        "faults": f"{stripe_emulator.url}/_/faults",
        "invoice": str(client.v1.invoices.retrieve(str(subscription.latest_invoice)).hosted_invoice_url),
        "subscription": subscription.id,
        "session": session.id,
    }


PAGES = ["checkout", "portal", "update", "cancel", "card", "invoice", "dashboard", "object", "requests", "faults"]


def test_subscribe_with_a_test_card(person: Person, shop: dict[str, str], client: stripe.StripeClient) -> None:
    """More seats, a test card, an e-mail, and the way back to the integration."""
    person.go(shop["checkout"])
    person.click("One more of Team")
    assert "Total due today $36.00" in person.text
    person.click("Visa ·· 4242")
    person.fill(email="ada@example.com")
    person.click("Subscribe")
    assert person.window.evaluate("location.search") == f"?session={shop['session']}"
    done = client.v1.checkout.sessions.retrieve(shop["session"])
    assert (done.status, done.amount_total) == ("complete", 3600)
    assert person.trouble == []


def test_declined_card_then_one_that_the_bank_asks_about(person: Person, shop: dict[str, str]) -> None:
    """A sentence for the first, a page for the second."""
    person.go(shop["checkout"])
    person.click("Visa ·· 0002 (declined)")
    person.fill(email="ada@example.com")
    person.click("Subscribe")
    assert "Your card was declined." in person.text
    person.fill(card_number="4000 0000 0000 3220")
    person.click("Subscribe")
    assert "3D Secure test page" in person.text
    person.click("Fail authentication")
    assert "We are unable to authenticate your payment method." in person.text
    person.fill(card_number="4000 0000 0000 3220", card_expiry="12/34", card_cvc="123")
    person.click("Subscribe")
    person.click("Complete authentication")
    assert person.window.evaluate("location.search") == f"?session={shop['session']}"


def test_portal_changes_switches_and_cancels(person: Person, shop: dict[str, str], client: stripe.StripeClient) -> None:
    """Another quantity, another plan, the end, and back again."""
    person.go(shop["portal"])
    person.click("Update plan")
    person.fill(quantity="7")
    person.click("Continue")
    person.click("Confirm")
    assert "7 × $12.00 per month" in person.text
    person.click("Update plan")
    person.window.evaluate("document.querySelectorAll('[name=price]')[1].click()")
    person.click("Continue")
    person.click("Confirm")
    assert "7 × $120.00 per year" in person.text
    person.click("Cancel plan")
    person.click("Cancel plan")
    assert client.v1.subscriptions.retrieve(shop["subscription"]).cancel_at_period_end
    person.click("Renew plan")
    assert not client.v1.subscriptions.retrieve(shop["subscription"]).cancel_at_period_end
    assert person.trouble == []


def test_dashboard_follows_what_happens(person: Person, shop: dict[str, str], client: stripe.StripeClient) -> None:
    """A request of somebody else appears without a hand; a page in which somebody types stays."""
    person.go(shop["requests"])
    client.v1.products.create({"name": "Seen"})
    seen = "document.querySelector('main').innerText.split('POST /v1/products').length"
    before = person.window.evaluate(seen)
    waits = f"new Promise(seen => new MutationObserver(() => {seen} > {before} && seen(true)).observe"
    client.v1.products.create({"name": "Seen again"})
    assert person.window.evaluate(f"{seen} > {before} || {waits}(document.body, {{childList: true, subtree: true}}))")
    assert person.window.evaluate("document.getElementById('live').checkVisibility()")
    assert person.trouble == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_can_be_told_from_its_ground(person: Person, shop: dict[str, str], scheme: str) -> None:
    """On every page, at least the contrast of 4.5 that accessibility guidelines ask for."""
    person.window.look(scheme=scheme)
    for name in PAGES:
        person.go(shop[name])
        found = person.window.evaluate(CONTRASTS)
        assert found["dark"] is (scheme == "dark")
        assert found["checked"] > 8, name
        assert found["weak"] == [], name
    assert person.trouble == []


@pytest.mark.parametrize("width", [320, 768])
def test_narrow_screens_show_everything(person: Person, shop: dict[str, str], width: int) -> None:
    """Nothing is wider than the screen, except what scrolls by itself."""
    person.window.look(width=width)
    for name in PAGES:
        person.go(shop[name])
        assert person.window.evaluate(_WIDE) == {"page": 0, "wide": []}, name


def test_every_field_has_a_label_and_the_keyboard_is_enough(person: Person, shop: dict[str, str]) -> None:
    """Each field says what it is; the focus can be seen, and Enter in the form pays."""
    for name in PAGES:
        person.go(shop[name])
        assert person.window.evaluate(_UNLABELLED) == [], name
    person.go(shop["checkout"])
    person.fill(email="a@b.example", card_number="4242424242424242", card_expiry="12/34")
    person.window.evaluate("document.getElementById('card_expiry').focus()")
    person.window.press(*TAB)
    assert person.window.evaluate("document.activeElement.id") == "card_cvc"
    assert person.window.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    person.fill(card_cvc="123")
    person.window.press_through(*ENTER)
    assert person.window.evaluate("location.search") == f"?session={shop['session']}"


_WIDE = """(() => {
  const edge = document.documentElement.clientWidth;
  const wide = [...document.querySelectorAll('body *')]
    .filter(one => one.checkVisibility() && !one.closest('.scroll table') && !one.matches('.skip, .first, .hidden'))
    .filter(one => one.getBoundingClientRect().right > edge + 0.5).map(one => one.outerHTML.slice(0, 60));
  return {page: document.documentElement.scrollWidth - edge, wide};
})()"""
_UNLABELLED = """[...document.querySelectorAll('input:not([type=hidden]), select, textarea')]
  .filter(one => !one.labels.length).map(one => one.name)"""
