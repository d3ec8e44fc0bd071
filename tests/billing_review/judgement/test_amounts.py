"""What a change does to the amounts that customers pay: every figure in the sentences is written by hand."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from billing_review.report import Affected
from tests.billing_review.judgement.changes import (
    YEAR,
    change,
    findings,
    metered,
    price,
    replaced,
    step,
    told,
    volume,
    worse,
)

PASS = ", above the limit of 10 %"
PACKAGES = {"divide_by": 1000, "round": "up"}
INCREASES: dict[str, tuple[dict[str, Any], dict[str, Any], str]] = {
    "flat": (price(), price(unit_amount=1400), "12.00 → 14.00 USD per month (+16.7 %)"),
    "finer": (
        metered(unit_amount=None, unit_amount_decimal="0.4"),
        metered(unit_amount=None, unit_amount_decimal="0.5"),
        "0.004 → 0.005 USD per month (+25.0 %)",
    ),
    "no minor unit": (
        price(currency="jpy", unit_amount=1200),
        price(currency="jpy", unit_amount=1400),
        "1,200 → 1,400 JPY per month (+16.7 %)",
    ),
    "once": (
        price(recurring=None),
        price(recurring=None, unit_amount=2400),
        "12.00 → 24.00 USD once (+100.0 %)",
    ),
    "month to year": (
        price(),
        price(unit_amount=16000, recurring=YEAR),
        "12.00 → about 13.33 USD per month (+11.1 %)",
    ),
    "year to quarter": (
        price(unit_amount=12000, recurring=YEAR),
        price(unit_amount=3600, recurring={"interval": "month", "interval_count": 3}),
        "10.00 → 12.00 USD per month (+20.0 %)",
    ),
    "one tier of three": (
        volume((20, 1200), (100, 1000), ("inf", 800)),
        volume((20, 1200), (100, 1150), ("inf", 800)),
        "21 seats cost 210.00 → 241.50 USD per month (+15.0 %)",
    ),
    "a bound": (
        volume((20, 1200), ("inf", 1000)),
        volume((30, 1200), ("inf", 1000)),
        "21 seats cost 210.00 → 252.00 USD per month (+20.0 %)",
    ),
    "less is free": (
        metered(
            unit_amount=None,
            tiers_mode="graduated",
            tiers=[{"up_to": 100, "unit_amount": 0}, {"up_to": "inf", "unit_amount": 4}],
        ),
        metered(
            unit_amount=None,
            tiers_mode="graduated",
            tiers=[{"up_to": 50, "unit_amount": 0}, {"up_to": "inf", "unit_amount": 4}],
        ),
        "51 units cost 0.00 → 0.04 USD per month (it was free)",
    ),
    "smaller packages": (
        metered(transform_quantity=PACKAGES),
        metered(transform_quantity={"divide_by": 500, "round": "up"}),
        "501 units cost 0.04 → 0.08 USD per month (+100.0 %)",
    ),
    "full packages": (
        metered(transform_quantity={"divide_by": 1000, "round": "down"}),
        metered(transform_quantity={"divide_by": 500, "round": "down"}),
        "500 units cost 0.00 → 0.04 USD per month (it was free)",
    ),
    "the last tier": (
        volume((10, 1000), ("inf", 100), mode="graduated"),
        volume((10, 1000), ("inf", 200), mode="graduated"),
        "110 seats cost 200.00 → 300.00 USD per month (+50.0 %)",
    ),
}


@pytest.mark.parametrize("name", INCREASES)
def test_an_increase_is_told_where_it_is_greatest(name: str) -> None:
    """One amount as it is; tiers and packages at the quantity that rises most; other periods by the month."""
    old, new, sentence = INCREASES[name]
    assert told(change(replaced(old, new)), "price-increase") == [f"team.monthly: {sentence}{PASS}."]


@pytest.mark.parametrize("name", INCREASES)
def test_the_way_back_is_no_increase(name: str) -> None:
    """What rose by more than the bound falls on the way back, and nothing rises."""
    old, new, _ = INCREASES[name]
    back = change(replaced(new, old))
    assert told(back, "price-increase") == []
    assert len(findings(back, "price-decrease")) == 1


def test_every_currency_counts() -> None:
    """Those that rise by more than the bound are in the sentence, others are not."""
    old = price(currency_options={"eur": {"unit_amount": 1100}, "gbp": {"unit_amount": 1000}})
    new = price(unit_amount=1400, currency_options={"eur": {"unit_amount": 1100}, "gbp": {"unit_amount": 1250}})
    sentence = f"team.monthly: 12.00 → 14.00 USD per month (+16.7 %); 10.00 → 12.50 GBP per month (+25.0 %){PASS}."
    assert told(change(replaced(old, new)), "price-increase") == [sentence]


@pytest.mark.parametrize(
    ("amount", "most", "sentences"),
    [
        (1320, "10", 0),
        (1321, "10", 1),
        (1201, "0", 1),
        (1200, "0", 0),
        (1800, "50", 0),
        (1351, "12.5", 1),
        (1350, "12.5", 0),
    ],
)
def test_the_bound_is_the_projects(amount: int, most: str, sentences: int) -> None:
    """Exactly so many per cent pass, a cent more does not."""
    changed = change(replaced(price(), price(unit_amount=amount)))
    assert len(told(changed, "price-increase", price_increase_percent=Decimal(most))) == sentences


def test_the_bound_is_in_the_sentence() -> None:
    """As the project wrote it."""
    changed = change(replaced(price(), price(unit_amount=1400)))
    (sentence,) = told(changed, "price-increase", price_increase_percent=Decimal("12.50"))
    assert sentence.endswith("(+16.7 %), above the limit of 12.5 %.")


def test_who_stays_on_the_old_price_is_told() -> None:
    """Where somebody counted."""
    counted = {("Price", "team.monthly"): Affected(active=37, trialing=2, past_due=1, seats=412)}
    (sentence,) = told(change(replaced(price(), price(unit_amount=1400))), "price-increase", counted)
    assert sentence == (
        f"team.monthly: 12.00 → 14.00 USD per month (+16.7 %){PASS}; 37 active, 2 trialing and 1 past-due "
        "subscriptions (412 seats) stay on the old price."
    )


def test_an_amount_that_changes_in_place_is_for_customers_too() -> None:
    """Those in further currencies can: the price stays the one that customers have."""
    euros = [price(currency_options={"eur": {"unit_amount": amount}}) for amount in (1000, 1200)]
    counted = {("Price", "team.monthly"): Affected(active=1)}
    (finding,) = findings(change(step("Price", "team.monthly", euros[0], euros[1])), "price-increase", counted)
    assert finding.sentence == (
        "team.monthly: 10.00 → 12.00 EUR per month (+20.0 %), above the limit of 10 %; the price stays, so who has it "
        "(1 active subscription) may pay this as well."
    )
    assert finding.advice.startswith("Replace the price instead of changing it")
    (cheaper,) = findings(change(step("Price", "team.monthly", euros[1], euros[0])), "price-decrease")
    assert cheaper.advice.startswith("Expect less from who has it as well")


def test_a_price_that_takes_over_the_lookup_key_is_compared() -> None:
    """Another name is no way around the bound."""
    old = step("Price", "team.monthly", price(lookup_key="team"), None)
    new = step("Price", "team.monthly2", None, price(lookup_key="team", unit_amount=1400))
    assert told(change(old, new), "price-increase") == [
        f"team.monthly2, which takes over from team.monthly: 12.00 → 14.00 USD per month (+16.7 %){PASS}."
    ]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (price(), price(nickname="Team")),
        (price(), price(unit_amount=None, unit_amount_decimal="1200.0")),
        (price(), price(unit_amount=14400, recurring=YEAR)),
        (price(), price(recurring=None, unit_amount=9900)),
        (volume((20, 1200), ("inf", 1000)), volume((10, 1200), (20, 1200), ("inf", 1000))),
        (
            volume((4, 1300), ("inf", 1200), seats={"mode": "follow", "minimum": 5}),
            volume((4, 9900), ("inf", 1200), seats={"mode": "follow", "minimum": 5}),
        ),
        (metered(), price(unit_amount=9900)),
    ],
)
def test_the_same_money_is_no_increase(old: dict[str, Any], new: dict[str, Any]) -> None:
    """Other words, other periods at the same rate, bounds that change nothing, quantities that nobody can have."""
    assert told(change(replaced(old, new)), "price-increase") == []


def test_a_new_or_removed_price_is_no_increase() -> None:
    """There is nothing to compare it with."""
    changed = change(step("Price", "team.new", None, price(unit_amount=9900)), step("Price", "team.old", price(), None))
    assert told(changed, "price-increase") == []


def test_a_decrease_is_only_worth_knowing() -> None:
    """Customers who stay go on paying more."""
    changed = change(replaced(price(), price(unit_amount=1000)))
    assert told(changed, "price-decrease") == ["team.monthly: 12.00 → 10.00 USD per month (-16.7 %)."]
    assert worse(changed, "price-decrease") == ["info"]


@pytest.mark.parametrize(("amount", "severity"), [(121, "info"), (120, "medium"), (12, "medium")])
def test_a_lost_digit_is_more(amount: int, severity: str) -> None:
    """From 90 % less it may be a slip: 12 is 0.12 USD."""
    assert worse(change(replaced(price(), price(unit_amount=amount))), "price-decrease") == [severity]


def test_a_mixed_change_is_told_once() -> None:
    """Where some quantity rises beyond the bound, the increase is what counts; below the bound, the fall."""
    old, new = volume((20, 1200), ("inf", 1000)), volume((20, 1500), ("inf", 900))
    assert told(change(replaced(old, new)), "price-decrease") == []
    slightly = volume((20, 1210), ("inf", 900))
    assert told(change(replaced(old, slightly)), "price-decrease") == [
        "team.monthly: 21 seats cost 210.00 → 189.00 USD per month (-10.0 %)."
    ]


def test_what_becomes_free_is_told_apart() -> None:
    """It is high, and no decrease."""
    changed = change(replaced(price(), price(unit_amount=0)))
    assert told(changed, "price-free") == ["team.monthly: 12.00 USD per month becomes nothing."]
    assert (worse(changed, "price-free"), told(changed, "price-decrease")) == (["high"], [])


def test_what_was_free_does_not_become_free() -> None:
    """Nor does a price of which only a part is free."""
    assert told(change(replaced(price(unit_amount=0), price(unit_amount=0, nickname="x"))), "price-free") == []
    half = volume((20, 0), ("inf", 1000), mode="graduated")
    assert told(change(replaced(volume((20, 1200), ("inf", 1000), mode="graduated"), half)), "price-free") == []
