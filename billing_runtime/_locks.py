"""One lock per name, so that threads of this process work on one entity one after another."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING
from weakref import WeakValueDictionary

if TYPE_CHECKING:
    from contextlib import AbstractContextManager


class KeyedLocks:
    """Locks that exist as long as somebody holds or awaits them."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._locks: WeakValueDictionary[str, _Lock] = WeakValueDictionary()

    def of(self, name: str) -> AbstractContextManager[object]:
        """The lock of this name; may be taken again by the thread that holds it."""
        with self._guard:
            lock = self._locks.get(name)
            if lock is None:
                lock = self._locks[name] = _Lock()
            return lock


class _Lock:
    """An RLock that can be referred to weakly."""

    def __init__(self) -> None:
        self._lock = threading.RLock()

    def __enter__(self) -> bool:
        return self._lock.__enter__()

    def __exit__(self, *reason: object) -> None:
        self._lock.release()
