"""How changes of seats are billed: pure rules."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing_runtime.seats.policy import Paid, SeatPolicy, Step, after, steps

POLICY = SeatPolicy(invoices_per_day=2)
QUANTITY = st.integers(1, 30)


def change(quantity: int, wanted: int, **given_: Any) -> tuple[Step, ...]:
    """The steps of a monthly item that was billed for what it has."""
    facts: dict[str, Any] = {
        "paid": Paid(0, quantity),
        "interval": "month",
        "trialing": False,
        "day": 1,
        "policy": POLICY,
    }
    return steps(quantity, wanted, **(facts | given_))


@pytest.mark.parametrize(
    ("interval", "proration"),
    [("day", "create_prorations"), ("month", "create_prorations"), ("year", "always_invoice")],
)
def test_more_seats_are_billed_by_interval(interval: str, proration: Any) -> None:
    """A month's seats wait for the next invoice; a year's are paid now."""
    assert change(3, 5, interval=interval) == (Step(5, proration, "allow_incomplete"),)


def test_fewer_seats_are_cheaper_from_the_renewal_on() -> None:
    """Nothing is credited unless it is asked for."""
    assert change(5, 3) == (Step(3, "none"),)
    assert change(5, 3, policy=SeatPolicy(decrease="create_prorations")) == (Step(3, "create_prorations"),)


def test_what_was_paid_is_not_billed_again() -> None:
    """Five were paid, three are there, seven are wanted: two come back free, two are billed."""
    found = change(3, 7, paid=Paid(0, 5))
    assert found == (Step(5, "none"), Step(7, "create_prorations", "allow_incomplete"))
    assert change(3, 4, paid=Paid(0, 5)) == (Step(4, "none"),)


def test_a_trial_bills_nothing() -> None:
    """However many there are."""
    assert change(3, 9, trialing=True, interval="year") == (Step(9, "none"),)


def test_invoices_of_a_day_are_limited() -> None:
    """After so many, the rest of the day's increases wait for the next invoice; tomorrow begins anew."""
    full = Paid(0, 3, day=1, invoices=2)
    assert change(3, 5, interval="year", paid=full)[0].proration == "create_prorations"
    assert change(3, 5, interval="year", paid=full, day=2)[0].proration == "always_invoice"


@given(
    st.lists(QUANTITY, max_size=12),
    QUANTITY,
    st.sampled_from(["month", "year"]),
    st.sampled_from(["at_renewal", "create_prorations"]),
)
def test_billed_is_the_most_there_ever_was(wanted: list[int], start: int, interval: str, decrease: Any) -> None:
    """Within one period every seat is billed once: what is billed less what is credited is what is paid for."""
    policy = SeatPolicy(decrease=decrease, invoices_per_day=3)
    quantity, paid, billed, invoices = start, Paid(0, start), start, 0
    for one in wanted:
        for step in change(quantity, one, paid=paid, interval=interval, policy=policy):
            billed += step.quantity - quantity if step.proration != "none" else 0
            invoices += step.proration == "always_invoice" and step.quantity > quantity
            paid = after(paid, quantity, step, day=1, policy=policy)
            quantity = step.quantity
        assert quantity == one
    assert billed == paid.quantity
    if decrease == "at_renewal":
        assert billed == max([start, *wanted])
    else:
        assert billed == quantity
    assert invoices <= 3


def test_a_new_period_is_billed_for_what_there_is() -> None:
    """What an earlier period was billed for counts no more."""
    assert Paid(0, 9).within(100, 4) == Paid(100, 4)
    assert Paid(100, 9).within(100, 4) == Paid(100, 9)
