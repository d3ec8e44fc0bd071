"""Any stream of uses, refunds, clock moves, sendings, failures and crashes: Stripe's meters equal what was used."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from billing_runtime import Reporting, StripeUnavailable
from tests.billing_runtime.outbox.conftest import KINDS, summed

if TYPE_CHECKING:
    import stripe

    from billing_runtime import Billing
    from stripe_emulator.client import EmulatorClient
    from tests.billing_runtime.outbox.conftest import Json, Time

_numbers = count()
FAULTS = ["none", "cut before", "cut after", "failure", "crash"]
PATHS = {"v1": "/v1/billing/meter_event*", "v2": "/v*/billing/meter_event*", "stream": "/v*/billing/meter_event*"}

uses = st.tuples(st.just("use"), st.sampled_from(sorted(KINDS)), st.integers(1, 4))
refunds = st.tuples(st.just("refund"), st.integers(0, 9), st.integers(1, 4))
waits = st.tuples(st.just("wait"), st.sampled_from([1, 30, 90, 3600, 40_000, 100_000, 200_000]), st.just(0))
sendings = st.tuples(st.just("send"), st.sampled_from(FAULTS), st.integers(0, 2))
steps = st.lists(st.one_of(uses, uses, refunds, waits, sendings), min_size=4, max_size=18)


@dataclass
class Used:
    """One decision, as the model knows it."""

    name: str
    receipt: str
    at: datetime
    left: int


@dataclass
class World:
    """An entity of its own, and what Stripe must have of it."""

    billing: Billing
    emulator: EmulatorClient
    clock: Time
    path: str
    entity: str = field(default_factory=lambda: f"org_{next(_numbers)}")
    used: list[Used] = field(default_factory=list)
    levels: dict[str, int] = field(default_factory=dict)

    def use(self, name: str, amount: int) -> None:
        """Something is used."""
        receipt = str(self.billing.consume(self.entity, name, amount).receipt)
        self.used.append(Used(name, receipt, self.clock.now, amount))
        self._level(name)

    def refund(self, which: int, amount: int) -> None:
        """Something is given back."""
        if not self.used:
            return
        one = self.used[which % len(self.used)]
        amount = min(amount, one.left)
        if amount:
            self.billing.refund(one.receipt, amount)
            one.left -= amount
            self._level(one.name)

    def wait(self, seconds: int, _: int) -> None:
        """Time goes by."""
        self.clock.pass_(seconds=seconds)

    def send(self, fault: str, skip: int) -> None:
        """A worker tells Stripe, and something goes wrong."""
        rule: Any = {"method": "POST", "path": self.path, "skip": skip}
        if fault.startswith("cut"):
            self.emulator.cut_next(fault.removeprefix("cut "), count=2, **rule)
        elif fault == "failure":
            self.emulator.fail_next(500, count=2, **rule)
        try:
            with pytest.MonkeyPatch.context() as patch:
                if fault == "crash":
                    patch.setattr(type(self.billing._outbox.settling), "settle", _die)
                self.billing.worker().once()
        except (StripeUnavailable, KeyboardInterrupt):
            pass
        self.emulator.clear_faults()

    def finish(self) -> None:
        """Nothing goes wrong any more, and nothing is left to be told."""
        for _ in range(4):
            self.clock.pass_(minutes=11)
            self.billing.worker().once()
        lag = self.billing.usage.lag(self.entity)
        assert (lag.waiting, lag.dead) == (0, 0)

    def expected(self, name: str, month: str) -> int:
        """What the meter must have of a month."""
        if name == "stored":
            return self.levels.get(month, 0)
        here = [one for one in self.used if one.name == name and f"{one.at:%Y-%m}" == month]
        if name == "days":
            return sum(1 for day in {one.at.date() for one in here} if any(o.left for o in here if o.at.date() == day))
        return sum(one.left for one in here)

    def kept(self, name: str, month: str) -> int:
        """Units that Stripe would not take back any more; somebody was told of them."""
        found = self.billing.usage.corrections(self.entity)
        return -sum(one.units for one in found if one.meter == name and f"{one.period_start:%Y-%m}" == month)

    def _level(self, name: str) -> None:
        if name == "stored":
            total = sum(one.left for one in self.used if one.name == name)
            self.levels[f"{self.clock.now:%Y-%m}"] = total


def _die(*_: object) -> None:
    raise KeyboardInterrupt


@pytest.mark.parametrize("way", ["v1", "v2", "stream"])
def test_stripe_has_what_was_used(
    open_billing: Callable[..., Billing],
    data: Json,
    stripe_emulator: EmulatorClient,
    stripe_client: stripe.StripeClient,
    clock: Time,
    way: Any,
) -> None:
    """For every kind of meter and every month: exactly what was used, less what was given back."""
    base = stripe_emulator.url
    billing = open_billing(manifest=data, api_base=base, clock=clock, reporting=Reporting(api=way))

    @settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])
    @given(steps)
    def holds(taken: list[tuple[str, Any, int]]) -> None:
        world = World(billing, stripe_emulator, clock, PATHS[way])
        customer = billing.customers.ensure(world.entity).id
        begun = clock.now
        for step, *arguments in taken:
            getattr(world, step)(*arguments)
        world.finish()
        for month in sorted({f"{moment:%Y-%m}" for moment in (begun, *(one.at for one in world.used), clock.now)}):
            for name in KINDS:
                there = summed(stripe_client, data["meters"][name]["id"], customer, month)
                assert there == world.expected(name, month) + world.kept(name, month), (name, month)

    holds()
