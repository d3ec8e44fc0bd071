"""No more requests in a second than Stripe takes. https://docs.stripe.com/rate-limits"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from typing import Any

import stripe


class Pace:
    """Gives every request its moment: in any second no more than so many."""

    def __init__(
        self, per_second: int, now: Callable[[], float] = time.monotonic, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        self._interval, self._now, self._sleep = 1 / per_second, now, sleep
        self._next = 0.0
        self._lock = threading.Lock()

    def wait(self) -> None:
        """Return when it is this request's turn."""
        with self._lock:
            moment = max(self._next, self._now())
            self._next = moment + self._interval
        delay = moment - self._now()
        if delay > 0:
            self._sleep(delay)


class PacedClient(stripe.RequestsClient):
    """The SDK's HTTP client, at a pace that Stripe does not refuse."""

    def __init__(self, pace: Pace | None, timeout: float) -> None:
        super().__init__(timeout=timeout)
        self._pace = pace

    def request(  # type: ignore[override]  # as the SDK differs from itself
        self, method: str, url: str, headers: Mapping[str, str] | None, post_data: Any = None
    ) -> tuple[bytes, int, Mapping[str, str]]:
        """Wait for the turn, then ask."""
        if self._pace is not None:
            self._pace.wait()
        return super().request(method, url, headers, post_data)
