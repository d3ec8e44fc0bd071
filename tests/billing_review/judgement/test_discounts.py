"""Coupons and promotion codes that take more off than before."""

from __future__ import annotations

from typing import Any

import pytest

from tests.billing_review.judgement.changes import change, replaced, step, told, unchanged

JULY, AUGUST = 1_814_313_600, 1_816_992_000  # 2027-06-30 and 2027-07-31, at midnight UTC


def coupon(**over: Any) -> dict[str, Any]:
    """25 % off three bills."""
    base = {"name": "Summer", "percent_off": 25, "duration": "repeating", "duration_in_months": 3}
    return {name: value for name, value in {**base, **over}.items() if value is not None}


def amount(minor: int, **over: Any) -> dict[str, Any]:
    """So much off one bill."""
    return {"name": "Gift", "amount_off": minor, "currency": "usd", **over}


LARGER: dict[str, tuple[dict[str, Any], dict[str, Any], str]] = {
    "percent": (coupon(), coupon(percent_off="33.50"), "Summer: 33.5 % off instead of 25 %"),
    "amount": (amount(500), amount(750), "Gift: 7.50 USD off instead of 5.00 USD"),
    "another form": (amount(500, name="Summer"), coupon(duration=None), "Summer: 25 % off instead of 5.00 USD"),
    "a currency": (
        amount(500, currency_options={"eur": {"amount_off": 450}}),
        amount(500, currency_options={"eur": {"amount_off": 500}, "jpy": {"amount_off": 800}}),
        "Gift: 5.00 EUR off instead of 4.50 EUR; 800 JPY off, before nothing in JPY",
    ),
    "months": (coupon(), coupon(duration_in_months=12), "Summer: for 12 months instead of for 3 months"),
    "for ever": (coupon(), coupon(duration="forever"), "Summer: for ever instead of for 3 months"),
    "more bills": (coupon(duration=None), coupon(), "Summer: for 3 months instead of for one bill"),
    "more people": (
        coupon(max_redemptions=100),
        coupon(max_redemptions=1000),
        "Summer: redeemed 1,000 times instead of 100",
    ),
    "anybody": (coupon(max_redemptions=100), coupon(), "Summer: redeemed any number of times instead of 100"),
    "later": (
        coupon(redeem_by=JULY),
        coupon(redeem_by=AUGUST),
        "Summer: redeemed until 2027-07-31 instead of until 2027-06-30",
    ),
    "without an end": (
        coupon(redeem_by=JULY),
        coupon(),
        "Summer: redeemed without an end instead of until 2027-06-30",
    ),
    "more products": (
        coupon(applies_to={"products": ["team"]}),
        coupon(applies_to={"products": ["team", "pro"]}),
        "Summer: also for pro",
    ),
    "every product": (
        coupon(applies_to={"products": ["team"]}),
        coupon(),
        "Summer: for every product instead of team",
    ),
}


@pytest.mark.parametrize("name", LARGER)
def test_a_larger_coupon_is_told(name: str) -> None:
    """By how much, for how long, for whom."""
    old, new, sentence = LARGER[name]
    found = told(change(replaced(old, new, "summer", "Coupon")), "discount-larger")
    assert found == [f"{sentence}."]


@pytest.mark.parametrize("name", [name for name in LARGER if name != "another form"])
def test_a_smaller_coupon_is_nothing(name: str) -> None:
    """The way back takes less off."""
    old, new, _ = LARGER[name]
    assert told(change(replaced(new, old, "summer", "Coupon")), "discount-larger") == []


def test_a_new_coupon_is_not_larger() -> None:
    """Nor is another name."""
    renamed = step("Coupon", "summer", coupon(), coupon(name="Autumn", percent_off="25.0"))
    for one in (renamed, step("Coupon", "new", None, coupon()), step("Coupon", "old", coupon(), None)):
        assert told(change(one), "discount-larger") == []


def code(coupon_name: str = "summer", **over: Any) -> dict[str, Any]:
    """A promotion code."""
    return {"code": "SUMMER", "promotion": {"coupon": coupon_name}, **over}


def restricted(**over: Any) -> dict[str, Any]:
    """A code with restrictions."""
    return code(restrictions=over)


TEN = {"minimum_amount": 1000, "minimum_amount_currency": "usd"}
CODES: dict[str, tuple[dict[str, Any], dict[str, Any], str]] = {
    "people": (
        code(max_redemptions=10, expires_at=JULY),
        code(max_redemptions=20, expires_at=AUGUST),
        "redeemed 20 times instead of 10; redeemed until 2027-07-31 instead of until 2027-06-30",
    ),
    "old customers": (
        restricted(first_time_transaction=True),
        code(),
        "also for customers who have paid before",
    ),
    "smaller bills": (
        restricted(**TEN),
        restricted(**{**TEN, "minimum_amount": 500}),
        "for bills of 5.00 USD instead of 10.00 USD or more",
    ),
    "any bill": (restricted(**TEN), code(), "for bills of any amount instead of 10.00 USD or more"),
}


@pytest.mark.parametrize("name", CODES)
def test_a_code_for_more_people_is_told(name: str) -> None:
    """Who can redeem it now; the way back is nothing."""
    old, new, sentence = CODES[name]
    assert told(change(replaced(old, new, "summer", "PromotionCode")), "discount-larger") == [f"SUMMER: {sentence}."]
    assert told(change(replaced(new, old, "summer", "PromotionCode")), "discount-larger") == []


def test_a_code_for_a_larger_coupon_is_told() -> None:
    """With both coupons."""
    coupons = [unchanged("Coupon", "summer", coupon()), step("Coupon", "big", None, coupon(percent_off=50))]
    there = replaced(code(), code("big"), "summer", "PromotionCode")
    assert told(change(*coupons, there), "discount-larger") == [
        "SUMMER: 50 % off instead of 25 %, through big instead of summer."
    ]
    assert told(change(replaced(code(), code("unknown"), "summer", "PromotionCode")), "discount-larger") == []


def test_everything_for_ever_is_told() -> None:
    """A new coupon, or one that becomes so."""
    free = coupon(percent_off="100", duration="forever")
    for old in (None, coupon()):
        assert told(change(step("Coupon", "all", old, free)), "discount-everything") == [
            "Summer: 100 % off for ever, any number of times."
        ]


def test_everything_with_a_bound_is_nothing() -> None:
    """For some months, for some people, or as it was before."""
    free = coupon(percent_off=100, duration="forever")
    for old, new in (
        (None, coupon(percent_off=100)),
        (None, {**free, "max_redemptions": 5}),
        (free, {**free, "name": "x"}),
    ):
        assert told(change(step("Coupon", "all", old, new)), "discount-everything") == []
