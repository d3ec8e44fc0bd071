"""No more requests in a second than Stripe takes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from billing_runtime._pace import Pace, rate_for
from billing_runtime._settings import STRIPE
from billing_runtime.migration import Pacing, Policy
from tests.billing_runtime.migration.conftest import Shop

if TYPE_CHECKING:
    from collections.abc import Callable


class Time:
    """A clock that moves only when somebody sleeps."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        """Tell the time."""
        return self.now

    def sleep(self, seconds: float) -> None:
        """Let it pass."""
        self.now += seconds


def test_requests_have_their_distance() -> None:
    """The first goes at once, each next one a 25th of a second later; who was slow anyway does not wait."""
    time = Time()
    pace = Pace(25, time, time.sleep)
    moments = []
    for _ in range(3):
        pace()
        moments.append(round(time.now, 3))
    time.sleep(5)
    pace()
    assert moments == [100.0, 100.04, 100.08]
    assert round(time.now, 3) == 105.08


@pytest.mark.parametrize(
    ("base", "livemode", "rate"), [(STRIPE, False, 25), (STRIPE, True, 100), ("http://127.0.0.1:1", False, None)]
)
def test_the_rate_is_the_modes(base: str, livemode: bool, rate: int | None) -> None:
    """25 in test mode, 100 in live mode; an address that is not Stripe's has no limit."""
    assert rate_for(base, STRIPE, livemode=livemode) == rate


def test_every_request_waits_for_its_turn(shop: Shop) -> None:
    """The account, two prices, a page; then look, write, and after a 429 look, write, look."""
    name = shop.subscribe()
    turns: list[int] = []
    count: Callable[[], None] = lambda: turns.append(1)  # noqa: E731 - a turn is a function
    shop.emulator.fail_next(429, path=f"/v1/subscriptions/{name}", method="POST")
    shop.emulator.clear_requests()
    migrations = shop.migrations(turn=count)
    migrations.run(migrations.plan(shop.old, None, Policy()), shop.journal, Pacing(at_once=1))
    assert len(turns) == shop.emulator.count(path="/v1/*") == 9
