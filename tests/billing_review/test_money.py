"""Amounts as people write them."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing_review.money import decimals, figure, money, percent

CURRENCIES = st.sampled_from(["usd", "eur", "jpy", "kwd", "isk", "ugx", "huf", "tnd", "krw"])
AMOUNTS = st.decimals(min_value=0, max_value=999_999_999_999, places=12)


@pytest.mark.parametrize(
    ("minor", "currency", "written"),
    [
        (1200, "usd", "12.00 USD"),
        (0, "usd", "0.00 USD"),
        (1, "usd", "0.01 USD"),
        (99, "eur", "0.99 EUR"),
        (123456789, "usd", "1,234,567.89 USD"),
        (1500, "jpy", "1,500 JPY"),
        (0, "jpy", "0 JPY"),
        (4500, "kwd", "4.500 KWD"),
        (1, "bhd", "0.001 BHD"),
        (1234567, "tnd", "1,234.567 TND"),
        (500, "isk", "5.00 ISK"),
        (500, "ugx", "5.00 UGX"),
        (100000, "huf", "1,000.00 HUF"),
        (-500, "usd", "-5.00 USD"),
        (999999999999, "usd", "9,999,999,999.99 USD"),
    ],
)
def test_whole_minor_units(minor: int, currency: str, written: str) -> None:
    """Amounts have two decimals, or none, or three, as their currency has; ISK and UGX have two at Stripe."""
    assert money(minor, currency) == written


@pytest.mark.parametrize(
    ("minor", "currency", "written"),
    [
        ("0.4", "usd", "0.004 USD"),
        ("0.004", "usd", "0.00004 USD"),
        ("0.15", "usd", "0.0015 USD"),
        ("1200.00", "usd", "12.00 USD"),
        ("1200.50", "usd", "12.005 USD"),
        ("0.5", "jpy", "0.5 JPY"),
        ("1500.0", "jpy", "1,500 JPY"),
        ("0.1", "kwd", "0.0001 KWD"),
        ("0.000000000001", "usd", "0.00000000000001 USD"),
        ("999999999999.123456789012", "usd", "9,999,999,999.99123456789012 USD"),
        ("1E+3", "usd", "10.00 USD"),
    ],
)
def test_finer_than_minor_units(minor: str, currency: str, written: str) -> None:
    """What is finer than a minor unit is written in full, and never with fewer decimals than the currency has."""
    assert money(Decimal(minor), currency) == written


def test_a_figure_is_the_amount_without_the_code() -> None:
    """In a sum the currency stands once, at the end."""
    assert figure(1200, "usd") == "12.00"
    assert figure(Decimal("0.4"), "usd") == "0.004"


@pytest.mark.parametrize(
    ("currency", "places"),
    [("usd", 2), ("jpy", 0), ("krw", 0), ("vnd", 0), ("xaf", 0), ("bhd", 3), ("jod", 3), ("omr", 3), ("isk", 2)],
)
def test_decimals(currency: str, places: int) -> None:
    """Stripe's list says how many decimals a currency has; what is not on it has two."""
    assert decimals(currency) == places


@pytest.mark.parametrize(
    ("old", "new", "written"),
    [
        (1200, 1400, "+16.7 %"),
        (500, 450, "-10.0 %"),
        (1200, 1200, "0.0 %"),
        (100, 200, "+100.0 %"),
        (1, 1000, "+99,900.0 %"),
        (800, 700, "-12.5 %"),
        (100, 0, "-100.0 %"),
        (400, 449, "+12.3 %"),  # 12.25, rounded half up
        (100000, 100001, "below +0.1 %"),
        (100000, 99999, "below -0.1 %"),
        (2000, 2001, "+0.1 %"),  # 0.05, rounded half up
    ],
)
def test_percent(old: int, new: int, written: str) -> None:
    """A change has one decimal and its sign; one that would be rounded away is not called none."""
    assert percent(old, new) == written


def test_nothing_has_no_percent() -> None:
    """From nothing to something is no number of percent."""
    assert percent(0, 1200) is None
    assert percent(Decimal("0.00"), 1200) is None


@given(AMOUNTS, CURRENCIES)
def test_what_is_written_is_the_amount(minor: Decimal, currency: str) -> None:
    """Nothing of an amount is lost or rounded in writing it."""
    read = Decimal(figure(minor, currency).replace(",", "")).scaleb(decimals(currency))
    assert read == minor


@given(AMOUNTS.filter(bool), AMOUNTS)
def test_the_sign_of_a_percentage(old: Decimal, new: Decimal) -> None:
    """More is plus, less is minus, equal is neither."""
    written = percent(old, new)
    assert written is not None
    assert ("+" in written, "-" in written) == (new > old, new < old)
