"""No more requests in a second than agreed, whichever thread makes them."""

from __future__ import annotations

import threading

from billing_review.counting.clock import Clock


class Pace:
    """Gives every request its moment, without bursts."""

    def __init__(self, per_second: int | None, clock: Clock) -> None:
        self._interval = 0.0 if per_second is None else 1 / per_second
        self._clock = clock
        self._next = 0.0
        self._lock = threading.Lock()

    def wait(self) -> None:
        """Return when it is this request's turn."""
        if not self._interval:
            return
        with self._lock:
            moment = max(self._next, self._clock.monotonic())
            self._next = moment + self._interval
        delay = moment - self._clock.monotonic()
        if delay > 0:
            self._clock.sleep(delay)


class Budget:
    """Counts the requests of all threads, and has an end."""

    def __init__(self, calls: int) -> None:
        self._calls = calls
        self.used = 0
        self._lock = threading.Lock()

    def take(self) -> bool:
        """Whether one more request may be made; it then has been."""
        with self._lock:
            if self.used >= self._calls:
                return False
            self.used += 1
            return True
