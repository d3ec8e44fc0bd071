"""Hosted checkout without a browser and without a script: what people read, type and press."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import stripe

from tests.stripe_emulator.checkout.checkouts import one_time, open_session
from tests.stripe_emulator.pages.visitor import Visitor

if TYPE_CHECKING:
    from stripe_emulator import EmulatorClient

NOON = 1_769_860_800
BACK = "https://app.example.com/done?session={CHECKOUT_SESSION_ID}"
CARD = {"card_number": "4242 4242 4242 4242", "card_expiry": "12 / 34", "card_cvc": "123"}
THREE_D = {**CARD, "card_number": "4000000000003220"}
DECLINED = {**CARD, "card_number": "4000000000000002"}


def _open(client: stripe.StripeClient, *items: Any, **params: Any) -> tuple[Any, Visitor]:
    session = open_session(client, *items, **{"success_url": BACK, **params})
    return session, Visitor(session.url)


def test_page_shows_what_is_sold(client: stripe.StripeClient, seat: stripe.Price, usage: stripe.Price) -> None:
    """Items with amounts, the sum, the rhythm, a way back, and the headers of a page that trusts nobody."""
    _, page = _open(
        client, {"price": seat.id, "quantity": 3}, {"price": usage.id}, cancel_url="https://app.example.com/no"
    )
    assert page.status == 200
    assert "Subscribe $36.00 per month" in page.text
    assert "3 × $12.00 per month" in page.text
    assert "$0.04 for 1,000 per month, by usage" in page.text
    assert "Total due today $36.00" in page.text
    assert ("← Back", "https://app.example.com/no") in page.read.links
    policy = page.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; style-src 'self'; script-src 'self'")
    assert "unsafe" not in policy
    assert page.headers["X-Content-Type-Options"] == "nosniff"


def test_subscribe_with_a_test_card(client: stripe.StripeClient, seat: stripe.Price) -> None:
    """The card is filled in by a button; afterwards the customer is where the integration wanted."""
    session, page = _open(client, seat)
    page.press("Visa ·· 4242", email="ada@example.com")
    page.press("Subscribe")
    assert page.url == f"https://app.example.com/done?session={session.id}"
    assert page.status == 303
    done = client.v1.checkout.sessions.retrieve(session.id, {"expand": ["subscription.default_payment_method"]})
    shown = done.to_dict()
    assert (done.status, done.payment_status) == ("complete", "paid")
    assert shown["customer_details"]["email"] == "ada@example.com"
    assert shown["subscription"]["status"] == "active"
    assert shown["subscription"]["default_payment_method"]["card"]["last4"] == "4242"


def test_typed_card_is_kept_with_its_expiry(client: stripe.StripeClient, seat: stripe.Price) -> None:
    """What was typed is what is saved."""
    session, page = _open(client, seat, customer_email="ada@example.com")
    page.press("Subscribe", **{**CARD, "card_number": "5555-5555-5555-4444", "name_on_card": "Ada"})
    done = client.v1.checkout.sessions.retrieve(session.id, {"expand": ["subscription.default_payment_method"]})
    method = done.to_dict()["subscription"]["default_payment_method"]
    assert (method["card"]["brand"], method["card"]["exp_month"], method["card"]["exp_year"]) == (
        "mastercard",
        12,
        2034,
    )
    assert method["billing_details"]["name"] == "Ada"


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"card_number": "4242"}, "Your card number is incomplete."),
        ({"card_number": "4242 4242 4242 4241"}, "Your card number is invalid."),
        ({"card_number": "4012 8888 8888 1881"}, "used a non test card"),
        ({"card_number": "٤٢٤٢٤٢٤٢٤٢٤٢٤٢٤٢"}, "Your card number is incomplete."),
        ({"card_expiry": "13 / 34"}, "expiration date is incomplete"),
        ({"card_expiry": "01/26"}, "expiration date is in the past"),
        ({"card_cvc": "12"}, "security code is incomplete"),
        ({"card_number": "378282246310005", "card_cvc": "123"}, "security code is incomplete"),
        ({"email": "ada"}, "Your email is incomplete."),
        ({"email": ""}, "Enter your email."),
    ],
)
def test_each_field_is_checked(
    client: stripe.StripeClient,
    seat: stripe.Price,
    stripe_emulator: EmulatorClient,
    fields: dict[str, str],
    sentence: str,
) -> None:
    """One sentence beside the field, and everything that was typed is still there."""
    stripe_emulator.clock.set("2026-02-01T00:00:00Z")
    session, page = _open(client, seat)
    page.press("Subscribe", **{**CARD, "email": "ada@example.com", **fields})
    assert page.status == 400
    assert sentence in page.text
    wrong = [given for tag, given in page.read.tags if tag == "input" and given.get("aria-invalid")]
    assert [one["name"] for one in wrong] == [next(reversed(fields))]
    assert f'id="{wrong[0]["aria-describedby"]}"' in page.html
    assert dict(page.read.forms[0].fields)["card_number"] == fields.get("card_number", CARD["card_number"])
    assert client.v1.checkout.sessions.retrieve(session.id).status == "open"


def test_declined_card_says_so(client: stripe.StripeClient, seat: stripe.Price) -> None:
    """Stripe's sentence, nothing left behind, and another card may follow."""
    session, page = _open(client, seat, customer_email="ada@example.com")
    page.press("Subscribe", **DECLINED)
    assert "Your card was declined." in page.text
    assert not client.v1.customers.list().data
    page.press("Subscribe", **CARD)
    assert page.url.endswith(session.id)


