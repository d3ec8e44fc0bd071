"""No more requests in a second than Stripe takes: of an account, and of each endpoint. https://docs.stripe.com/rate-limits

A token bucket that holds a single token: without bursts, no second of Stripe's has more than the limit.
"""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

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


class Paces:
    """The pace of the account, and within it one for each endpoint."""

    def __init__(
        self,
        per_second: int,
        per_endpoint: int | None = None,
        now: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._account = Pace(per_second, now, sleep)
        self._new = None if per_endpoint is None else lambda: Pace(per_endpoint, now, sleep)
        self._endpoints: dict[str, Pace] = {}
        self._lock = threading.Lock()

    def wait(self, method: str, url: str) -> None:
        """Return when it is this request's turn."""
        if self._new is not None:
            with self._lock:
                pace = self._endpoints.setdefault(endpoint_of(method, url), self._new())
            pace.wait()
        self._account.wait()


def endpoint_of(method: str, url: str) -> str:
    """The method and the address without ids: those have digits or capitals, the words of an address have none."""
    words = [part for part in urlsplit(url).path.split("/") if re.fullmatch("v[12]|[a-z_]+", part)]
    return " ".join([method.upper(), "/".join(words)])


class PacedClient(stripe.RequestsClient):
    """The SDK's HTTP client, at a pace that Stripe does not refuse."""

    def __init__(self, paces: Paces | None, timeout: float) -> None:
        super().__init__(timeout=timeout)
        self._paces = paces

    def request(  # type: ignore[override]  # as the SDK differs from itself
        self, method: str, url: str, headers: Mapping[str, str] | None, post_data: Any = None
    ) -> tuple[bytes, int, Mapping[str, str]]:
        """Wait for the turn, then ask."""
        if self._paces is not None:
            self._paces.wait(method, url)
        return super().request(method, url, headers, post_data)
