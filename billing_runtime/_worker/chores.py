"""What is to be done from time to time, by one process of all that share a store."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from billing_runtime.clock import to_unix
from billing_runtime.errors import BillingError

if TYPE_CHECKING:
    from billing_runtime._store import Scope, Store
    from billing_runtime.clock import Clock

_log = logging.getLogger("billing_runtime.worker")

# Whoever is killed at a chore is followed by another so much later; a failed one is tried again sooner.
_UNFINISHED = timedelta(minutes=15)
_FAILED = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Chore:
    """Something to do every so often. It must not mind being done twice, or being killed in the middle."""

    name: str
    every: timedelta
    do: Callable[[], object]


class Chores:
    """The chores of one opened Billing; when each is due stands in the store."""

    def __init__(self, store: Store, scope: Scope, clock: Clock) -> None:
        self._store, self._scope, self._clock = store, scope, clock
        self._chores: list[Chore] = []

    def add(self, name: str, every: timedelta, do: Callable[[], object]) -> None:
        """Do this every so often, beginning at once."""
        self._chores = [chore for chore in self._chores if chore.name != name] + [Chore(name, every, do)]

    def run_due(self) -> int:
        """Do what is due and nobody is at; how many chores were done. Raises StoreError."""
        return sum(self._do(chore) for chore in self._chores if self._begins(chore))

    def _begins(self, chore: Chore) -> bool:
        now = self._clock()
        later = to_unix("due_at", now + min(chore.every, _UNFINISHED))
        with self._store.transaction(self._scope) as change:
            return bool(change.run("begin_chore", name=chore.name, due_at=later, now=to_unix("clock()", now)))

    def _do(self, chore: Chore) -> bool:
        try:
            chore.do()
        except BillingError as error:
            _log.warning("%s: %s", chore.name, error)
            self._due_in(chore, min(chore.every, _FAILED))
            return False
        except Exception:  # noqa: BLE001 - one chore must not stop the others
            _log.exception("%s failed", chore.name)
            self._due_in(chore, min(chore.every, _FAILED))
            return False
        self._due_in(chore, chore.every)
        return True

    def _due_in(self, chore: Chore, length: timedelta) -> None:
        due = to_unix("due_at", self._clock() + length)
        with self._store.transaction(self._scope) as change:
            change.run("postpone_chore", name=chore.name, due_at=due)
