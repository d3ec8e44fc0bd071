"""What is to be sent now: a lane for each endpoint, in the order in which deliveries became ready."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from stripe_emulator.delivery.record import READY, WAITING

Document = dict[str, Any]
Lane = tuple[str, str]  # account and mode, endpoint


def _nobody() -> None:
    pass


class Outbox:
    """Follows from the stored deliveries alone, so what was not sent before a restart is in it afterwards."""

    def __init__(self) -> None:
        self.on_ready: Callable[[], None] = _nobody
        """Called when something is to be sent."""
        self.generation = 0
        """Another one after everything was forgotten."""
        self.lanes: dict[Lane, dict[str, None]] = {}
        self._ready: dict[tuple[str, str], Lane] = {}
        self._waiting: dict[tuple[str, str], int] = {}

    def note(self, scope: str, identifier: str, delivery: Document | None) -> None:
        """Take over a delivery, or its removal."""
        key, state = (scope, identifier), None if delivery is None else delivery["state"]
        if delivery is not None and state == READY:
            self._join(key, (scope, delivery["endpoint"]))
        elif key in self._ready:
            self._leave(key)
        if delivery is not None and state == WAITING:
            self._waiting[key] = delivery["next_attempt"]
        else:
            self._waiting.pop(key, None)

    def next_moment(self) -> int | None:
        """Return when the first of those that wait is to be sent."""
        return min(self._waiting.values(), default=None)

    def clear(self) -> None:
        """Forget everything."""
        self.generation += 1
        self.lanes.clear()
        self._ready.clear()
        self._waiting.clear()

    def _join(self, key: tuple[str, str], lane: Lane) -> None:
        if key not in self._ready:
            self._ready[key] = lane
            self.lanes.setdefault(lane, {})[key[1]] = None
            self.on_ready()

    def _leave(self, key: tuple[str, str]) -> None:
        lane = self._ready.pop(key)
        self.lanes[lane].pop(key[1])
        if not self.lanes[lane]:
            del self.lanes[lane]
