"""Connections that nobody uses at the moment: kept for the next one, and left alone by a forked child."""

from __future__ import annotations

import os
import threading
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable


class _Connection(Protocol):
    def close(self) -> None: ...


C = TypeVar("C", bound=_Connection)


class Idle(Generic[C]):
    """As many connections as there were ever users at one time; they may be handed from thread to thread."""

    def __init__(self, connect: Callable[[], C]) -> None:
        self._connect = connect
        self._lock = threading.Lock()
        self.connections: list[C] = []
        self._inherited: list[C] = []
        self._process = os.getpid()

    def take(self) -> C:
        """A connection nobody else uses."""
        with self._lock:
            self._leave_inherited()
            if self.connections:
                return self.connections.pop()
        return self._connect()

    def give_back(self, connection: C) -> None:
        """Let the next one use it."""
        with self._lock:
            self.connections.append(connection)

    def close(self) -> None:
        """Close every connection that is not at work."""
        with self._lock:
            self._leave_inherited()
            idle, self.connections = self.connections, []
        for connection in idle:
            connection.close()

    def _leave_inherited(self) -> None:
        """Connections must be neither used nor closed across a fork: those of the parent stay the parent's."""
        if self._process != os.getpid():
            self._inherited += self.connections
            self.connections, self._process = [], os.getpid()
