"""What is to happen later: one moment for each task and object, kept with the data, found without a search.

Nothing runs in the background. Before a request is answered, and when a clock is moved, everything that came due is
done one task after the other, each in a transaction of its own and at its own time, as if somebody had watched.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from stripe_emulator.call import Call

Document = dict[str, Any]
Task = Callable[["Call", str], None]
Line = tuple[int, int, str]  # when, in which order it was asked for, which entry

_AHEAD = 1 << 60  # what is early comes before all that was ever asked for

DUE = "due"
"""The kind of the entries: `{"task", "id", "at", "clock", "first", "early"}`; the clock is that of a test, or None."""


class Tasks:
    """The tasks of one file, by name; a task finds its object by id, and `call.now` is the moment it was due."""

    def __init__(self) -> None:
        self.table: dict[str, Task] = {}

    def __call__(self, name: str) -> Callable[[Task], Task]:
        """Register the decorated function."""

        def register(task: Task) -> Task:
            self.table[name] = task
            return task

        return register


def key_of(task: str, identifier: str) -> str:
    """Return the id of the entry of a task for an object: there is one at most."""
    return f"{task}/{identifier}"


@dataclass(frozen=True)
class Due:
    """One thing to do now."""

    key: str
    task: str
    identifier: str
    at: int
    first: tuple[str, int] | None = None
    """A test clock and a moment: what is due on it until then is done before this."""


@dataclass
class Agenda:
    """All entries of all accounts, in the order of their time; each clock has its own line."""

    _lines: dict[tuple[str, str | None], list[Line]] = field(default_factory=dict)
    _entries: dict[tuple[str, str], tuple[int, Document]] = field(default_factory=dict)
    _asked: int = 0

    def note(self, scope: str, key: str, entry: Document | None) -> None:
        """Take over an entry, or its removal."""
        if entry is None:
            self._entries.pop((scope, key), None)
            return
        self._asked += 1
        order = self._asked - _AHEAD if entry.get("early") else self._asked
        self._entries[scope, key] = order, entry
        line = self._lines.setdefault((scope, entry["clock"]), [])
        heapq.heappush(line, (entry["at"], order, key))

    def next(self, scope: str, clock: str | None, until: int) -> Due | None:
        """Return what comes first among what is due by a moment, if anything is."""
        line = self._lines.get((scope, clock), [])
        while line and line[0][0] <= until:
            at, order, key = line[0]
            current = self._entries.get((scope, key))
            if current is not None and current[0] == order:
                entry = current[1]
                first = entry.get("first")
                return Due(key, entry["task"], entry["id"], at, (first[0], first[1]) if first else None)
            heapq.heappop(line)  # another moment was asked for since
        return None

    def scopes(self) -> list[str]:
        """Return the accounts and modes that have a line by the account's own time."""
        return [scope for scope, clock in self._lines if clock is None]

    def clear(self) -> None:
        """Forget everything."""
        self._lines.clear()
        self._entries.clear()
