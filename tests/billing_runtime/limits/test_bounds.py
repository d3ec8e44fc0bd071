"""What nobody may gain: by plans, by clocks that jump, by giving back and taking again."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from billing_runtime import Limit, Rollover
from billing_runtime.limits.windows import Schedule
from tests.billing_runtime.limits.memory import Shop, allowed
from tests.billing_runtime.limits.test_advancing import AMOUNTS, CARRIES, DAY, LENGTHS, START, step
from tests.billing_runtime.limits.test_rolling import ROLLOVERS, SCHEDULE, SIZE, Runner

SIZES = st.lists(st.integers(0, 300), min_size=1, max_size=4)
CONSUMES, PASSES = step("consume", AMOUNTS), step("pass", LENGTHS)
CHANGES, REFUNDS = step("change", st.integers(0, 3)), step("refund", st.integers(0, 20), AMOUNTS)
JUMPS = step("jump", st.sampled_from([-400 * DAY, -40 * DAY, -DAY, -3700, -3600, -5, 5, DAY, 40 * DAY, 400 * DAY]))


@settings(max_examples=1000)
@given(CARRIES, SIZES, st.lists(CONSUMES | PASSES | CHANGES | REFUNDS, max_size=25))
def test_plans_mint_nothing(carry: str, sizes: list[int], steps: list[Any]) -> None:
    """Of a window never more than the largest of its plans includes; with `reset`, than each of them includes once."""
    runner = Runner([Limit(size, carry=carry) for size in sizes], Schedule("month", 1, START + 11 * DAY))
    met = {runner.shop.look().place: {0}}
    for one in steps:
        runner.take(*one)
        counter = runner.shop.look()
        plans = met.setdefault(counter.place, set())
        plans.add(runner.plans.index(runner.shop.allowance))
        most = [sizes[number] for number in plans]
        assert counter.used <= (sum(most) if carry == "reset" else max(most))
        if carry == "prorate" and counter.granted is not None:
            assert min(most) <= counter.granted <= max(most)


@settings(max_examples=1000)
@given(st.lists(CONSUMES | JUMPS | REFUNDS, max_size=25), SCHEDULE, st.none() | ROLLOVERS)
def test_clocks_that_jump(steps: list[Any], schedule: Schedule, rollover: Rollover | None) -> None:
    """Whatever the clock does, a window must give what it includes once, and be open again when the clock is right."""
    runner = Runner([Limit(SIZE, rollover=rollover)], schedule)
    taken: dict[Any, int] = {}
    for one in steps:
        runner.take(*one)
        counter = runner.shop.look()
        assert counter.start - 3600 <= runner.shop.now
        assert counter.end is None or runner.shop.now < counter.end
        if one[0] == "consume" and runner.answers[-1]:
            taken[counter.place] = taken.get(counter.place, 0) + one[1]
        if not any(kind == "refund" for kind, *_ in steps):
            carried = 0 if rollover is None else SIZE * rollover.periods if rollover.max is None else rollover.max
            assert taken.get(counter.place, 0) <= SIZE + carried
        assert 0 <= counter.paid <= counter.used
        assert all(int(row["used"]) >= 0 for row in runner.shop.memory.windows.values())


@settings(max_examples=1000)
@given(
    SIZES, CARRIES, st.none() | ROLLOVERS, st.lists(CONSUMES | PASSES | CHANGES, max_size=15), AMOUNTS, st.booleans()
)
def test_given_back_is_as_never_taken(
    sizes: list[int], carry: str, rollover: Rollover | None, steps: list[Any], amount: int, held: bool
) -> None:
    """A use that is given back, at once or after other uses, must leave everything as if it had never been."""
    schedule = Schedule("month", 1, START + 11 * DAY)
    with_it, without = (
        Runner([Limit(size, carry=carry, rollover=rollover, overage="allow") for size in sizes], schedule)
        for _ in range(2)
    )
    for one in steps:
        with_it.take(*one)
        without.take(*one)
    shop = with_it.shop
    made = shop.reserve(amount, DAY) if held else shop.consume(amount)
    if held:
        shop.release(str(made.receipt))
    else:
        shop.refund(str(made.receipt))
    assert with_it.state() == without.state()
    assert with_it.shop.consume(amount).parts == without.shop.consume(amount).parts


def test_a_clock_that_was_a_year_ahead() -> None:
    """After it is right again the window of today must go on, and the other one when its time comes."""
    shop = Shop(allowed(Limit(100)), START)
    first = str(shop.consume(60).receipt)
    shop.now += 365 * DAY
    assert shop.consume(30).usage == 30
    shop.now -= 365 * DAY
    assert shop.consume(10).usage == 70
    shop.now += 365 * DAY
    made = shop.consume(70)
    assert made.usage == 100
    assert not shop.consume(1)
    shop.refund(str(made.receipt))
    shop.refund(first, 20)
    assert shop.consume(1).usage == 31
