"""Working on what came in, one worker per customer at a time.

An event is `pending` until what it means is on disk, `applied` until the application's hooks have heard of it, then
`done`. Whoever is killed in between is followed by another worker that does the same step again; no step does harm when
it is done twice.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from billing_runtime._inbox.events import EVENTS
from billing_runtime._inbox.rows import Fate
from billing_runtime._store.leases import Leases
from billing_runtime.clock import to_unix

if TYPE_CHECKING:
    from collections.abc import Sequence

    from billing_runtime._inbox.applying import Applying
    from billing_runtime._inbox.rows import InboxEvent, InboxRows
    from billing_runtime._inbox.telling import Telling
    from billing_runtime.clock import Clock

_TOGETHER = 500  # events of one customer that one look at Stripe answers


class Processing:
    """Works on due events. Safe to share between threads and with any number of other processes."""

    def __init__(self, rows: InboxRows, applying: Applying, telling: Telling, clock: Clock) -> None:
        self._rows, self._applying, self._telling, self._clock = rows, applying, telling, clock

    def due(self, most: int) -> list[str]:
        """The keys (customers, mostly) that have something to be done and nobody at it, the longest waiting first."""
        return self._rows.due_keys(self._now(), most)

    def next_due(self) -> int | None:
        """Seconds until something is due, as far as is known; never negative."""
        due = self._rows.next_due()
        return None if due is None else max(0, due - self._now())

    def work_on(self, key: str) -> int:
        """Do what is due for one key; how many events that were, and none if somebody else is at it.

        Raises StripeUnavailable or StoreError: the caller should wait before it goes on with others.
        """
        leases = Leases(self._rows.store, self._rows.scope, self._clock)
        name = f"inbox/{key}"
        if not leases.take(name):
            return 0
        try:
            return self._work(key)
        finally:
            leases.end(name)

    def _work(self, key: str) -> int:
        events = self._known(self._rows.due_events(key, self._now(), _TOGETHER))
        applied = [event for event in events if event.state == "applied"]
        for event in applied + self._applying.apply([event for event in events if event.state == "pending"]):
            self._telling.tell(event)
        return len(events)

    def _known(self, events: Sequence[InboxEvent]) -> list[InboxEvent]:
        """Those whose type this version knows; the others are left to the newer version that took them in."""
        strange = [event for event in events if event.type not in EVENTS]
        if strange:
            self._rows.settle([Fate(event.event_id, "unhandled", event.attempts) for event in strange])
        return [event for event in events if event.type in EVENTS]

    def _now(self) -> int:
        return to_unix("clock()", self._clock())
