"""Promotion codes, through the official client."""

from __future__ import annotations

from typing import Any

import pytest
import stripe

from stripe_emulator import EmulatorClient
from tests.stripe_emulator.answers import body

NOW = 1_700_000_000


@pytest.fixture(autouse=True)
def _still(stripe_emulator: EmulatorClient) -> None:
    """Let time stand still."""
    stripe_emulator.clock.set(NOW)


@pytest.fixture
def coupon(client: stripe.StripeClient) -> stripe.Coupon:
    """Return a coupon that can be redeemed ten times within a day."""
    return client.v1.coupons.create({"percent_off": 25, "max_redemptions": 10, "redeem_by": NOW + 86400})


def of(coupon: stripe.Coupon, /, **change: Any) -> Any:
    """Return the parameters of a code."""
    return {"promotion": {"type": "coupon", "coupon": coupon.id}, **change}


def test_code_is_shown_as_stripe_shows_it(client: stripe.StripeClient, coupon: stripe.Coupon) -> None:
    """The coupon stands in the promotion; minimums in other currencies must be expanded."""
    code = client.v1.promotion_codes.create(of(coupon, code="Summer-26"))
    assert body(code) == {
        "id": code.id, "object": "promotion_code", "livemode": False, "active": True, "code": "Summer-26",
        "created": NOW, "customer": None, "customer_account": None, "expires_at": None, "max_redemptions": None,
        "metadata": {}, "promotion": {"coupon": coupon.id, "type": "coupon"}, "times_redeemed": 0,
        "restrictions": {
            "first_time_transaction": False, "minimum_amount": None, "minimum_amount_currency": None,
        },
    }  # fmt: skip


def test_code_is_made_up_if_none_is_chosen(client: stripe.StripeClient, coupon: stripe.Coupon) -> None:
    """Eight capital letters and digits."""
    code = client.v1.promotion_codes.create(of(coupon)).code
    assert (len(code), code.isalnum(), code) == (8, True, code.upper())


def test_coupon_can_be_expanded(client: stripe.StripeClient, coupon: stripe.Coupon) -> None:
    """Also when it has been deleted since."""
    code = client.v1.promotion_codes.create(of(coupon, expand=["promotion.coupon"]))
    assert body(code)["promotion"]["coupon"]["percent_off"] == 25
    client.v1.coupons.delete(coupon.id)
    gone = body(client.v1.promotion_codes.retrieve(code.id, {"expand": ["promotion.coupon"]}))
    assert (gone["promotion"]["coupon"]["deleted"], gone["active"]) == (True, False)


@pytest.mark.belief("a promotion code's text is unique among active codes, whatever its case", "R")
@pytest.mark.parametrize("second", ["SUMMER", "summer", "sUmMeR"])
def test_active_code_is_taken(client: stripe.StripeClient, coupon: stripe.Coupon, second: str) -> None:
    """Upper and lower case are one."""
    client.v1.promotion_codes.create(of(coupon, code="Summer"))
    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.v1.promotion_codes.create(of(coupon, code=second))
    assert refused.value.user_message == f"An active promotion code with `code: {second}` already exists."
    assert (refused.value.http_status, refused.value.code, refused.value.param) == (400, None, None)


def test_inactive_code_is_free(client: stripe.StripeClient, coupon: stripe.Coupon) -> None:
    """A code that was switched off can be had anew, and then not be switched on again."""
    old = client.v1.promotion_codes.create(of(coupon, code="SUMMER"))
    client.v1.promotion_codes.update(old.id, {"active": False})
    new = client.v1.promotion_codes.create(of(coupon, code="SUMMER"))
    assert new.id != old.id
    with pytest.raises(stripe.InvalidRequestError, match="already exists"):
        client.v1.promotion_codes.update(old.id, {"active": True})


def test_code_can_be_switched_off_and_on(client: stripe.StripeClient, coupon: stripe.Coupon) -> None:
    """As long as nobody else has it."""
    code = client.v1.promotion_codes.create(of(coupon))
    assert client.v1.promotion_codes.update(code.id, {"active": False}).active is False
    assert client.v1.promotion_codes.update(code.id, {"active": True}).active is True


@pytest.mark.belief("two customers can have the same code of their own", "D")
def test_code_of_one_customer_leaves_it_to_others(client: stripe.StripeClient, coupon: stripe.Coupon) -> None:
    """Two customers can have the same code, all customers and one of them cannot."""
    one, two = (client.v1.customers.create({}).id for _ in range(2))
    for customer in (one, two):
        client.v1.promotion_codes.create(of(coupon, code="VIP", customer=customer))
    for again in ({"customer": one}, {}):
        with pytest.raises(stripe.InvalidRequestError, match="already exists"):
            client.v1.promotion_codes.create(of(coupon, code="VIP", **again))


