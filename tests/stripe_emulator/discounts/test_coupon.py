"""Coupons, through the official client."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
import stripe
from hypothesis import given, settings
from hypothesis import strategies as st

from stripe_emulator import EmulatorClient
from tests.stripe_emulator.answers import body

NOW = 1_700_000_000


def quarter(**change: Any) -> Any:
    """Return the parameters of a coupon that takes off a percentage."""
    return {"percent_off": 25, "duration": "once", **change}


def five_off(**change: Any) -> Any:
    """Return the parameters of a coupon that takes off an amount."""
    return {"amount_off": 500, "currency": "usd", **change}


def test_coupon_is_shown_as_stripe_shows_it(client: stripe.StripeClient, stripe_emulator: EmulatorClient) -> None:
    """Every field is there, the percentage as a number; what must be expanded is left out."""
    stripe_emulator.clock.set(NOW)
    coupon: Any = client.v1.coupons.create(quarter(id="QUARTER", name="A quarter off"))
    assert body(coupon) == {
        "id": "QUARTER", "object": "coupon", "livemode": False, "amount_off": None, "created": NOW, "currency": None,
        "duration": "once", "duration_in_months": None, "max_redemptions": None, "metadata": {},
        "name": "A quarter off", "percent_off": 25.0, "redeem_by": None, "times_redeemed": 0, "valid": True,
    }  # fmt: skip
    assert '"percent_off": 25.0' in coupon.last_response.body


def test_duration_is_once_unless_said(client: stripe.StripeClient) -> None:
    """A coupon counts once by default, and has an id of eight characters if none was chosen."""
    coupon = client.v1.coupons.create({"percent_off": 10})
    assert (coupon.duration, len(coupon.id), coupon.id) == ("once", 8, coupon.id.upper())


def test_chosen_id_must_be_free(client: stripe.StripeClient) -> None:
    """Two coupons cannot have one id; after the first is deleted another can."""
    client.v1.coupons.create(quarter(id="SUMMER"))
    with pytest.raises(stripe.InvalidRequestError, match="Coupon already exists") as refused:
        client.v1.coupons.create(quarter(id="SUMMER"))
    assert (refused.value.code, refused.value.param) == ("resource_already_exists", "id")
    client.v1.coupons.delete("SUMMER")
    assert client.v1.coupons.create(quarter(id="SUMMER")).id == "SUMMER"


@pytest.mark.belief("a coupon takes off a percentage or an amount, once unless it says otherwise", "R")
@pytest.mark.parametrize(
    ("params", "param", "words"),
    [
        ({}, None, "Must provide percent_off or amount_off"),
        ({"percent_off": 5, "amount_off": 5, "currency": "usd"}, None, "Received both percent_off and amount_off"),
        ({"amount_off": 500}, "currency", "You must pass currency when passing amount_off"),
        ({"amount_off": 500, "currency": "xxx"}, "currency", "Invalid currency"),
        ({"amount_off": 0, "currency": "usd"}, "amount_off", "positive"),
        ({"percent_off": 5, "duration": "repeating"}, "duration", "duration_in_months param must be set"),
        ({"percent_off": 5, "duration": "repeating", "duration_in_months": 0}, "duration_in_months", "positive"),
        ({"percent_off": 5, "duration_in_months": 3}, "duration_in_months", "duration of `once`"),
        ({"percent_off": 5, "duration": "twice"}, "duration", "must be one of forever, once, or repeating"),
        ({"percent_off": 0}, "percent_off", r"greater than or equal to 0.01 \(it currently is '0.0'\)"),
        ({"percent_off": 100.5}, "percent_off", "less than or equal to 100"),
        ({"percent_off": 5, "currency_options": {"eur": {"amount_off": 5}}}, "currency_options", "only specify one"),
        ({"percent_off": 5, "redeem_by": 1000}, "redeem_by", "You specified the value `1000` which is in the past"),
        ({"percent_off": 5, "redeem_by": NOW + 6 * 31_536_000}, "redeem_by", "no more than five years"),
        ({"percent_off": 5, "max_redemptions": 0}, "max_redemptions", "positive"),
        ({"percent_off": 5, "name": "x" * 41}, "name", "at most 40 characters"),
        ({"percent_off": 5, "applies_to": {"products": ["prod_no"]}}, "applies_to[products][0]", "No such product"),
    ],
)
def test_bad_coupon_is_refused(
    client: stripe.StripeClient, stripe_emulator: EmulatorClient, params: Any, param: str | None, words: str
) -> None:
    """A coupon takes off one thing, for a time, until a moment ahead."""
    stripe_emulator.clock.set(NOW)
    with pytest.raises(stripe.InvalidRequestError, match=words) as refused:
        client.v1.coupons.create(params)
    assert (refused.value.http_status, refused.value.param) == (400, param)


@pytest.mark.parametrize(
    ("options", "param"),
    [
        ({"EUR": 1}, "currency_options"),
        ({"eur": 0}, "currency_options[eur][amount_off]"),
        ({"usd": 1}, "currency_options[usd]"),
    ],
)
def test_bad_currency_option_is_refused(client: stripe.StripeClient, options: dict[str, int], param: str) -> None:
    """Other currencies are lower case, positive, and others."""
    given_options = {currency: {"amount_off": amount} for currency, amount in options.items()}
    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.v1.coupons.create(five_off(currency_options=given_options))
    assert refused.value.param == param


@pytest.mark.belief("`applies_to` and `currency_options` of a coupon show only when expanded", "I")
def test_currencies_and_products_are_shown_when_expanded(client: stripe.StripeClient, product: stripe.Product) -> None:
    """The coupon's own currency stands among the others."""
    params = five_off(currency_options={"eur": {"amount_off": 450}}, applies_to={"products": [product.id]})
    coupon = client.v1.coupons.create(params)
    assert not {"currency_options", "applies_to"} & set(body(coupon))
    shown = body(client.v1.coupons.retrieve(coupon.id, {"expand": ["currency_options", "applies_to"]}))
    assert shown["currency_options"] == {"usd": {"amount_off": 500}, "eur": {"amount_off": 450}}
    assert shown["applies_to"] == {"products": [product.id]}


