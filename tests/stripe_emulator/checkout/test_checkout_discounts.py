"""Discounts of checkout sessions: given by the integration, or typed in on the page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import stripe

from tests.stripe_emulator.checkout.checkouts import one_time, open_session
from tests.stripe_emulator.pages.visitor import Visitor

if TYPE_CHECKING:
    from stripe_emulator import EmulatorClient

CARD = {"card_number": "4242424242424242", "card_expiry": "12 / 34", "card_cvc": "123"}


@pytest.fixture
def quarter(client: stripe.StripeClient) -> stripe.Coupon:
    """A quarter off, once."""
    return client.v1.coupons.create({"percent_off": 25, "duration": "once"})


@pytest.fixture
def code(client: stripe.StripeClient, quarter: stripe.Coupon) -> stripe.PromotionCode:
    """What customers type for it."""
    promotion: Any = {"type": "coupon", "coupon": quarter.id}
    return client.v1.promotion_codes.create({"promotion": promotion, "code": "QUARTER"})


def _lines(client: stripe.StripeClient, session: str) -> list[tuple[int, int, int]]:
    found = client.v1.checkout.sessions.line_items.list(session).data
    return [(one.amount_subtotal, one.amount_discount, one.amount_total) for one in found]


@pytest.mark.belief("a session's discount stands in its lines and sums, and is redeemed when somebody pays", "D")
def test_given_discount_counts(
    client: stripe.StripeClient, seat: stripe.Price, quarter: stripe.Coupon, stripe_emulator: EmulatorClient
) -> None:
    """A quarter off 3 × 12.00 is 9.00: on the line, in the sum, and on the first invoice."""
    session = open_session(client, {"price": seat.id, "quantity": 3}, discounts=[{"coupon": quarter.id}])
    shown = session.to_dict()
    assert (shown["amount_subtotal"], shown["amount_total"]) == (3600, 2700)
    assert shown["total_details"]["amount_discount"] == 900
    assert shown["discounts"] == [{"coupon": quarter.id, "promotion_code": None}]
    assert _lines(client, session.id) == [(3600, 900, 2700)]
    assert client.v1.coupons.retrieve(quarter.id).times_redeemed == 0
    done = stripe_emulator.complete_checkout(session.id)
    invoice = client.v1.invoices.retrieve(done["invoice"])
    assert (invoice.total, invoice.amount_paid, invoice.status) == (2700, 2700, "paid")
    assert client.v1.coupons.retrieve(quarter.id).times_redeemed == 1


def test_amount_off_is_shared_to_the_cent(
    client: stripe.StripeClient, product: stripe.Product, seat: stripe.Price
) -> None:
    """10.00 off 12.00 and 5.00: 7.06 and 2.94; only one product: all of it from there; never below nothing."""
    coupon = client.v1.coupons.create({"amount_off": 1000, "currency": "usd", "duration": "once"})
    once = one_time(client, product)
    session = open_session(client, seat, once, discounts=[{"coupon": coupon.id}])
    assert _lines(client, session.id) == [(1200, 706, 494), (500, 294, 206)]
    other = one_time(client, client.v1.products.create({"name": "Other"}), 700)
    applies: Any = {"products": [other.product]}
    coupon = client.v1.coupons.create(
        {"amount_off": 1000, "currency": "usd", "duration": "once", "applies_to": applies}
    )
    session = open_session(client, seat, other, discounts=[{"coupon": coupon.id}])
    assert _lines(client, session.id) == [(1200, 0, 1200), (700, 700, 0)]


@pytest.mark.belief("a customer types a promotion code where the session takes them", "D")
def test_typed_code_counts(
    client: stripe.StripeClient,
    product: stripe.Product,
    code: stripe.PromotionCode,
    stripe_emulator: EmulatorClient,
) -> None:
    """Whatever its case; the session names it afterwards, and it is redeemed."""
    session = open_session(client, one_time(client, product, 1000), mode="payment", allow_promotion_codes=True)
    done = stripe_emulator.complete_checkout(session.id, promotion_code="quarter")
    assert done["amount_total"] == 750
    assert done["discounts"] == [{"coupon": None, "promotion_code": code.id}]
    assert client.v1.payment_intents.retrieve(done["payment_intent"]).amount == 750
    assert client.v1.promotion_codes.retrieve(code.id).times_redeemed == 1


def test_code_on_the_page(client: stripe.StripeClient, seat: stripe.Price, code: stripe.PromotionCode) -> None:
    """A wrong code has its sentence, a right one its line, and can be removed again."""
    session = open_session(client, seat, allow_promotion_codes=True)
    page = Visitor(session.url)
    page.press("Apply", promotion_code="NOPE")
    assert (page.status, "This code is invalid." in page.text) == (400, True)
    page.press("Apply", promotion_code="QUARTER")
    assert "Discount (QUARTER) -$3.00" in page.text
    assert "Total due today $9.00" in page.text
    page.press("Remove code QUARTER")
    assert "Total due today $12.00" in page.text
    page.press("Continue", promotion_code="QUARTER")  # the Enter key
    page.press("Subscribe", **CARD, email="a@b.example")
    assert client.v1.checkout.sessions.retrieve(session.id).amount_total == 900


def test_whole_discount_needs_no_payment(
    client: stripe.StripeClient, product: stripe.Product, stripe_emulator: EmulatorClient
) -> None:
    """Where nothing is left to pay, nothing is paid."""
    free = client.v1.coupons.create({"percent_off": 100, "duration": "once"})
    session = open_session(client, one_time(client, product), mode="payment", discounts=[{"coupon": free.id}])
    done = stripe_emulator.complete_checkout(session.id)
    assert (done["payment_status"], done["payment_intent"], done["amount_total"]) == ("no_payment_required", None, 0)
    assert client.v1.coupons.retrieve(free.id).times_redeemed == 1


@pytest.mark.belief("allow_promotion_codes and discounts exclude each other, and one discount is the most", "S")
def test_bad_discounts_are_refused(
    client: stripe.StripeClient, seat: stripe.Price, quarter: stripe.Coupon, stripe_emulator: EmulatorClient
) -> None:
    """Both ways at once, two discounts, none that exists, one of another currency, one that is used up."""
    euros = client.v1.coupons.create({"amount_off": 100, "currency": "eur", "duration": "once"})
    used = client.v1.coupons.create({"percent_off": 5, "duration": "once", "max_redemptions": 1})
    stripe_emulator.complete_checkout(open_session(client, seat, discounts=[{"coupon": used.id}]).id)
    one = {"coupon": quarter.id}
    for params, words in (
        ({"discounts": [one], "allow_promotion_codes": True}, "You may only specify one of these parameters"),
        ({"discounts": [one, one]}, "at most one discount"),
        ({"discounts": [{**one, "promotion_code": "promo_1"}]}, "You may only specify one of these parameters"),
        ({"discounts": [{"coupon": "NOPE"}]}, "No such coupon: 'NOPE'"),
        ({"discounts": [{"coupon": euros.id}]}, "eur"),
        ({"discounts": [{"coupon": used.id}]}, "used up"),
    ):
        with pytest.raises(stripe.InvalidRequestError, match=words):
            open_session(client, seat, **params)
    with pytest.raises(ValueError, match="does not take promotion codes"):
        stripe_emulator.complete_checkout(open_session(client, seat).id, promotion_code="X")


def test_minimum_of_a_code_is_asked_for(
    client: stripe.StripeClient, seat: stripe.Price, quarter: stripe.Coupon, stripe_emulator: EmulatorClient
) -> None:
    """A code for purchases of 20.00 works for two seats, and not for one."""
    restrictions: Any = {"minimum_amount": 2000, "minimum_amount_currency": "usd"}
    promotion: Any = {"type": "coupon", "coupon": quarter.id}
    client.v1.promotion_codes.create({"promotion": promotion, "code": "BIG", "restrictions": restrictions})
    item = {"price": seat.id, "quantity": 1, "adjustable_quantity": {"enabled": True}}
    session = open_session(client, item, allow_promotion_codes=True)
    with pytest.raises(ValueError, match="below its minimum amount"):
        stripe_emulator.complete_checkout(session.id, promotion_code="BIG")
    assert (
        stripe_emulator.complete_checkout(session.id, promotion_code="BIG", quantities={0: 2})["amount_total"] == 1800
    )