@pytest.mark.belief("a code lasts no longer than its coupon, and is redeemed no more often (words: M)", "S")
@pytest.mark.parametrize(
    ("change", "param", "words"),
    [
        (
            {"promotion": {"type": "coupon"}},
            "promotion.coupon",
            "You must pass promotion.coupon when passing promotion",
        ),
        ({"promotion": {"type": "coupon", "coupon": "NO"}}, "promotion[coupon]", "No such coupon: 'NO'"),
        ({"promotion": {"coupon": "NO"}}, "promotion[type]", "Missing required param"),
        ({"coupon": "NO"}, "coupon", "Received unknown parameter: coupon"),
        ({"code": "has spaces"}, "code", "must match the regex pattern"),
        ({"code": "x" * 501}, "code", "at most 500"),
        ({"expires_at": 1000}, "expires_at", "in the past"),
        ({"expires_at": NOW + 6 * 31_536_000}, "expires_at", "no more than five years"),
        ({"expires_at": NOW + 86401}, "expires_at", "cannot exceed its coupon's `redeem_by`"),
        ({"max_redemptions": 0}, "max_redemptions", "positive"),
        ({"max_redemptions": 11}, "max_redemptions", "cannot exceed its coupon's `max_redemptions`"),
        ({"customer": "cus_nope"}, "customer", "No such customer: 'cus_nope'"),
        ({"restrictions": {"minimum_amount": 5}}, "restrictions[minimum_amount_currency]", "set together"),
        ({"restrictions": {"minimum_amount_currency": "usd"}}, "restrictions[minimum_amount]", "set together"),
    ],
)
def test_bad_code_is_refused(
    client: stripe.StripeClient, coupon: stripe.Coupon, change: Any, param: str, words: str
) -> None:
    """A code is for an existing coupon, and no wider than it."""
    with pytest.raises(stripe.InvalidRequestError, match=words) as refused:
        client.v1.promotion_codes.create(of(coupon, **change))
    assert (refused.value.http_status, refused.value.param) == (400, param)


@pytest.mark.belief("minimums of a code in other currencies show only when expanded", "I")
def test_minimums_are_shown_when_expanded(client: stripe.StripeClient, coupon: stripe.Coupon) -> None:
    """In the code's own currency always, in the others on request; others can be added later."""
    minimum = {"minimum_amount": 1000, "minimum_amount_currency": "USD"}
    code = client.v1.promotion_codes.create(
        of(
            coupon,
            restrictions={
                **minimum,
                "first_time_transaction": True,
                "currency_options": {"eur": {"minimum_amount": 900}},
            },
        )
    )
    change: Any = {"restrictions": {"currency_options": {"chf": {"minimum_amount": 950}}}}
    client.v1.promotion_codes.update(code.id, change)
    shown = body(client.v1.promotion_codes.retrieve(code.id, {"expand": ["restrictions.currency_options"]}))
    assert shown["restrictions"] == {
        "first_time_transaction": True, "minimum_amount": 1000, "minimum_amount_currency": "usd",
        "currency_options": {"eur": {"minimum_amount": 900}, "chf": {"minimum_amount": 950}},
    }  # fmt: skip


@pytest.mark.parametrize(
    ("options", "param"),
    [
        ({"usd": {"minimum_amount": 5}}, "restrictions[currency_options][usd]"),
        ({"EUR": {"minimum_amount": 5}}, "currency_options"),
        ({"eur": {"minimum_amount": 0}}, "restrictions[currency_options][eur][minimum_amount]"),
    ],
)
def test_bad_minimum_is_refused(client: stripe.StripeClient, coupon: stripe.Coupon, options: Any, param: str) -> None:
    """Other currencies are lower case, positive, and not the code's own."""
    restrictions = {"minimum_amount": 5, "minimum_amount_currency": "usd", "currency_options": options}
    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.v1.promotion_codes.create(of(coupon, restrictions=restrictions))
    assert refused.value.param == param


@pytest.mark.parametrize(
    ("change", "param"),
    [
        ({"code": "OTHER"}, "code"),
        ({"max_redemptions": 3}, "max_redemptions"),
        ({"restrictions": {"minimum_amount": 3}}, "restrictions[minimum_amount]"),
        ({"restrictions": {"first_time_transaction": True}}, "restrictions[first_time_transaction]"),
    ],
)
def test_terms_cannot_change(client: stripe.StripeClient, coupon: stripe.Coupon, change: Any, param: str) -> None:
    """Only activity, metadata and minimums in other currencies can."""
    code = client.v1.promotion_codes.create(of(coupon))
    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.v1.promotion_codes.update(code.id, change)
    assert (refused.value.code, refused.value.param) == ("parameter_unknown", param)


