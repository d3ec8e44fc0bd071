"""The emulator's time: it runs with the real one until it is set, and then stands still until it is set again."""

from __future__ import annotations

import time
from datetime import UTC, datetime


class Clock:
    """A clock that is set, not read."""

    def __init__(self, frozen: int | None = None) -> None:
        self.frozen = frozen

    def now(self) -> int:
        """Return the time as Stripe writes it: whole seconds since 1970."""
        return int(time.time()) if self.frozen is None else self.frozen


def parse_time(text: str) -> int:
    """Read seconds since 1970 or an ISO date; a date without a zone is UTC."""
    if text.lstrip("-").isdigit():
        return int(text)
    moment = datetime.fromisoformat(text)
    return int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp())