def test_bank_asks(client: stripe.StripeClient, seat: stripe.Price) -> None:
    """3D Secure has a page of its own; a failure leads back, an answer leads on."""
    session, page = _open(client, {"price": seat.id, "quantity": 1, "adjustable_quantity": {"enabled": True}})
    page.press("Subscribe", **THREE_D, email="ada@example.com", quantity__0=4, shown="$48.00")
    assert page.buttons() == ["Complete authentication", "Fail authentication"]
    page.press("Fail authentication")
    assert "We are unable to authenticate your payment method." in page.text
    assert dict(page.read.forms[0].fields)["quantity-0"] == "4"
    page.press("Subscribe", **THREE_D)
    page.press("Complete authentication")
    assert page.url.endswith(session.id)
    done = client.v1.checkout.sessions.retrieve(session.id, {"expand": ["subscription"]}).to_dict()
    assert (done["amount_total"], done["subscription"]["status"]) == (4800, "active")
    page.go(f"{session.url}/authenticate")
    assert "You have completed this page already." in page.text


def test_quantity_is_stepped_and_typed(client: stripe.StripeClient, seat: stripe.Price) -> None:
    """Buttons step within the bounds; what is typed beyond them is taken back with a word."""
    bounds = {"enabled": True, "minimum": 1, "maximum": 3}
    session, page = _open(client, {"price": seat.id, "quantity": 2, "adjustable_quantity": bounds})
    for _ in range(3):
        page.press("One more of Team")
    assert "Total due today $36.00" in page.text
    page.press("Update amounts", quantity__0=9)
    assert "between the adjustable minimum (1) and maximum (3)" in page.text
    assert "Total due today $24.00" in page.text
    page.press("One less of Team")
    page.press("Subscribe", **CARD, email="a@b.example")
    assert client.v1.checkout.sessions.retrieve(session.id).amount_total == 1200


def test_total_that_was_not_seen_is_shown_first(client: stripe.StripeClient, seat: stripe.Price) -> None:
    """Nobody pays a sum that the page did not show before."""
    session, page = _open(client, {"price": seat.id, "quantity": 2, "adjustable_quantity": {"enabled": True}})
    page.press("Subscribe", **CARD, email="a@b.example", quantity__0=9)
    assert "The total is $108.00 now. Please check it before you go on." in page.text
    page.press("Subscribe")
    assert client.v1.checkout.sessions.retrieve(session.id).amount_total == 10800


def test_option_is_added(client: stripe.StripeClient, seat: stripe.Price, product: stripe.Product) -> None:
    """An optional item is ticked."""
    options: Any = [{"price": one_time(client, product).id, "quantity": 1}]
    session, page = _open(client, seat, optional_items=options)
    page.press("Update amounts", optional__0=1)
    page.press("Subscribe", **CARD, email="a@b.example")
    assert client.v1.checkout.sessions.retrieve(session.id).amount_total == 1700


def test_trial_is_explained(client: stripe.StripeClient, seat: stripe.Price, stripe_emulator: EmulatorClient) -> None:
    """How long it is free, what it costs then and from when; without a card if none is required."""
    stripe_emulator.clock.set(NOON)
    trial = {"trial_period_days": 14}
    session, page = _open(
        client, {"price": seat.id, "quantity": 2}, subscription_data=trial, payment_method_collection="if_required"
    )
    assert "14 days free, then 2 × $12.00 per month from 14 February 2026" in page.text
    assert "Card number" not in page.text
    page.press("Start trial", email="a@b.example")
    done = client.v1.checkout.sessions.retrieve(session.id, {"expand": ["subscription"]}).to_dict()
    assert done["subscription"]["status"] == "trialing"


