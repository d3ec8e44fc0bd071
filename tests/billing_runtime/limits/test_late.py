"""What comes after the end of a window: refunds, commits, a change of plan that nobody was told of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from billing_runtime import Limit, Rollover
from billing_runtime.limits.windows import Schedule
from tests.billing_runtime.limits.memory import Shop, allowed
from tests.billing_runtime.limits.test_advancing import DAY

if TYPE_CHECKING:
    from billing_runtime.limits.counting import Counter

DAYS = Schedule("day")
FIRST = 20_000 * DAY


def shop(most: int | None, periods: int, size: int = 100) -> Shop:
    """A limit by the day whose units are carried over."""
    return Shop(allowed(Limit(size, rollover=Rollover(most, periods)), DAYS), FIRST)


def carried(counter: Counter) -> dict[int, int]:
    """Units of earlier days, by the number of the day."""
    return {(one.start - FIRST) // DAY: int(one.left) for one in counter.carried}


def test_what_is_given_back_late_is_carried_up_to_the_maximum() -> None:
    """However often units of yesterday are given back, and used again, no more than the maximum may come of them."""
    one = shop(10, 1)
    receipts = [str(one.consume(50).receipt) for _ in range(2)]
    one.now += DAY
    one.refund(receipts[0])
    assert carried(one.look()) == {0: 10}
    assert one.consume(110)
    one.refund(receipts[1])
    assert carried(one.look()) == {}
    assert not one.consume(1)


def test_carried_units_that_are_given_back_late() -> None:
    """They must be carried on as long as they would have been, and no longer."""
    for periods, left in ((2, {0: 60, 1: 100}), (1, {1: 100})):
        one = shop(None, periods)
        one.consume(40)
        one.now += DAY
        receipt = str(one.consume(150).receipt)
        one.now += DAY
        one.refund(receipt)
        assert carried(one.look()) == left


def test_what_is_given_back_days_late_is_carried_no_more() -> None:
    """Units of a day before yesterday must go back to their day alone: what came after it is settled."""
    one = shop(None, 3)
    receipt = str(one.consume(100).receipt)
    for _ in range(2):
        one.now += DAY
        one.consume(100)
    one.refund(receipt)
    assert carried(one.look()) == {}
    assert [row["used"] for row in one.memory.windows.values()] == ["0", "100"]


def test_a_change_that_nobody_was_told_of_credits_no_idle_days() -> None:
    """Days in which nothing was asked for must be carried only as far as it is known that the plan held."""
    other = allowed(Limit(500, rollover=Rollover(None, 3)), DAYS, "other plan")
    for changed_at, days in ((None, {0: 60}), (FIRST + 2 * DAY + 5, {0: 60, 1: 100})):
        one = shop(None, 3)
        one.consume(40)
        one.now += 3 * DAY
        one.allowance = other
        assert carried(one.look(changed_at)) == days


def test_a_commit_is_answered_about_today() -> None:
    """Work that ends after its window did must count there, and the answer be about the window that is open."""
    one = Shop(allowed(Limit(100), DAYS), FIRST + DAY - 60)
    receipt = str(one.reserve(30, 3600).receipt)
    one.now += 120
    made = one.commit(receipt, 20)
    assert (made.usage, made.parts[0].amount) == (0, 20)
    assert made.resets_at is not None
    assert made.resets_at.timestamp() == FIRST + 2 * DAY
    assert [row["used"] for row in one.memory.windows.values()] == ["20"]


def test_what_is_given_back_after_the_clock_was_set_right() -> None:
    """Units of the window that goes on must be free in it again."""
    one = Shop(allowed(Limit(100), DAYS), FIRST)
    receipt = str(one.consume(60).receipt)
    one.now += 10 * DAY
    one.consume(1)
    one.now -= 10 * DAY
    assert one.look().usage == 60
    one.refund(receipt, 25)
    assert one.look().usage == 35
