"""Whose turn it is to write to a file: first come, first served, between threads and between processes.

SQLite's own waiting is no queue: who waits sleeps a while and looks again, and of eight busy processes one may wait for
seconds while another writes a thousand times. So writers stand in line for a lock on a file beside the database before
they begin; the kernel keeps the line, and drops whoever is killed. Nothing depends on it: SQLite's own lock stays what
keeps writers apart.
"""

from __future__ import annotations

import os
import sys
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

from billing_runtime._forks import in_children

if sys.platform != "win32":
    import fcntl

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class Turns:
    """The line of one database file."""

    def __init__(self, database: Path, seconds: float) -> None:
        """Nobody waits longer than so many seconds: TimeoutError."""
        self._database, self._seconds = database, seconds
        self._inside = threading.Lock()
        self._handle: int | None = None
        in_children(self)

    @contextmanager
    def taken(self) -> Iterator[None]:
        """It is this caller's turn, until the block ends."""
        if not self._inside.acquire(timeout=self._seconds):
            raise TimeoutError(_STUCK)
        try:
            handle = self._locked()
            try:
                yield
            finally:
                _unlock(handle)
        finally:
            self._inside.release()

    def close(self) -> None:
        """Let go of the file."""
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None

    def after_fork(self) -> None:
        """The lock that the parent may hold must not live on in the child."""
        self.close()
        self._inside = threading.Lock()

    def _locked(self) -> int:
        if self._handle is None:
            mode = self._database.stat().st_mode & 0o777  # who may write there may stand in line
            self._handle = os.open(f"{self._database}-turn", os.O_RDWR | os.O_CREAT, mode)
        handle = self._handle
        # In a thread of its own, since this lock is waited for without end, and who has it may have been stopped.
        if not _lock_at_once(handle) and not _Wait(handle).over(self._seconds):
            self._handle = None  # it is the waiting thread's now
            raise TimeoutError(_STUCK)
        return handle


class _Wait:
    """Waiting for a lock, which may be given up; then the thread lets go of it when it comes."""

    def __init__(self, handle: int) -> None:
        self._handle = handle
        self._guard = threading.Lock()
        self._has = self._given_up = False
        self._thread = threading.Thread(target=self._run, name="billing-turn", daemon=True)
        self._thread.start()

    def over(self, seconds: float) -> bool:
        """Whether the lock was had in time."""
        self._thread.join(seconds)
        with self._guard:
            self._given_up = not self._has
        return self._has

    def _run(self) -> None:
        _lock(self._handle)
        with self._guard:
            self._has = not self._given_up
        if not self._has:
            os.close(self._handle)


def _lock_at_once(handle: int) -> bool:
    """Whether nobody else has it. Where there are no such locks everybody has his own, and it is as SQLite does it."""
    if sys.platform != "win32":
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
    return True


def _lock(handle: int) -> None:
    if sys.platform != "win32":
        fcntl.flock(handle, fcntl.LOCK_EX)


def _unlock(handle: int) -> None:
    if sys.platform != "win32":
        fcntl.flock(handle, fcntl.LOCK_UN)


_STUCK = "somebody else has been writing for too long"
