"""No more requests in a second than Stripe takes: 25 in test mode, 100 in live mode. https://docs.stripe.com/rate-limits"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

TEST_RATE, LIVE_RATE = 25, 100


class Pace:
    """Gives every request its moment, without bursts; threads may share it."""

    def __init__(
        self, per_second: int, now: Callable[[], float] = time.monotonic, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        self._interval, self._now, self._sleep = 1 / per_second, now, sleep
        self._next = 0.0
        self._lock = threading.Lock()

    def __call__(self) -> None:
        """Return when it is this request's turn."""
        with self._lock:
            moment = max(self._next, self._now())
            self._next = moment + self._interval
        delay = moment - self._now()
        if delay > 0:
            self._sleep(delay)


def rate_for(api_base: str, stripe: str, *, livemode: bool) -> int | None:
    """How many requests a second; an address that is not Stripe's sets no limit."""
    if api_base != stripe:
        return None
    return LIVE_RATE if livemode else TEST_RATE
