"""Any sequence of uses, refunds, plans and time: nothing is gained by it, and nothing is lost."""

from __future__ import annotations

from typing import Any

from hypothesis import event, given, settings
from hypothesis import strategies as st

from billing_runtime import Limit
from billing_runtime.limits.windows import Schedule
from tests.billing_runtime.limits.memory import Shop, allowed
from tests.billing_runtime.limits.model import Model

DAY = 86_400
START = 20_000 * DAY
CARRIES = st.sampled_from(["carry", "reset", "prorate"])
SIZES = st.sampled_from([0, 7, 100, 1000, "unlimited"])
SCHEDULES = st.sampled_from(
    [
        ("month", Schedule("month", 1, 30 * DAY + 7)),
        ("month", Schedule("month", 1, START + 11 * DAY)),
        ("period", Schedule("month", 1, START + 11 * DAY)),
        ("period", Schedule("year", 1, START + 3 * DAY)),
        ("day", Schedule("day")),
        ("hour", Schedule("hour")),
        ("lifetime", Schedule("lifetime")),
    ]
)
PLANS = st.lists(st.tuples(SIZES, CARRIES), min_size=1, max_size=4)
AMOUNTS = st.integers(1, 130)
LENGTHS = st.sampled_from([0, 1, 30, 3599, 3600, DAY, 5 * DAY, 40 * DAY, 400 * DAY]) | st.integers(1, 20 * DAY)


def step(kind: str, *values: st.SearchStrategy[Any]) -> st.SearchStrategy[tuple[Any, ...]]:
    """One thing that happens."""
    return st.tuples(st.just(kind), *values)


CONSUMES, PASSES = step("consume", AMOUNTS, st.booleans()), step("pass", LENGTHS)
REFUNDS = step("refund", st.integers(0, 20), AMOUNTS)
CHANGES, MOVES = step("change", st.integers(0, 3)), step("move", SCHEDULES)

#: Windows that last, so that there is time to come back to them.
LONG = st.sampled_from(
    [
        ("month", Schedule("month", 1, START - 5 * DAY)),
        ("period", Schedule("year", 1, START - 40 * DAY)),
        ("lifetime", Schedule("lifetime")),
        ("hour", Schedule("hour")),
    ]
)
ELSEWHERE, SOON = step("elsewhere", st.integers(0, 2), LONG), step("pass", st.sampled_from([1, 1800, 7200, DAY]))
RESETTING = st.lists(
    st.tuples(st.sampled_from([60, 100, 1000]), st.sampled_from(["reset", "reset", "carry"])), min_size=3
)


class Story:
    """A shop and the model of it, side by side."""

    def __init__(self, plans: list[tuple[Any, str]], schedule: tuple[str, Schedule]) -> None:
        self.plans, self.schedule, self.plan = plans, schedule, 0
        self.shop, self.model = Shop(self.allowance(), START), Model()
        self.receipts: list[str] = []

    def allowance(self) -> Any:
        """The plan that holds, in its windows."""
        size, carry = self.plans[self.plan % len(self.plans)]
        per, schedule = self.schedule
        return allowed(Limit(size, per=per, carry=carry), schedule, f"plan {self.plan % len(self.plans)}")

    def take(self, kind: str, *values: Any) -> None:
        """Let it happen here and there."""
        getattr(self, f"_{kind}")(*values)
        self.model.observe(self.shop.allowance, self.shop.now)
        counter = self.shop.look()
        assert counter.usage == self.model.usage
        assert counter.granted == self.model.granted(self.shop.allowance)
        assert counter.used >= counter.usage >= 0
        assert all(int(row["used"]) >= 0 for row in self.shop.memory.windows.values())

    def _consume(self, amount: int, enforce: bool) -> None:
        self.model.observe(self.shop.allowance, self.shop.now)
        granted = self.model.granted(self.shop.allowance)
        fits = granted is None or self.model.usage + amount <= granted
        decision = self.shop.consume(amount, enforce=enforce)
        assert bool(decision) == (fits or not enforce)
        if decision:
            self.model.uses.append(amount)
            self.receipts.append(str(decision.receipt))

    def _refund(self, number: int, amount: int) -> None:
        if not self.receipts:
            return
        number %= len(self.receipts)
        units = min(amount, self.model.uses[number])
        if units:
            self.shop.refund(self.receipts[number], units)
            self.model.uses[number] -= units

    def _pass(self, length: int) -> None:
        self.shop.now += length

    def _change(self, plan: int) -> None:
        self.plan = plan
        self.shop.allowance = self.allowance()

    def _elsewhere(self, plan: int, schedule: tuple[str, Schedule]) -> None:
        self.plan, self.schedule = plan, schedule
        self.shop.allowance = self.allowance()

    def _move(self, schedule: tuple[str, Schedule]) -> None:
        self.schedule = schedule
        self.shop.allowance = self.allowance()


@settings(max_examples=1000)
@given(PLANS, SCHEDULES, st.lists(CONSUMES | REFUNDS | CHANGES | PASSES, max_size=20))
def test_plans_that_come_and_go(plans: Any, schedule: Any, steps: list[Any]) -> None:
    """What counts must be what was used since the plan began, what is included what its policy says."""
    story = Story(plans, schedule)
    for one in steps:
        story.take(*one)


@settings(max_examples=1000)
@given(PLANS, SCHEDULES, st.lists(CONSUMES | REFUNDS | CHANGES | MOVES | PASSES, max_size=25))
def test_windows_that_come_and_go(plans: Any, schedule: Any, steps: list[Any]) -> None:
    """What was used must go along into other windows; who comes back finds it, and what was used meanwhile."""
    story = Story(plans, schedule)
    for one in steps:
        story.take(*one)
    event(f"windows left: {min(3, sum(row['moved'] for row in story.shop.memory.windows.values()))}")


@settings(max_examples=2000)
@given(RESETTING, LONG, st.lists(CONSUMES | REFUNDS | ELSEWHERE | SOON, min_size=6, max_size=20))
def test_plans_with_windows_of_their_own(plans: Any, schedule: Any, steps: list[Any]) -> None:
    """Whoever goes from plan to plan and from window to window must find each plan where it began to count."""
    story = Story(plans, schedule)
    for one in steps:
        story.take(*one)
    event(f"windows left: {min(3, sum(row['moved'] for row in story.shop.memory.windows.values()))}")