@pytest.mark.belief("a code is active while its coupon is valid, and switched on only then (the refusal: M)", "S")
def test_code_ends_with_its_coupon(
    client: stripe.StripeClient, coupon: stripe.Coupon, stripe_emulator: EmulatorClient
) -> None:
    """A code whose coupon is no longer valid is inactive, and cannot be switched on or made anew."""
    code = client.v1.promotion_codes.create(of(coupon, code="LATE"))
    stripe_emulator.clock.set(NOW + 86400)
    assert client.v1.promotion_codes.retrieve(code.id).active is False
    client.v1.promotion_codes.update(code.id, {"active": False})
    for path, params in ((f"/v1/promotion_codes/{code.id}", {"active": True}), ("/v1/promotion_codes", of(coupon))):
        with pytest.raises(stripe.InvalidRequestError) as refused:
            client.raw_request("post", path, **params)
        assert refused.value.code == "coupon_expired"


def test_code_ends_at_its_own_time(
    client: stripe.StripeClient, coupon: stripe.Coupon, stripe_emulator: EmulatorClient
) -> None:
    """An expired code is inactive; its text is free again."""
    code = client.v1.promotion_codes.create(of(coupon, code="HOUR", expires_at=NOW + 3600))
    stripe_emulator.clock.set(NOW + 3600)
    assert client.v1.promotion_codes.retrieve(code.id).active is False
    assert client.v1.promotion_codes.create(of(coupon, code="HOUR")).active is True


@pytest.mark.belief(
    "a deleted coupon is a 404; its codes can never be active again, even under a new coupon of its id (the codes: M)",
    "R",
)
def test_coupon_of_the_same_name_revives_no_code(client: stripe.StripeClient) -> None:
    """A coupon made anew under a deleted one's id is another coupon."""
    coupon = client.v1.coupons.create({"id": "SAME", "percent_off": 5})
    code = client.v1.promotion_codes.create(of(coupon))
    client.v1.coupons.delete("SAME")
    client.v1.coupons.create({"id": "SAME", "percent_off": 50})
    with pytest.raises(stripe.InvalidRequestError):
        client.v1.promotion_codes.update(code.id, {"active": True})


def test_codes_cannot_be_deleted(client: stripe.StripeClient, coupon: stripe.Coupon) -> None:
    """There is no such route."""
    code = client.v1.promotion_codes.create(of(coupon))
    with pytest.raises(stripe.InvalidRequestError, match="Unrecognized request URL"):
        client.raw_request("delete", f"/v1/promotion_codes/{code.id}")


def test_unknown_code_is_missing(client: stripe.StripeClient) -> None:
    """The error names the parameter of the address."""
    with pytest.raises(stripe.InvalidRequestError, match="No such promotion code: 'promo_nope'") as gone:
        client.v1.promotion_codes.retrieve("promo_nope")
    assert (gone.value.http_status, gone.value.param) == (404, "promotion_code")


def test_list_filters(client: stripe.StripeClient, coupon: stripe.Coupon, customer: stripe.Customer) -> None:
    """By text in any case, by coupon, by customer, and by what is active now."""
    one = client.v1.promotion_codes.create(of(coupon, code="One", customer=customer.id))
    other = client.v1.coupons.create({"percent_off": 1})
    two = client.v1.promotion_codes.create(of(other, code="Two", active=False))
    found = client.v1.promotion_codes.list
    assert [code.id for code in found({"code": "ONE"}).data] == [one.id]
    assert [code.id for code in found({"coupon": other.id}).data] == [two.id]
    assert [code.id for code in found({"customer": customer.id}).data] == [one.id]
    assert [code.id for code in found({"active": True}).data] == [one.id]
    assert [code.id for code in found({"active": False}).data] == [two.id]
    assert [code.id for code in found().data] == [two.id, one.id]


def test_metadata_merges(client: stripe.StripeClient, coupon: stripe.Coupon) -> None:
    """As everywhere; an empty map removes all."""
    code = client.v1.promotion_codes.create(of(coupon, metadata={"a": "1"}))
    assert body(client.v1.promotion_codes.update(code.id, {"metadata": {"b": "2"}}))["metadata"] == {
        "a": "1",
        "b": "2",
    }
    assert body(client.v1.promotion_codes.update(code.id, {"metadata": ""}))["metadata"] == {}
