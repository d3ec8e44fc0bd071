"""Which rows the operations of one transaction need, so that they are loaded in a few reads."""

from __future__ import annotations

from dataclasses import dataclass, field

CounterKey = tuple[str, str, str]


@dataclass(slots=True)
class Needs:
    """Entities (they are locked), counters by entity, name and member, decisions by entity and idempotency key."""

    entities: set[str] = field(default_factory=set)
    counters: set[CounterKey] = field(default_factory=set)
    decisions: set[tuple[str, str]] = field(default_factory=set)
    uses: set[tuple[str, str, str, str]] = field(default_factory=set)
    """What will be used now, by entity, name, member and action: rows of the day and of the outbox."""
