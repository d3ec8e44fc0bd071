"""How much an account may ask at once: nothing is limited until a test says so. https://docs.stripe.com/rate-limits."""

from __future__ import annotations

import time
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

from stripe_emulator.errors import limits as errors

if TYPE_CHECKING:
    from stripe_emulator.accounts import Scope

_TIMES = ("emulator", "real")


@dataclass(frozen=True)
class Limit:
    """What one account and mode may do; None: as much as it likes."""

    per_second: int | None = None
    endpoint_per_second: int | None = None
    search_per_second: int | None = None  # all search addresses together
    concurrent: int | None = None
    endpoint_concurrent: int | None = None
    time: str = "emulator"  # whose seconds: the emulator's, which may stand still, or real ones

    @classmethod
    def given(cls, values: dict[str, Any]) -> Limit:
        """Read what was sent, or raise ValueError with one sentence."""
        names = [field.name for field in fields(cls)]
        if strangers := sorted(set(values) - set(names)):
            message = f"a limit has no {', '.join(strangers)}; it has {', '.join(names)}"
            raise ValueError(message)
        if values.get("time", "emulator") not in _TIMES:
            message = f"`time` is one of {', '.join(_TIMES)}"
            raise ValueError(message)
        numbers = [value for name, value in values.items() if name != "time" and value is not None]
        if any(not isinstance(number, int) or isinstance(number, bool) or number < 0 for number in numbers):
            message = "a limit is a number of requests"
            raise ValueError(message)
        return cls(**values)


class Limits:
    """Counts what each account asks while there is a limit."""

    def __init__(self) -> None:
        self.limit = Limit()
        self._asked: dict[tuple[str, str], deque[float]] = {}
        self._under_way: Counter[tuple[str, str]] = Counter()

    def set(self, limit: Limit) -> None:
        """Limit everybody from now on."""
        self.limit = limit
        self._asked.clear()

    def admit(self, scope: Scope, route: str, now: Callable[[], int]) -> None:
        """Count a request, or refuse it; what is refused does not count."""
        if self.limit == _NOTHING:
            return
        self._refuse_too_concurrent(scope, route)
        moment = time.monotonic() if self.limit.time == "real" else float(now())
        counted = [
            (allowed, self._last_second((scope.name, what), moment), reason)
            for allowed, what, reason in self._rates(route)
            if allowed is not None
        ]
        for allowed, asked, reason in counted:
            if len(asked) >= allowed:
                raise errors.too_many(reason, livemode=scope.livemode)
        for _, asked, _ in counted:
            asked.append(moment)

    def begin(self, scope: Scope, route: str) -> None:
        """Note that a request is under way for a while."""
        self._under_way.update(((scope.name, ""), (scope.name, route)))

    def end(self, scope: Scope, route: str) -> None:
        """Note that it is over."""
        self._under_way.subtract(((scope.name, ""), (scope.name, route)))

    def _rates(self, route: str) -> list[tuple[int | None, str, str]]:
        limit = self.limit
        search = limit.search_per_second if route.endswith("/search") else None
        return [
            (limit.per_second, "", "global-rate"),
            (limit.endpoint_per_second, route, "endpoint-rate"),
            (search, "search", "endpoint-rate"),
        ]

    def _last_second(self, key: tuple[str, str], moment: float) -> deque[float]:
        asked = self._asked.setdefault(key, deque())
        while asked and not moment - 1 < asked[0] <= moment:
            asked.popleft()
        return asked

    def _refuse_too_concurrent(self, scope: Scope, route: str) -> None:
        limit = self.limit
        for allowed, what, reason in (
            (limit.concurrent, "", "global-concurrency"),
            (limit.endpoint_concurrent, route, "endpoint-concurrency"),
        ):
            if allowed is not None and self._under_way[scope.name, what] >= allowed:
                raise errors.too_many(reason, livemode=scope.livemode)


_NOTHING = Limit()
