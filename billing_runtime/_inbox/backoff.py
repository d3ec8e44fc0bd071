"""When a failed event is tried again, and when it is given up."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class Backoff:
    """Twice as long after every failure, from `first` to `longest`; after `attempts` failures it is put aside.

    As it stands, some five hours: Stripe may be away for an hour, and an application may be mended meanwhile.
    """

    first: timedelta = timedelta(seconds=5)
    longest: timedelta = timedelta(minutes=10)
    attempts: int = 36

    def seconds(self, attempts: int) -> int | None:
        """How long to wait after so many failures; None to give up."""
        if attempts >= self.attempts:
            return None
        doubled = self.first.total_seconds() * 2.0 ** min(attempts - 1, 30)
        pause = min(doubled, self.longest.total_seconds())
        return max(1, round(pause * random.uniform(0.8, 1.2)))  # noqa: S311 - spreads load, guards nothing