@pytest.mark.belief(
    'only name, metadata and currency options of a coupon change; `""` clears the name (the clearing: M)', "S"
)
def test_name_metadata_and_currencies_can_change(client: stripe.StripeClient) -> None:
    """They merge; nothing else of a coupon may change."""
    coupon = client.v1.coupons.create(five_off(name="Five", metadata={"a": "1"}))
    change: Any = {"name": "Fünf", "metadata": {"b": "2"}, "currency_options": {"eur": {"amount_off": 450}}}
    client.v1.coupons.update(coupon.id, change)
    shown = body(client.v1.coupons.retrieve(coupon.id, {"expand": ["currency_options"]}))
    assert (shown["name"], shown["metadata"]) == ("Fünf", {"a": "1", "b": "2"})
    assert shown["currency_options"] == {"usd": {"amount_off": 500}, "eur": {"amount_off": 450}}
    assert client.v1.coupons.update(coupon.id, {"name": ""}).name is None


def test_percentages_have_no_currencies(client: stripe.StripeClient) -> None:
    """A percentage is the same in every currency."""
    coupon = client.v1.coupons.create(quarter())
    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.v1.coupons.update(coupon.id, {"currency_options": {"eur": {"amount_off": 5}}})
    assert refused.value.param == "currency_options"


@pytest.mark.parametrize(
    "name", ["percent_off", "amount_off", "currency", "duration", "duration_in_months", "max_redemptions", "redeem_by"]
)
def test_terms_cannot_change(client: stripe.StripeClient, name: str) -> None:
    """An immutable field is an unknown parameter of the update."""
    coupon = client.v1.coupons.create(quarter())
    with pytest.raises(stripe.InvalidRequestError, match=f"unknown parameter: {name}"):
        client.raw_request("post", f"/v1/coupons/{coupon.id}", **{name: 1})


def test_deleted_coupon_is_gone(client: stripe.StripeClient) -> None:
    """The answer says deleted, and every later one that there is none."""
    coupon = client.v1.coupons.create(quarter(id="GONE"))
    assert body(client.v1.coupons.delete(coupon.id)) == {"id": "GONE", "object": "coupon", "deleted": True}
    with pytest.raises(stripe.InvalidRequestError, match="No such coupon: 'GONE'") as gone:
        client.v1.coupons.retrieve("GONE")
    assert (gone.value.http_status, gone.value.code, gone.value.param) == (404, "resource_missing", "coupon")
    assert client.v1.coupons.list().data == []


def test_coupon_is_valid_until_its_time(client: stripe.StripeClient, stripe_emulator: EmulatorClient) -> None:
    """Whether it can be redeemed is computed, not stored."""
    stripe_emulator.clock.set(NOW)
    coupon = client.v1.coupons.create(quarter(redeem_by=NOW + 10))
    assert client.v1.coupons.retrieve(coupon.id).valid is True
    stripe_emulator.clock.set(NOW + 10)
    assert client.v1.coupons.retrieve(coupon.id).valid is False
    assert [one.valid for one in client.v1.coupons.list().data] == [False]


def test_coupons_are_listed_by_time(client: stripe.StripeClient, stripe_emulator: EmulatorClient) -> None:
    """Newest first, within the time asked for."""
    for moment in (100, 200, 300):
        stripe_emulator.clock.set(moment)
        client.v1.coupons.create(quarter(id=str(moment)))
    assert [one.id for one in client.v1.coupons.list().data] == ["300", "200", "100"]
    assert [one.id for one in client.v1.coupons.list({"created": {"gte": 200}, "limit": 1}).auto_paging_iter()] == [
        "300",
        "200",
    ]


def test_modes_do_not_share_coupons(connect: Callable[[str], stripe.StripeClient]) -> None:
    """The same chosen id is free in the other mode and in other accounts."""
    for key in ("sk_test_emulator", "sk_live_emulator", "sk_test_other"):
        assert connect(key).v1.coupons.create(quarter(id="SAME")).livemode is ("live" in key)


@settings(max_examples=30, deadline=None)
@given(percent=st.decimals("0.01", 100, places=2))
def test_percentage_comes_back_exactly(new_account: Callable[[], Any], percent: Decimal) -> None:
    """Two decimals survive the way there and back."""
    coupon = new_account().v1.coupons.create({"percent_off": format(percent, "f")})
    assert Decimal(str(coupon.percent_off)) == percent
