"""One commit for all who wait for one: a disk that syncs 500 times a second takes in more than 500 webhooks.

Whoever comes first commits for everybody who has come by then. The others sleep until their answer is there, or until
it is their turn to commit for those who came meanwhile; nobody is woken for nothing.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Generic, TypeVar

from billing_runtime._forks import in_children

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

T = TypeVar("T")
R = TypeVar("R")

_MOST = 256


class _Slot(Generic[T, R]):
    """One caller's item, its answer, and what the caller sleeps on."""

    __slots__ = ("answer", "done", "error", "item", "woken")

    def __init__(self, item: T) -> None:
        self.item = item
        self.done = False
        self.answer: R | None = None
        self.error: BaseException | None = None
        self.woken = threading.Lock()
        self.woken.acquire()


class GroupCommit(Generic[T, R]):
    """Callers of many threads, and one transaction for as many of them as wait together."""

    def __init__(self, commit: Callable[[Sequence[T]], Sequence[R]]) -> None:
        """`commit` writes all items in one transaction and answers for each; if it raises, it raises for all."""
        self._commit = commit
        self._begin()
        in_children(self)

    def _begin(self) -> None:
        """Nobody waits."""
        self._guard = threading.Lock()
        self._queue: list[_Slot[T, R]] = []
        self._busy = False  # somebody commits, or was told to; while nobody does, the queue is empty

    def after_fork(self) -> None:
        """Whoever was at it is in the parent."""
        self._begin()

    def add(self, item: T) -> R:
        """Write the item; returns when it is on disk."""
        slot: _Slot[T, R] = _Slot(item)
        with self._guard:
            self._queue.append(slot)
            waits, self._busy = self._busy, True
        if waits:
            slot.woken.acquire()
        if not slot.done:
            self._commit_waiting()
        if slot.error is not None:
            raise slot.error
        return slot.answer  # type: ignore[return-value] # there is one if there is no error

    def _commit_waiting(self) -> None:
        with self._guard:
            batch, self._queue = self._queue[:_MOST], self._queue[_MOST:]
        try:
            for slot, answer in zip(batch, self._commit([slot.item for slot in batch]), strict=True):
                slot.answer = answer
        except BaseException as error:  # noqa: BLE001 - it is raised again where it belongs: at each caller
            for slot in batch:
                slot.error = error
        finally:
            self._next()
            for slot in batch:
                slot.done = True
                slot.woken.release()

    def _next(self) -> None:
        """Wake the one who commits for those who have come meanwhile."""
        with self._guard:
            self._busy = bool(self._queue)
            if self._queue:
                self._queue[0].woken.release()
