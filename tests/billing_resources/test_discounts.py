"""Coupons and promotion codes: how they are written, who has a code, and what ends by itself."""

from __future__ import annotations

from typing import Any

import pytest
import stripe
from hypothesis import given
from hypothesis import strategies as st

from billing_resources._engine.diff import diff
from billing_resources._engine.discount_rules import code_as_declared, code_has_ended, coupon_as_declared
from billing_resources._engine.kind import REGISTRY
from stripe_emulator.client import EmulatorClient
from tests.billing_resources.engine import Engine, Refused
from tests.billing_resources.hosts import in_process
from tests.billing_resources.programs import code, coupon, data
from tests.billing_resources.test_declarations import refused

PAST, FUTURE = 1_000_000_000, 4_000_000_000
BAD: list[tuple[str, dict[str, Any], list[str]]] = [
    ("Coupon", {"percent_off": None}, ["needs percent_off or amount_off"]),
    ("Coupon", {"amount_off": 5}, ["amount_off: cannot be given together with percent_off: choose one"]),
    ("Coupon", {"percent_off": None, "amount_off": 5}, ["currency: is required with amount_off"]),
    ("Coupon", {"currency": "usd"}, ["currency: belongs to amount_off, not to a percentage"]),
    ("Coupon", {"percent_off": 0}, ["percent_off: must be 0.01 or more"]),
    ("Coupon", {"percent_off": "0.009"}, ["percent_off: must be 0.01 or more"]),
    ("Coupon", {"percent_off": 101}, ["percent_off: must not be above 100"]),
    ("Coupon", {"percent_off": "12.12345"}, [
        "percent_off: has more than 4 decimal places, the most that Stripe keeps"
    ]),
    ("Coupon", {"percent_off": 12.5}, [
        'percent_off: is a percentage: a whole number or a quoted decimal, 25 or "12.5"'
    ]),
    ("Coupon", {"percent_off": None, "amount_off": 0, "currency": "usd"}, ["amount_off: must be above 0"]),
    ("Coupon", {"duration": "repeating"}, ["duration_in_months: is required with duration repeating"]),
    ("Coupon", {"duration_in_months": 3}, ["duration_in_months: belongs to duration repeating"]),
    ("Coupon", {"percent_off": None, "amount_off": 5, "currency": "usd",
                "currency_options": {"usd": {"amount_off": 5}, "EUR": {"amount_off": 5}}}, [
        "currency_options.usd: is the own currency, which has its amount already",
        "currency_options.EUR: is not a currency that Stripe knows; write its code in lower case, such as eur",
    ]),
    ("Coupon", {"name": "x" * 41}, ["name: string should have at most 40 characters"]),
    ("PromotionCode", {"code": "has spaces!"}, ["code: string should match pattern '^[A-Za-z0-9_-]+$'"]),
    ("PromotionCode", {"restrictions": {"minimum_amount": 5}}, [
        "restrictions.minimum_amount_currency: is required with minimum_amount"
    ]),
    ("PromotionCode", {"restrictions": {"currency_options": {"eur": {"minimum_amount": 5}}}}, [
        "restrictions.currency_options: needs minimum_amount"
    ]),
    ("PromotionCode", {"coupon": "SUMMER"}, [
        'coupon: belongs into promotion today: {"coupon": …}'
    ]),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "args", "sentences"), BAD)
def test_what_stripe_has_no_meaning_for_is_refused(kind: str, args: dict[str, Any], sentences: list[str]) -> None:
    """One sentence for each problem, before anything is registered."""
    assert refused(kind, **args) == sentences


@given(st.decimals("0.01", 100, places=2))
def test_equal_percentages_are_one_declaration(percent: Any) -> None:
    """Digits and zeros at the end, a whole number, and Stripe's JSON number mean the same."""
    spellings: list[Any] = [str(percent), f"{percent}00", float(percent)]
    spellings += [int(percent)] if percent == int(percent) else []
    for one in spellings:
        assert diff(REGISTRY["Coupon"], {"percent_off": one}, {"percent_off": str(percent)}) == []


@given(st.from_regex(r"[A-Za-z0-9_-]{1,20}", fullmatch=True))
def test_case_is_no_difference_in_a_code(text: str) -> None:
    """Stripe takes SUMMER and summer for the same code."""
    assert diff(REGISTRY["PromotionCode"], {"code": text.upper()}, {"code": text.lower()}) == []


def test_a_code_in_another_case_is_in_use(ours: Engine) -> None:
    """Two resources cannot hold the same code, however it is written."""
    with pytest.raises(Refused, match="code is declared by PromotionCode summer as well"):
        ours.up(coupon(), code(), code("other", code="summer"))


