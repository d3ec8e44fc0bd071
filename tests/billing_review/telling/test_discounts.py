"""Coupons and promotion codes, in golden texts with every amount written by hand."""

from __future__ import annotations

import pytest

from tests.billing_review.telling.builders import entry, golden, gone, new, replaced, same, told, updated

SUMMER = same("Coupon", "summer", name="Summer sale", percent_off=25, duration="repeating", duration_in_months=3)
CODE = same("PromotionCode", "summer25", promotion={"coupon": "summer", "type": "coupon"}, code="SUMMER25")
LAST_OF_JANUARY = 1801439999
"""2027-01-31 23:59:59 UTC."""


@pytest.mark.parametrize(
    ("terms", "worth"),
    [
        ({"percent_off": 25, "duration": "repeating", "duration_in_months": 3}, "25 % off for 3 months"),
        ({"percent_off": "12.5", "duration": "repeating", "duration_in_months": 1}, "12.5 % off for 1 month"),
        ({"percent_off": 100, "duration": "forever"}, "100 % off for ever"),
        ({"amount_off": 500, "currency": "usd"}, "5.00 USD off the first bill"),
        (
            {
                "amount_off": 500,
                "currency": "usd",
                "currency_options": {"jpy": {"amount_off": 700}},
                "duration": "once",
            },
            "5.00 USD or 700 JPY off the first bill",
        ),
        ({"amount_off": 1500, "currency": "kwd"}, "1.500 KWD off the first bill"),
    ],
)
def test_what_a_coupon_takes_off(terms: dict[str, object], worth: str) -> None:
    """Percent or amounts, in each currency's own form, and for how long."""
    assert entry(new("Coupon", "off", name="Off", **terms)).headline == f"Coupon Off: new coupon, {worth}."


def test_a_coupon_takes_off_something_else() -> None:
    """That makes a new one; customers keep the old."""
    later = replaced(
        SUMMER,
        percent_off="12.5",
        applies_to={"products": ["team", "ai"]},
        max_redemptions=100,
        redeem_by=LAST_OF_JANUARY,
    )
    assert told(later) == golden(
        """
        Coupon Summer sale: 25 % off for 3 months → 12.5 % off for 3 months, \
only for Assistant and Team, can be redeemed 100 times instead of without a bound, \
can be redeemed until 2027-01-31 23:59 UTC instead of without an end, a new coupon takes the place of the old one.
        - Stripe cannot change a discount: customers who have the old coupon keep it as it was.
        | Discount: 25 % off for 3 months → 12.5 % off for 3 months
        | Only for: ∅ → Assistant and Team
        | Can be redeemed: ∅ → 100 times
        | Can be redeemed until: ∅ → 2027-01-31 23:59 UTC
        """
    )


def test_a_coupon_gets_another_name() -> None:
    """Only the name changes in place; equal percentages written differently are equal."""
    assert told(updated(SUMMER, name="Summer", percent_off="25.0")) == golden(
        """
        Coupon Summer: renamed from “Summer sale” to “Summer”.
        | Name: Summer sale → Summer
        """
    )


def test_a_coupon_goes() -> None:
    """So do its codes; what was given stays."""
    assert told(gone("Coupon", "summer", **SUMMER.args), CODE) == golden(
        """
        Coupon Summer sale: deleted, nobody can redeem it any more.
        - Discounts that customers have already stay.
        - The promotion code SUMMER25 goes with it.
        | Name: Summer sale → ∅
        | Discount: 25 % off for 3 months → ∅
        """
    )


def test_a_new_code() -> None:
    """What it gives, to whom, for which bills."""
    restrictions = {
        "first_time_transaction": True,
        "minimum_amount": 2000,
        "minimum_amount_currency": "usd",
        "currency_options": {"jpy": {"minimum_amount": 3000}},
    }
    assert told(new("PromotionCode", "summer25", **CODE.args, restrictions=restrictions), SUMMER) == golden(
        """
        Promotion code SUMMER25: new promotion code, gives Summer sale (25 % off for 3 months), \
only for customers who never paid before.
        | Gives: ∅ → Summer sale
        | Code: ∅ → SUMMER25
        | Only for new customers: ∅ → yes
        | Smallest bill: ∅ → 20.00 USD
        | Smallest bill in JPY: ∅ → 3,000 JPY
        """
    )


def test_a_code_changes() -> None:
    """That makes a new one as well."""
    later = replaced(CODE, expires_at=LAST_OF_JANUARY, max_redemptions=1)
    assert told(later, SUMMER) == golden(
        """
        Promotion code SUMMER25: can be redeemed until 2027-01-31 23:59 UTC instead of without an end, \
can be redeemed once instead of without a bound, a new promotion code takes the place of the old one.
        - Stripe cannot change what a code gives: the old one is switched off, discounts that it gave stay.
        | Can be redeemed until: ∅ → 2027-01-31 23:59 UTC
        | Can be redeemed: ∅ → once
        """
    )


def test_the_smallest_bill_in_another_currency() -> None:
    """Which changes in place."""
    yen = same("PromotionCode", "s", **CODE.args, restrictions={"currency_options": {"jpy": {"minimum_amount": 3000}}})
    later = updated(yen, restrictions={"currency_options": {"jpy": {"minimum_amount": 3500}}})
    assert told(later, SUMMER).splitlines()[0] == (
        "Promotion code SUMMER25: for bills of at least 3,500 JPY instead of 3,000 JPY."
    )


def test_a_code_goes() -> None:
    """Nobody can use it."""
    assert told(gone("PromotionCode", "summer25", **CODE.args), SUMMER).splitlines()[:2] == [
        "Promotion code SUMMER25: switched off, customers cannot use it any more.",
        "- Discounts that customers have already stay.",
    ]
