"""Rows as the last transaction left them, so that the next one need not read them again.

Only as long as nobody else has changed anything meanwhile: another process, a worker that seals the outbox, whoever
erases a customer. The store tells (`Writer`); where it cannot tell, everything is read each time. What failed is
forgotten as well: nobody knows what became of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from billing_runtime._books.needs import CounterKey
    from billing_runtime._books.outbox import Newest, Place
    from billing_runtime._cache.rows import Writes
    from billing_runtime.limits.counting import Amount, Counter

    Day = tuple[str, str, int, str, str]

_MOST = 16_384


class Kept:
    """Counters, days' use, the newest outbox rows of their places, and how entities stand."""

    def __init__(self) -> None:
        self._version: object | None = None
        self.lasting = False
        """Whether most of what is needed is here, and the rest is near: then nothing need be foreseen."""
        self.forget()

    def begin(self, version: object | None) -> None:
        """A transaction begins; `version` is equal to the last one's if nobody else has changed anything."""
        many = max(len(rows) for rows in (self.counters, self.days, self.outbox, self.standings)) > _MOST
        if version is None or version != self._version or many:
            self.forget()
        self._version = version
        self.lasting = version is not None

    def forget(self) -> None:
        """Read everything again."""
        self._version = None
        self.counters: dict[CounterKey, Counter] = {}
        self.days: dict[Day, Amount] = {}
        self.outbox: dict[Place, Newest | None] = {}
        self.standings: dict[str, Writes] = {}