def test_payment_and_setup_have_their_own_words(
    client: stripe.StripeClient, product: stripe.Product, payer: stripe.Customer
) -> None:
    """A payment names its sum, a setup sells nothing."""
    _, page = _open(client, one_time(client, product), mode="payment", submit_type="donate")
    assert page.buttons()[-1] == "Donate $5.00"
    asked: Any = {"mode": "setup", "currency": "usd", "success_url": BACK, "customer": payer.id}
    session = client.v1.checkout.sessions.create(asked)
    page = Visitor(session.url or "")
    assert "Total" not in page.text
    page.press("Save card", **CARD, email="x@y.example")
    assert len(client.v1.payment_methods.list({"customer": payer.id}).data) == 2


def test_closed_pages_say_so(client: stripe.StripeClient, seat: stripe.Price) -> None:
    """A completed page, an expired one with the way back, and none at all."""
    session, page = _open(client, seat, cancel_url="https://app.example.com/no")
    client.v1.checkout.sessions.expire(session.id)
    page.press("Subscribe", **CARD)
    assert (page.status, page.read.links) == (410, [("Go back", "https://app.example.com/no")])
    assert "This page has expired" in page.text
    page.go("/c/pay/cs_test_none")
    assert page.status == 404
    assert "No account has a checkout session cs_test_none." in page.text
    other, page = _open(client, seat)
    page.press("Subscribe", **CARD, email="a@b.example")
    page.go(other.url)
    assert page.read.links == [("Continue", f"https://app.example.com/done?session={other.id}")]


def test_recovery_link_leads_to_a_new_page(client: stripe.StripeClient, seat: stripe.Price) -> None:
    """The link of an expired session opens a page that can be paid."""
    session, page = _open(client, seat, after_expiration={"recovery": {"enabled": True}})
    page.go(f"/c/recover/{session.id}")
    assert page.status == 400
    client.v1.checkout.sessions.expire(session.id)
    page.go(f"/c/recover/{session.id}")
    assert "Subscribe $12.00" in page.text
    assert session.id not in page.url


def test_hostile_names_are_shown_as_they_are(client: stripe.StripeClient) -> None:
    """Nothing that a name contains becomes part of the page."""
    hostile = "\"'><script>alert(1)</script>{{ 7*7 }}"
    product = client.v1.products.create({"name": hostile})
    recurring: Any = {"interval": "month"}
    price = client.v1.prices.create(
        {"product": product.id, "currency": "usd", "unit_amount": 1, "recurring": recurring}
    )
    item = {"price": price.id, "quantity": 1, "adjustable_quantity": {"enabled": True}}
    _, page = _open(client, item)
    page.press("Update amounts", email=hostile, card_number=hostile)
    assert "<script>" not in page.html
    assert hostile in page.text
    assert dict(page.read.forms[0].fields)["email"] == hostile
    assert not [tag for tag, _ in page.read.tags if tag == "script"]


def test_forms_of_other_sites_are_ignored(client: stripe.StripeClient, seat: stripe.Price) -> None:
    """A browser that says it comes from elsewhere is refused; from here it is heard."""
    session, page = _open(client, seat)
    page._ask("POST", session.url, "action=update", Origin="https://evil.example")
    assert page.status == 403
    page._ask("POST", session.url, "action=update", Origin=session.url.partition("/c/")[0])
    assert page.status == 200


def test_embedded_session_without_return_thanks(client: stripe.StripeClient, seat: stripe.Price) -> None:
    """Where the integration names no address, the page itself says that it worked."""
    asked: Any = {"ui_mode": "embedded_page", "redirect_on_completion": "never", "success_url": None}
    session = open_session(client, seat, **asked)
    host = Visitor(open_session(client, seat).url).url.partition("/c/")[0]
    page = Visitor(f"{host}/c/pay/{session.id}/thanks")
    page.press("Subscribe", **CARD, email="a@b.example")
    assert "Your payment went through." in page.text


def test_bank_account_is_chosen_instead_of_a_card(client: stripe.StripeClient, product: stripe.Product) -> None:
    """Where the session takes one; the payment is on its way afterwards."""
    types = ["card", "us_bank_account"]
    session, page = _open(client, one_time(client, product), mode="payment", allowed_payment_method_types=types)
    page.press("Bank account ·· 6789 (arrives in days)", email="a@b.example")
    page.press("Use a card instead")
    assert "Card number" in page.text
    page.press("Bank account ·· 6789 (arrives in days)")
    page.press("Pay $5.00")
    assert page.url.endswith(session.id)
    assert client.v1.checkout.sessions.retrieve(session.id).payment_status == "unpaid"