def test_a_code_that_nobody_owns_is_adopted_only_on_demand(ours: Engine, client: stripe.StripeClient) -> None:
    """The refusal names its id and the way; adopt=True takes it and writes the marks."""
    client.v1.coupons.create({"id": "SUMMER", "percent_off": 25})
    theirs = client.v1.promotion_codes.create({"code": "Summer", "promotion": {"type": "coupon", "coupon": "SUMMER"}})
    declared = code(promotion={"coupon": "SUMMER"})
    with pytest.raises(Refused, match=f"in use by {theirs.id}, which no stack owns"):
        ours.up(declared)
    ours.up(code(promotion={"coupon": "SUMMER"}, adopt=True))
    assert ours.of("PromotionCode.summer").id == theirs.id
    assert data(client.v1.promotion_codes.retrieve(theirs.id))["metadata"]["billing:key"] == "summer"
    assert set(ours.up(declared).values()) == {"same"}


def test_an_adopted_code_must_be_for_the_same_coupon(ours: Engine, client: stripe.StripeClient) -> None:
    """What Stripe cannot change is named."""
    client.v1.coupons.create({"id": "WINTER", "percent_off": 10})
    client.v1.promotion_codes.create({"code": "SUMMER", "promotion": {"type": "coupon", "coupon": "WINTER"}})
    with pytest.raises(Refused, match="which differs in promotion"):
        ours.up(coupon(), code(adopt=True))


def test_an_inactive_code_of_others_is_no_obstacle(ours: Engine, client: stripe.StripeClient) -> None:
    """Only active codes hold their text, whoever owns them."""
    Engine(in_process, stack="staging").up(coupon(), code())
    theirs = client.v1.promotion_codes.list().data[0]
    client.v1.promotion_codes.update(theirs.id, {"active": False})
    ours.up(coupon(), code())
    assert ours.of("PromotionCode.summer").id != theirs.id


def test_a_coupon_of_ours_that_differs_is_not_taken(ours: Engine) -> None:
    """State was lost and the coupon changed: the refusal names what Stripe cannot change."""
    ours.up(coupon(id="SUMMER"))
    ours.state.clear()
    with pytest.raises(Refused, match="id SUMMER belongs to SUMMER, which differs in percent_off"):
        ours.up(coupon(id="SUMMER", percent_off=30))


def test_a_code_that_expired_is_no_drift(ours: Engine, account: EmulatorClient, client: stripe.StripeClient) -> None:
    """It ended as it was declared to: refresh and up leave it alone, destroy removes it."""
    account.clock.set("2020-01-01")
    expiring = code(expires_at=1_600_000_000)
    ours.up(coupon(), expiring)
    account.clock.set("2021-01-01")
    assert client.v1.promotion_codes.list().data[0].active is False
    assert set(ours.refresh().values()) == {"same"}
    assert set(ours.up(coupon(), expiring).values()) == {"same"}
    ours.destroy()


@pytest.mark.parametrize(
    ("found", "ended"),
    [
        ({"active": False, "expires_at": PAST}, True),
        ({"active": False, "expires_at": FUTURE}, False),
        ({"active": False, "max_redemptions": 5, "times_redeemed": 5}, True),
        ({"active": False, "max_redemptions": 5, "times_redeemed": 4}, False),
        ({"active": False, "promotion": {"coupon": {"id": "A", "redeem_by": PAST}}}, True),
        ({"active": False, "promotion": {"coupon": {"id": "A", "max_redemptions": 1, "times_redeemed": 1}}}, True),
        ({"active": False, "promotion": {"coupon": "A"}}, False),
        ({"active": True, "expires_at": PAST}, False),
    ],
)
def test_what_ends_by_itself(found: dict[str, Any], ended: bool) -> None:
    """A code that was used up or ran out, or whose coupon did; not one that somebody switched off."""
    assert code_has_ended(found) is ended


def test_stripes_own_currency_among_the_options_is_left_out() -> None:
    """Some objects mirror their own amount there."""
    seen = coupon_as_declared({"currency": "usd", "currency_options": {"usd": {"amount_off": 5}, "eur": {}}})
    assert seen["currency_options"] == {"eur": {}}
    limits = {"minimum_amount_currency": "usd", "currency_options": {"usd": {}, "eur": {}}}
    assert code_as_declared({"restrictions": limits})["restrictions"]["currency_options"] == {"eur": {}}


def test_a_used_coupon_is_deleted_first_and_made_anew(ours: Engine, client: stripe.StripeClient) -> None:
    """A chosen id is free only once the old coupon is gone; back and forth within a day nothing is replayed."""
    for percent in (25, 30, 25, 30, 25):
        ours.up(coupon(id="SUMMER", percent_off=percent))
        assert client.v1.coupons.retrieve("SUMMER").percent_off == percent
