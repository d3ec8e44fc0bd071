"""What else decides about a bill than its amounts: currencies, periods, what is counted, and tax."""

from __future__ import annotations

from typing import Any

import pytest

from tests.billing_review.judgement.changes import (
    MONTH,
    YEAR,
    change,
    metered,
    price,
    replaced,
    step,
    told,
    volume,
    worse,
)

PACKAGES = {"divide_by": 1000, "round": "up"}


def test_a_missing_currency_is_told_with_its_amount() -> None:
    """Customers of that currency cannot buy any more."""
    old = price(currency_options={"eur": {"unit_amount": 1100}, "jpy": {"unit_amount": 1800}})
    changed = change(step("Price", "team.monthly", old, price(currency_options={"eur": {"unit_amount": 1100}})))
    assert told(changed, "currency-missing") == ["team.monthly: 1,800 JPY per month is gone, only USD and EUR is left."]


def test_another_own_currency_is_told() -> None:
    """Dollars that become euros are gone, unless they stay as an option."""
    euros = price(currency="eur")
    assert told(change(replaced(price(), euros)), "currency-missing") == [
        "team.monthly: 12.00 USD per month is gone, only EUR is left."
    ]
    both = price(currency="eur", currency_options={"usd": {"unit_amount": 1200}})
    assert told(change(replaced(price(), both)), "currency-missing") == []


def test_a_further_currency_is_nothing_missing() -> None:
    """Nor is a new amount in one that was there."""
    old, new = ({"eur": {"unit_amount": amount}} for amount in (1100, 1200))
    assert told(change(replaced(price(), price(currency_options=new))), "currency-missing") == []
    assert told(change(replaced(price(currency_options=old), price(currency_options=new))), "currency-missing") == []


def test_another_period_is_told_with_both_bills() -> None:
    """Whatever the rate: the bill and its date change."""
    changed = change(replaced(price(), price(unit_amount=14400, recurring=YEAR)))
    assert told(changed, "billing-period-changed") == [
        "team.monthly: billed every year instead of every month: 12.00 USD per month becomes 144.00 USD per year."
    ]
    once = change(replaced(price(), price(recurring=None)))
    assert told(once, "billing-period-changed") == [
        "team.monthly: billed once instead of every month: 12.00 USD per month becomes 12.00 USD once."
    ]


def test_the_same_period_in_other_words_is_no_change() -> None:
    """Twelve months are a year."""
    twelve = {"interval": "month", "interval_count": 12}
    assert told(change(replaced(price(recurring=twelve), price(recurring=YEAR))), "billing-period-changed") == []
    assert (
        told(change(replaced(price(), price(recurring={**MONTH, "interval_count": 1}))), "billing-period-changed") == []
    )


CHARGED: dict[str, tuple[dict[str, Any], dict[str, Any], str]] = {
    "per seat": (
        price(),
        price(seats={"mode": "follow"}),
        "charged by seat instead of a fixed amount: 12.00 USD per month becomes 12.00 USD per seat and month",
    ),
    "by usage": (
        price(),
        metered(),
        "charged by usage instead of a fixed amount: 12.00 USD per month becomes 0.04 USD per unit",
    ),
    "packages": (
        metered(),
        metered(transform_quantity=PACKAGES),
        "charged by usage in packages instead of by usage: 0.04 USD per unit becomes 0.04 USD per started 1,000 units",
    ),
    "volume": (
        volume((20, 1200), ("inf", 1000), mode="graduated"),
        volume((20, 1200), ("inf", 1000)),
        (
            "charged by seat in volume tiers instead of by seat in graduated tiers: graduated tiers over seats, "
            "10.00 to 12.00 USD each becomes volume tiers over seats, 10.00 to 12.00 USD each"
        ),
    ),
}


@pytest.mark.parametrize("name", CHARGED)
def test_another_way_of_charging_is_told(name: str) -> None:
    """What an amount is multiplied by, before and after."""
    old, new, sentence = CHARGED[name]
    assert told(change(replaced(old, new)), "charging-changed") == [f"team.monthly: {sentence}."]


def test_other_amounts_are_no_other_way_of_charging() -> None:
    """Nor are other tiers of the same mode, nor larger packages."""
    tiers = replaced(volume((20, 1200), ("inf", 1000)), volume((30, 1200), ("inf", 900)))
    packages = replaced(metered(transform_quantity=PACKAGES), metered(transform_quantity={**PACKAGES, "divide_by": 50}))
    assert told(change(tiers, packages), "charging-changed") == []


def test_tax_that_moves_is_told() -> None:
    """The same figure is another price."""
    changed = change(replaced(price(tax_behavior="exclusive"), price(tax_behavior="inclusive")))
    assert told(changed, "tax-behavior-changed") == [
        "team.monthly: 12.00 USD per month with tax included, before it was plus tax."
    ]
    assert worse(changed, "tax-behavior-changed") == ["medium"]


def test_tax_that_is_said_for_the_first_time_is_less() -> None:
    """The account's settings may have said the same."""
    changed = change(step("Price", "team.monthly", price(), price(tax_behavior="exclusive")))
    assert told(changed, "tax-behavior-changed") == [
        "team.monthly: 12.00 USD per month plus tax, before it was with tax as the account's settings say."
    ]
    assert worse(changed, "tax-behavior-changed") == ["low"]


def test_tax_of_another_currency_counts() -> None:
    """And absent is unspecified, which is no change."""
    euros = [{"eur": {"unit_amount": 1100, "tax_behavior": said}} for said in ("inclusive", "exclusive")]
    changed = change(replaced(price(currency_options=euros[0]), price(currency_options=euros[1])))
    assert told(changed, "tax-behavior-changed") == [
        "team.monthly: 11.00 EUR per month plus tax, before it was with tax included."
    ]
    same = change(replaced(price(), price(tax_behavior="unspecified")))
    assert told(same, "tax-behavior-changed") == []


def test_a_new_percentage_of_tax_is_told() -> None:
    """Running subscriptions keep the old rate; a new name is nothing."""
    rate = {"display_name": "VAT", "percentage": "19", "inclusive": False}
    changed = change(replaced(rate, {**rate, "percentage": "21.0"}, "vat", "TaxRate"))
    assert told(changed, "tax-rate-changed") == ["VAT: 21 % instead of 19 %, for what the new rate is put on only."]
    renamed = {**rate, "display_name": "Sales tax", "percentage": 19}
    assert told(change(step("TaxRate", "vat", rate, renamed)), "tax-rate-changed") == []
