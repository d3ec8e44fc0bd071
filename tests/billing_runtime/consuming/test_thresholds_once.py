"""Any sequence of uses, reservations, refunds and windows: every threshold that is passed is told exactly once."""

from __future__ import annotations

import tempfile
from collections import Counter
from contextlib import closing
from typing import TYPE_CHECKING, Any

from hypothesis import given, settings
from hypothesis import strategies as st

from billing_runtime import Billing, RefundTooLarge, ReservationEnded
from tests.billing_runtime.conftest import IMPATIENT, example
from tests.billing_runtime.consuming.conftest import Time, limit

if TYPE_CHECKING:
    from datetime import datetime

    from billing_runtime import Decision, ThresholdReached

Json = dict[str, Any]
THRESHOLDS = (1, 33, 50, 80, 100, 120)
SIZES = st.sampled_from([1, 3, 7, 10, 100])
AMOUNTS = st.integers(1, 12)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("consume"), AMOUNTS, st.booleans()),
        st.tuples(st.just("reserve"), AMOUNTS, st.booleans()),
        st.tuples(st.just("commit"), st.integers(0, 5), AMOUNTS),
        st.tuples(st.just("release"), st.integers(0, 5), st.none()),
        st.tuples(st.just("refund"), st.integers(0, 5), AMOUNTS),
        st.tuples(st.just("pass"), st.sampled_from([1, 11, 3 * 60, 24 * 60]), st.none()),
        st.tuples(st.just("tell"), st.none(), st.none()),
    ),
    max_size=25,
)


class Story:
    """What happens, and how far usage got in each window at most."""

    def __init__(self, billing: Billing, clock: Time, size: int) -> None:
        self._billing, self._clock, self._size = billing, clock, size
        self._receipts: list[str] = []
        self.most: dict[datetime, int] = {}
        self.told: list[ThresholdReached] = []
        billing.on_threshold(self.told.append)

    def do(self, kind: str, one: Any, other: Any) -> None:
        """One thing happens."""
        if kind == "consume":
            self._took(self._billing.consume("org_1", "calls", one, enforce=other))
        elif kind == "reserve":
            held = self._billing.reserve("org_1", "calls", one, enforce=False)
            self._took(held.decision)
        elif kind == "pass":
            self._clock.pass_(minutes=one)
        elif kind == "tell":
            self._billing.worker().once()
        elif one < len(self._receipts):
            self._end(kind, self._receipts[one], other)

    def _end(self, kind: str, receipt: str, amount: int) -> None:
        try:
            if kind == "commit":
                self._took(self._billing.commit(receipt, amount))
            elif kind == "release":
                self._billing.release(receipt)
            else:
                self._billing.refund(receipt, amount)
        except (ReservationEnded, RefundTooLarge):
            pass

    def _took(self, decision: Decision) -> None:
        if not decision:
            return
        if decision.receipt not in self._receipts:
            self._receipts.append(str(decision.receipt))
        if not decision.replayed:
            day = self._clock.now.replace(hour=0, minute=0)
            self.most[day] = max(self.most.get(day, 0), int(decision.usage))

    def passed(self) -> dict[tuple[datetime, int], int]:
        """Every window and threshold that has to be told, each once."""
        found = [(day, percent) for day, most in self.most.items() for percent in THRESHOLDS]
        return {place: 1 for place in found if self.most[place[0]] * 100 >= self._size * place[1]}


@settings(max_examples=120)
@given(SIZES, STEPS)
def test_exactly_once(size: int, steps: list[tuple[str, Any, Any]]) -> None:
    """Each window and percent that usage has come to must be told once, those of a window in their order."""
    manifest, clock = example(), Time()
    limits = {"calls": limit(size, per="day", thresholds=list(THRESHOLDS))}
    free = {"free": True, "rank": 0, "prices": [], "name": "Free", "limits": limits, "audience": [], "features": {}}
    manifest["plans"]["free"] = manifest["plans"]["team"] | free
    known: Json = {"api_key": "sk_test_emulator", "api_base": "http://127.0.0.1:9", "environ": {}, "clock": clock}
    known["retries"] = IMPATIENT
    with (
        tempfile.TemporaryDirectory() as folder,
        closing(Billing.open(manifest=manifest, store=f"sqlite:///{folder}/billing.db", **known)) as billing,
    ):
        story = Story(billing, clock, size)
        for step in steps:
            story.do(*step)
        billing.worker().once()
    told = [(one.window_start, one.percent) for one in story.told]
    assert Counter(told) == story.passed()
    for day in story.most:
        percents = [percent for window, percent in told if window == day]
        assert percents == sorted(percents)
