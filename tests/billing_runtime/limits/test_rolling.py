"""Units that are carried over, late observers, clocks that jump: bounds that nothing may pass."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from billing_runtime import Limit, Rollover
from billing_runtime.consuming.taken import taken_of
from billing_runtime.limits.windows import Schedule
from tests.billing_runtime.limits.memory import Shop, allowed
from tests.billing_runtime.limits.test_advancing import AMOUNTS, DAY, LENGTHS, START, step

SIZE = 100
ROLLOVERS = st.builds(Rollover, st.none() | st.integers(0, 250), st.integers(1, 3))
SCHEDULE = st.sampled_from([Schedule("month", 1, START + 11 * DAY), Schedule("day"), Schedule("hour")])
CONSUMES, PASSES = step("consume", AMOUNTS), step("pass", LENGTHS)
REFUNDS = step("refund", st.integers(0, 20), AMOUNTS)
RESERVES = step("reserve", AMOUNTS, st.sampled_from([60, 1800, 3600]))
ENDS = step("end", st.integers(0, 5), st.integers(0, 130))
CHANGES = step("change", st.integers(0, 2))
STEPS = st.lists(CONSUMES | PASSES | REFUNDS | RESERVES | ENDS, max_size=25)


class Runner:
    """Does steps; `prompt` looks at the counter all the time, as if somebody watched."""

    def __init__(self, plans: list[Limit], schedule: Schedule, *, prompt: bool = False) -> None:
        self.plans = [allowed(limit, schedule, f"plan {number}") for number, limit in enumerate(plans)]
        self.shop, self.prompt = Shop(self.plans[0], START), prompt
        self.receipts: list[str] = []
        self.held: list[str] = []
        self.answers: list[Any] = []
        self.shop.look()

    def take(self, kind: str, *values: Any) -> None:
        """Do a step."""
        self.answers.append(getattr(self, f"_{kind}")(*values))

    def state(self) -> Any:
        """Everything that matters of the counter, once everything is up to date."""
        self.shop.sweep()
        counter = self.shop.look()
        carried = [(one.start, one.left) for one in counter.carried]
        return counter.place, counter.used, counter.paid, counter.total, counter.granted, carried, counter.held

    def _consume(self, amount: int) -> Any:
        decision = self.shop.consume(amount)
        self.receipts += [str(decision.receipt)] if decision else []
        return decision._replace(receipt=None)

    def _refund(self, number: int, amount: int) -> Any:
        if not self.receipts:
            return None
        receipt = self.receipts[number % len(self.receipts)]
        kept = self.shop.books().decision(receipt)
        assert kept is not None
        has = sum(int(one.units) for one in taken_of(kept.parts))
        return self.shop.refund(receipt, min(amount, has))

    def _reserve(self, amount: int, seconds: int) -> Any:
        decision = self.shop.reserve(amount, seconds)
        self.held += [str(decision.receipt)] if decision else []
        return decision._replace(receipt=None)

    def _end(self, number: int, used: int) -> Any:
        if not self.held:
            return None
        receipt = self.held.pop(number % len(self.held))
        return self.shop.release(receipt) if not used else self.shop.commit(receipt, used)._replace(receipt=None)

    def _pass(self, length: int) -> None:
        if self.prompt:
            for _ in range(7):
                self.shop.now += length // 8
                self.shop.sweep()
                self.shop.look()
            length -= length // 8 * 7
        self.shop.now += length

    def _change(self, plan: int) -> None:
        self.shop.allowance = self.plans[plan % len(self.plans)]
        self.shop.look(self.shop.now)

    def _jump(self, length: int) -> None:
        self.shop.now = max(0, self.shop.now + length)


@settings(max_examples=1000)
@given(ROLLOVERS, SCHEDULE, STEPS)
def test_what_is_carried_has_bounds(rollover: Rollover, schedule: Schedule, steps: list[Any]) -> None:
    """Carried units must never be more than the maximum nor older than their windows, and come from windows alone."""
    runner = Runner([Limit(SIZE, rollover=rollover)], schedule)
    committed = [one for one in steps if one[0] == "end"]
    for one in steps:
        runner.take(*one)
        counter = runner.shop.look()
        start = counter.start
        for _ in range(rollover.periods):
            start = schedule.before(start).start
        assert all(one.left > 0 and start <= one.start < counter.start for one in counter.carried)
        assert rollover.max is None or sum(one.left for one in counter.carried) <= rollover.max
        assert 0 <= counter.paid <= counter.used
        if not committed:
            first = schedule.at(START).start
            windows = 1
            while first < counter.start and windows < 40:
                first, windows = schedule.at(first).end or 0, windows + 1
            assert windows == 40 or counter.total <= SIZE * windows


@settings(max_examples=1000)
@given(ROLLOVERS, SCHEDULE, st.lists(CONSUMES | PASSES | REFUNDS | RESERVES | ENDS | CHANGES, max_size=25))
def test_late_and_prompt_observers_agree(rollover: Rollover, schedule: Schedule, steps: list[Any]) -> None:
    """Whoever looks all the time, and whoever looks only when there is something to do, must find the same."""
    limits = [Limit(size, rollover=rollover, carry="prorate") for size in (SIZE, 3 * SIZE, 0)]
    late, prompt = Runner(limits, schedule), Runner(limits, schedule, prompt=True)
    for one in steps:
        late.take(*one)
        prompt.take(*one)
    assert late.answers == prompt.answers
    assert late.state() == prompt.state()
