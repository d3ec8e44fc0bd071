"""What was asked and answered, for tests that count requests. Keys are not in it."""

from __future__ import annotations

import fnmatch
from collections import Counter, deque
from dataclasses import asdict, dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from stripe_emulator.messages import Request

_KEPT = 50_000


@dataclass
class Entry:
    """One request; `status` stays None while it is in progress, or when the connection was cut."""

    number: int
    time: int
    method: str
    path: str
    request_id: str
    idempotency_key: str | None
    route: str | None = None
    account: str | None = None
    livemode: bool | None = None
    params: dict[str, Any] = field(default_factory=dict)
    api_version: str | None = None
    user_agent: str | None = None
    fault: str | None = None
    status: int | None = None
    replayed: bool = False


class RequestLog:
    """The last requests, oldest first."""

    def __init__(self) -> None:
        self._entries: deque[Entry] = deque(maxlen=_KEPT)
        self._number = 0

    def begin(self, request: Request, request_id: str, now: int) -> Entry:
        """Note that a request came in."""
        self._number += 1
        entry = Entry(self._number, now, request.method, request.path, request_id, request.idempotency_key)
        entry.user_agent = request.headers.get("user-agent")
        self._entries.append(entry)
        return entry

    def find(self, filters: dict[str, str]) -> list[dict[str, Any]]:
        """Return the requests that agree with every filter; paths and routes may have asterisks."""
        return [asdict(entry) for entry in self._entries if _fits(entry, filters)]

    def latest(self, count: int) -> list[Entry]:
        """Return the last requests themselves, newest first."""
        return list(islice(reversed(self._entries), count))

    def counts(self) -> dict[str, int]:
        """Return how often each route was asked for; what has no route counts under its path."""
        return dict(Counter(entry.route or f"{entry.method} {entry.path}" for entry in self._entries))

    def clear(self) -> None:
        """Forget the requests so far."""
        self._entries.clear()


def _fits(entry: Entry, filters: dict[str, str]) -> bool:
    return all(fnmatch.fnmatchcase(_text(getattr(entry, name)), wanted) for name, wanted in filters.items())


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
