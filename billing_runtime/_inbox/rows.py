"""The inbox in the store: every event once, for ever, with what became of it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

from billing_runtime.clock import time_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from billing_runtime._inbox.notification import Notification
    from billing_runtime._store import Row, Scope, Store, Transaction

Json = dict[str, Any]
State = Literal["pending", "applied", "done", "dead", "unhandled"]


@dataclass(frozen=True, slots=True)
class InboxEvent:
    """One event that was taken in. `problem` says why it failed last; it holds no personal data."""

    event_id: str
    type: str
    key: str
    customer_id: str | None
    object_id: str | None
    details: Json
    created: int
    received_at: datetime
    state: State
    attempts: int
    problem: str | None


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of an event: its new state, and when it is due again, if it is."""

    event_id: str
    state: State
    attempts: int
    due_at: int | None = None
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class InboxRows:
    """Events of one account and mode."""

    store: Store
    scope: Scope

    def insert(self, arrivals: Sequence[tuple[Notification, State, int]]) -> list[bool]:
        """Take events in, with the state and time of each, in one transaction; whether each is new."""
        text = json.dumps([_arrival(event, state, at) for event, state, at in arrivals])
        with self.store.transaction(self.scope) as change:
            new = {row["event_id"] for row in change.all("insert_events", events=text)}
        return [_taken(new, event.event_id) for event, _, _ in arrivals]

    def due_keys(self, now: int, most: int) -> list[str]:
        """Whose events are due and nobody's work."""
        with self.store.reading(self.scope) as reading:
            return [row["key"] for row in reading.all("due_keys", now=now, most=most)]

    def due_events(self, key: str, now: int, most: int) -> list[InboxEvent]:
        """The events of one key that are due."""
        with self.store.reading(self.scope) as reading:
            return [_event(row) for row in reading.all("due_events", key=key, now=now, most=most)]

    def next_due(self) -> int | None:
        """When something is to be done next, in Unix time."""
        with self.store.reading(self.scope) as reading:
            row = reading.one("next_due")
        return None if row is None or row["due"] is None else int(row["due"])

    def settle(self, fates: Sequence[Fate]) -> None:
        """Write down what became of events."""
        with self.store.transaction(self.scope) as change:
            for fate in fates:
                settle(change, fate)

    def find(self, event_id: str) -> InboxEvent | None:
        """One event."""
        with self.store.reading(self.scope) as reading:
            row = reading.one("find_event", event_id=event_id)
        return None if row is None else _event(row)

    def aside(self, state: State, most: int) -> list[InboxEvent]:
        """Events that were put aside, newest first."""
        with self.store.reading(self.scope) as reading:
            return [_event(row) for row in reading.all("events_aside", state=state, most=most)]

    def waiting(self, most: int) -> list[InboxEvent]:
        """Events still to be worked on, the longest waiting first."""
        with self.store.reading(self.scope) as reading:
            return [_event(row) for row in reading.all("events_waiting", most=most)]

    def aside_types(self, state: State) -> list[str]:
        """The types of events that were put aside."""
        with self.store.reading(self.scope) as reading:
            return [row["type"] for row in reading.all("aside_types", state=state)]

    def replay(self, event_id: str, now: int) -> bool:
        """Work on an event again; whether there is one."""
        with self.store.transaction(self.scope) as change:
            return bool(change.run("replay_event", event_id=event_id, now=now))

    def replay_aside(self, state: State, name: str, now: int) -> int:
        """Work again on every event of a type that was put aside; how many there are."""
        with self.store.transaction(self.scope) as change:
            return change.run("replay_aside", state=state, type=name, now=now)

    def numbers(self) -> tuple[int, int, int | None, int, int]:
        """Waiting events, how many of them failed, when the oldest came; dead ones, unhandled ones."""
        with self.store.reading(self.scope) as reading:
            lag = reading.one("inbox_lag") or {}
            dead, unhandled = (reading.one("count_aside", state=state) or {} for state in ("dead", "unhandled"))
        oldest = lag["oldest"]
        return int(lag["waiting"]), int(lag["failing"]), oldest, int(dead["number"]), int(unhandled["number"])


def settle(change: Transaction, fate: Fate) -> None:
    """Write down what became of an event, with other changes of the same transaction."""
    change.run(
        "set_event",
        event_id=fate.event_id,
        state=fate.state,
        attempts=fate.attempts,
        due_at=fate.due_at,
        problem=fate.problem,
    )


def _arrival(event: Notification, state: State, at: int) -> Json:
    return {
        "event_id": event.event_id,
        "type": event.type,
        "key": event.key,
        "customer_id": event.customer_id,
        "object_id": event.object_id,
        "details": json.dumps(event.details),
        "created": event.created,
        "received_at": at,
        "state": state,
        "due_at": at if state == "pending" else None,
    }


def _taken(new: set[str], event_id: str) -> bool:
    """Of several that came together only the first is new."""
    found = event_id in new
    new.discard(event_id)
    return found


def _event(row: Row) -> InboxEvent:
    return InboxEvent(
        event_id=row["event_id"],
        type=row["type"],
        key=row["key"],
        customer_id=row["customer_id"],
        object_id=row["object_id"],
        details=json.loads(row["details"]),
        created=row["created"],
        received_at=time_of(row["received_at"]),
        state=row["state"],
        attempts=row["attempts"],
        problem=row["problem"],
    )
