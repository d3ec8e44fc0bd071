"""The hosted invoice page without a browser: what was billed, and paying it."""

from __future__ import annotations

import http.client
from contextlib import closing
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
import stripe

from tests.stripe_emulator.pages.visitor import Visitor
from tests.stripe_emulator.portal.portals import allow, open_portal

if TYPE_CHECKING:
    from stripe_emulator import EmulatorClient

CARD = {"card_number": "4242424242424242", "card_expiry": "12 / 34", "card_cvc": "123"}


@pytest.fixture
def billed(client: stripe.StripeClient, seat: stripe.Price, stripe_emulator: EmulatorClient) -> stripe.Invoice:
    """An open invoice of 3 × 12.00, less a sixth, to be paid within a month."""
    stripe_emulator.clock.set("2026-01-31T12:00:00Z")
    customer = client.v1.customers.create({"name": "Ada <b>Lovelace</b>"})
    coupon = client.v1.coupons.create({"amount_off": 600, "currency": "usd", "duration": "once"})
    asked: Any = {
        "customer": customer.id,
        "items": [{"price": seat.id, "quantity": 3}],
        "collection_method": "send_invoice",
        "days_until_due": 30,
        "discounts": [{"coupon": coupon.id}],
    }
    subscription = client.v1.subscriptions.create(asked)
    invoice = client.v1.invoices.retrieve(str(subscription.latest_invoice))
    return client.v1.invoices.finalize_invoice(invoice.id) if invoice.status == "draft" else invoice


@pytest.mark.belief("a finalized invoice has a hosted page on which its customer can pay it", "D")
def test_invoice_is_shown_and_paid(client: stripe.StripeClient, billed: stripe.Invoice) -> None:
    """Lines, sums, dates; afterwards it is paid, and the card is the customer's."""
    page = Visitor(str(billed.hosted_invoice_url))
    assert page.status == 200
    assert f"Invoice {billed.number} open $30.00 due" in page.text
    assert "31 January 2026 – 28 February 2026" in page.text
    assert "Subtotal $36.00 Discounts -$6.00 Total $30.00 Amount due $30.00" in page.text
    assert "Billed to Ada <b>Lovelace</b>" in page.text
    assert "<b>" not in page.html
    assert "Due 2 March 2026" in page.text
    page.press("Pay $30.00", **CARD)
    assert "paid $30.00" in page.text
    assert "Paid 31 January 2026" in page.text
    assert page.buttons() == []
    paid = client.v1.invoices.retrieve(billed.id)
    assert (paid.status, paid.amount_paid) == ("paid", 3000)
    assert len(client.v1.payment_methods.list({"customer": str(billed.customer)}).data) == 1


def test_bad_cards_have_their_sentences(client: stripe.StripeClient, billed: stripe.Invoice) -> None:
    """A typing error, a declined card, and a filled-in one that works."""
    page = Visitor(str(billed.hosted_invoice_url))
    page.press("Pay $30.00", **{**CARD, "card_cvc": "1"})
    assert "security code is incomplete" in page.text
    page.press("Pay $30.00", **{**CARD, "card_number": "4000000000009995"})
    assert (page.status, "Your card has insufficient funds." in page.text) == (400, True)
    page.press("Visa ·· 0341 (declined later)")
    page.press("Pay $30.00")
    assert (page.status, "Your card was declined." in page.text) == (400, True)
    page.press("Visa ·· 4242")
    page.press("Pay $30.00")
    assert client.v1.invoices.retrieve(billed.id).status == "paid"


def test_bank_asks(client: stripe.StripeClient, billed: stripe.Invoice) -> None:
    """A failed answer leads back, a good one pays."""
    page = Visitor(str(billed.hosted_invoice_url))
    for answer, status in (("Fail authentication", "open"), ("Complete authentication", "paid")):
        page.press("Pay $30.00", **{**CARD, "card_number": "4000000000003220"})
        page.press(answer)
        assert client.v1.invoices.retrieve(billed.id).status == status
    assert page.status == 200
    page.go(f"{billed.hosted_invoice_url}/authenticate")
    assert page.url == billed.hosted_invoice_url


def test_portal_leads_to_it(client: stripe.StripeClient, billed: stripe.Invoice) -> None:
    """The invoice history shows number, amount and status, and leads to the page; a test pays without it."""
    allow(client, invoice_history={"enabled": True})
    page = Visitor(open_portal(client, str(billed.customer)).url)
    assert f"31 January 2026 $30.00 open {billed.number}" in page.text
    page.click("31 January 2026")
    assert page.url == billed.hosted_invoice_url


def test_drafts_and_strangers_have_no_page(client: stripe.StripeClient, billed: stripe.Invoice) -> None:
    """A draft, an unknown invoice, and another account's address."""
    customer = client.v1.customers.create()
    draft = client.v1.invoices.create({"customer": customer.id})
    host = str(billed.hosted_invoice_url).partition("/i/")[0]
    for path in (f"acct_emulator/{draft.id}", "acct_emulator/in_none", f"acct_other/{billed.id}"):
        assert Visitor(f"{host}/i/{path}").status == 404


def test_invoice_is_a_file_as_well(client: stripe.StripeClient, billed: stripe.Invoice) -> None:
    """The PDF has number, lines and sums, and says at its end where its parts begin."""
    address = urlsplit(str(billed.invoice_pdf))
    with closing(http.client.HTTPConnection(address.netloc)) as connection:
        connection.request("GET", address.path)
        answer = connection.getresponse()
        content = answer.read()
    assert answer.headers["Content-Type"] == "application/pdf"
    text = content.decode("cp1252")
    assert f"(Invoice {billed.number}) Tj" in text
    assert "(Total: $30.00) Tj" in text
    start = int(text.rsplit("startxref\n", 1)[1].split()[0])
    assert content[start : start + 4] == b"xref"
    for number, line in enumerate(text[start:].splitlines()[3:8], start=1):
        assert content[int(line.split()[0]) :].startswith(f"{number} 0 obj".encode())
