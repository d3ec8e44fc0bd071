"""Which credits pay for which lines: pure rules, held against a calculation of our own."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stripe_emulator.objects.credits.allocation import Charge, Credit, Use, allocate


def credit(name: str, left: int, prices: str | None = None, /, **rank: int) -> Credit:
    """Return a credit; of its rank only what matters: priority, ends, paid, begins, created."""
    end = (False, rank["ends"]) if "ends" in rank else (True, 0)
    order = (rank.get("priority", 50), end, bool(rank.get("paid", 1)), rank.get("begins", 0), rank.get("created", 0))
    return Credit(name, left, None if prices is None else frozenset(prices), order)


@pytest.mark.belief("credits apply by priority, then end, promotional first, beginning, creation", "D")
@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"priority": 0, "created": 9}, {"priority": 1}),
        ({"ends": 5, "created": 9}, {"ends": 6}),
        ({"ends": 5, "created": 9}, {}),
        ({"paid": 0, "created": 9}, {"paid": 1}),
        ({"begins": 1, "created": 9}, {"begins": 2}),
        ({"created": 1}, {"created": 2}),
        ({"priority": 0}, {"priority": 1, "ends": 1, "paid": 0}),
        ({"ends": 5, "paid": 1}, {"paid": 0}),
        ({"paid": 0, "begins": 8}, {"paid": 1, "begins": 1}),
    ],
)
def test_the_first_in_order_is_used_first(first: dict[str, int], second: dict[str, int]) -> None:
    """Whatever order they are handed in."""
    grants = [credit("second", 10, **second), credit("first", 10, **first)]
    assert allocate(grants, [Charge("il", "a", 10)]) == [Use("first", "il", 10)]


def test_a_grant_goes_on_where_another_ended() -> None:
    """Nine of the first, the rest of the second, and what nothing is left for stays unpaid."""
    grants = [credit("one", 9, created=1), credit("two", 4, created=2)]
    charges = [Charge("x", "a", 7), Charge("y", "a", 5), Charge("z", "a", 5)]
    expected = [Use("one", "x", 7), Use("one", "y", 2), Use("two", "y", 3), Use("two", "z", 1)]
    assert allocate(grants, charges) == expected


def test_prices_that_a_grant_is_not_for_are_left_alone() -> None:
    """Even if nothing else pays for them."""
    assert allocate([credit("some", 9, "b")], [Charge("x", "a", 7), Charge("y", "b", 5)]) == [Use("some", "y", 5)]


def test_a_line_that_costs_nothing_takes_nothing() -> None:
    """Nor does one that gives money back."""
    assert allocate([credit("one", 9)], [Charge("x", "a", 0), Charge("y", "a", -5)]) == []


RANKS = st.fixed_dictionaries(
    {"priority": st.integers(0, 2), "paid": st.integers(0, 1), "begins": st.integers(0, 2)},
    optional={"ends": st.integers(3, 5)},
)
SOME = st.none() | st.sampled_from(["a", "b", "ab"])
GRANTS = st.lists(st.tuples(st.integers(0, 30), SOME, RANKS), max_size=5)
CHARGES = st.lists(st.tuples(st.sampled_from("abc"), st.integers(-5, 30)), max_size=5)


@given(grants=GRANTS, charges=CHARGES)
def test_nothing_is_spent_twice_and_nothing_payable_is_left(
    grants: list[tuple[int, str | None, dict[str, int]]], charges: list[tuple[str, int]]
) -> None:
    """No grant and no line is exceeded; where both have something left, the one is not for the other."""
    credits_ = [credit(str(at), left, prices, created=at, **rank) for at, (left, prices, rank) in enumerate(grants)]
    lines = [Charge(str(at), price, amount) for at, (price, amount) in enumerate(charges)]
    spent: Counter[str] = Counter()
    paid: Counter[str] = Counter()
    for use in allocate(credits_, lines):
        assert use.amount > 0
        spent[use.grant] += use.amount
        paid[use.line] += use.amount
    assert spent.total() == paid.total()
    for one in credits_:
        assert spent[one.grant] <= one.left
        for line in lines:
            assert paid[line.line] <= max(0, line.amount)
            is_for = one.prices is None or line.price in one.prices
            assert not is_for or spent[one.grant] == one.left or paid[line.line] == max(0, line.amount)


@given(grants=GRANTS, amount=st.integers(0, 100))
def test_a_later_one_is_touched_when_the_earlier_ones_are_spent(
    grants: list[tuple[int, str | None, dict[str, int]]], amount: int
) -> None:
    """On one line that all are for, at most one grant is used in part: the last one used."""
    credits_ = [credit(str(at), left, created=at, **rank) for at, (left, _, rank) in enumerate(grants)]
    uses = allocate(credits_, [Charge("x", "a", amount)])
    left = {one.grant: one.left for one in credits_}
    in_order = [one.grant for one in sorted(credits_, key=lambda one: one.rank) if one.left]
    assert [use.grant for use in uses] == in_order[: len(uses)]
    assert all(use.amount == left[use.grant] for use in uses[:-1])
    assert sum(use.amount for use in uses) == min(amount, sum(left.values()))
