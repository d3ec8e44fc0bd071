"""Who is on a price, in words that are right for one, for several, and for none."""

from __future__ import annotations

import pytest

from billing_review.report import Affected
from tests.billing_review.telling.builders import FLAT, SEAT, entry, gone, replaced, updated


@pytest.mark.parametrize(
    ("affected", "said"),
    [
        (Affected(active=37, seats=412), "37 active subscriptions (412 seats) stay on the old price"),
        (Affected(active=1, seats=1), "1 active subscription (1 seat) stays on the old price"),
        (Affected(trialing=1, seats=2), "1 trialing subscription (2 seats) stays on the old price"),
        (
            Affected(active=1200, trialing=3, past_due=2, seats=4000),
            "1,200 active, 3 trialing and 2 past-due subscriptions (4,000 seats) stay on the old price",
        ),
        (Affected(active=1, past_due=1), "1 active and 1 past-due subscriptions stay on the old price"),
        (Affected(), "nobody is on the old price"),
        (
            Affected(active=900, seats=5000, complete=False),
            "at least 900 active subscriptions (5,000 seats) stay on the old price",
        ),
        (Affected(complete=False), "nobody was found on it before counting stopped"),
    ],
)
def test_on_an_old_price(affected: Affected, said: str) -> None:
    """Who stays on the old price."""
    assert entry(replaced(SEAT, unit_amount=1300), affected=affected).headline.endswith(f"; {said}.")


def test_on_a_price_that_changes_or_goes() -> None:
    """Who is on a price that stays, and who stays on one that goes; a fee has no seats to count."""
    three = Affected(active=3, seats=3)
    assert entry(updated(FLAT, trial_days=7), affected=three).headline.endswith("; 3 active subscriptions are on it.")
    assert entry(gone("Price", "ai.base", **FLAT.args), affected=three).headline.endswith(
        "; 3 active subscriptions stay on it."
    )
    assert entry(updated(FLAT, trial_days=7), affected=Affected()).headline.endswith("; nobody is on it.")


def test_nobody_looked() -> None:
    """Where nobody looked, nothing is said."""
    assert entry(updated(FLAT, trial_days=7)).headline == "Assistant, monthly fee: 7 days of trial."


@pytest.mark.parametrize(
    ("affected", "sentence"),
    [
        (
            Affected(active=40, customers=38, monthly_revenue={"usd": 494400, "jpy": 12000}),
            "38 customers pay 12,000 JPY and 4,944.00 USD a month on it today, at list price and without usage.",
        ),
        (
            Affected(active=1, customers=1, monthly_revenue={"usd": 1200}),
            "1 customer pays 12.00 USD a month on it today, at list price and without usage.",
        ),
        (
            Affected(active=1, monthly_revenue={"usd": 1200}),
            "It brings in 12.00 USD a month today, at list price and without usage.",
        ),
        (
            Affected(active=9, customers=9, monthly_revenue={"usd": 10800}, complete=False),
            "At least 9 customers pay at least 108.00 USD a month on it today, at list price and without usage.",
        ),
        (Affected(open_checkouts=1), "1 open checkout session offers it at this moment."),
        (Affected(open_checkouts=2), "2 open checkout sessions offer it at this moment."),
    ],
)
def test_what_they_pay(affected: Affected, sentence: str) -> None:
    """Money that is on it, and sales that are under way."""
    assert sentence in entry(replaced(SEAT, unit_amount=1300), affected=affected).sentences
