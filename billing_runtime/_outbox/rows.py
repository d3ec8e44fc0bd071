"""Rows of the outbox as they are worked on."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from billing_runtime._store import Row, Scope, Value

State = Literal["open", "sealed", "doubted", "sent", "dead", "dropped"]

NO_CUSTOMER = "the entity has no Stripe customer"
GONE_CUSTOMER = "Stripe has no such customer any more"


class Lane(NamedTuple):
    """Usage of one entity and meter: it is told by one worker at a time, in its order."""

    entity_id: str
    meter: str


@dataclass(frozen=True, slots=True)
class OutboxRow:
    """Usage of one entity, meter, billing period and slice; amounts in units of the meter, times in Unix seconds."""

    entity_id: str
    meter: str
    period_start: int
    period_end: int | None
    slice: int
    part: int
    at: int
    amount: int
    value: int | None
    state: State
    due_at: int | None
    attempts: int
    done: int
    undone: int
    generation: int
    identifier: str | None
    customer_id: str | None
    tried_at: int | None
    sent_at: int | None
    problem: str | None

    @property
    def lane(self) -> Lane:
        """Whose usage it is, on which meter."""
        return Lane(self.entity_id, self.meter)

    @property
    def place(self) -> tuple[int, int, int]:
        """Which of its lane it is; also their order."""
        return self.period_start, self.slice, self.part

    def identifier_in(self, scope: Scope) -> str:
        """The name under which Stripe is told of it, always the same one until it is made anew."""
        said = [scope.account, str(scope.livemode), self.entity_id, self.meter, *map(str, self.place)]
        text = "\n".join([*said, str(self.generation)])
        return f"use-{hashlib.sha256(text.encode()).hexdigest()[:40]}"

    def anew(self, due_at: int, problem: str | None = None) -> OutboxRow:
        """The row as it is told again, under another identifier: what was told under this one counts nowhere."""
        state: State = "sealed" if self.done else "open"
        fresh = replace(self, state=state, due_at=due_at, generation=self.generation + 1, problem=problem)
        return replace(fresh, identifier=None, customer_id=None, tried_at=None, sent_at=None)


def row_of(row: Row) -> OutboxRow:
    """The row as it stands in the store."""
    value = row["value"]
    return OutboxRow(
        row["entity_id"], row["meter"], row["period_start"], row["period_end"], row["slice"], row["part"], row["at"],
        int(row["amount"]), None if value is None else int(value), row["state"], row["due_at"], row["attempts"],
        row["done"], row["undone"], row["generation"], row["identifier"], row["customer_id"], row["tried_at"],
        row["sent_at"], row["problem"],
    )  # fmt: skip


def place_of(row: OutboxRow) -> dict[str, Value]:
    """What names a row in the store."""
    return {
        "entity_id": row.entity_id,
        "meter": row.meter,
        "period_start": row.period_start,
        "slice": row.slice,
        "part": row.part,
    }


def period_of(row: Row) -> dict[str, Value]:
    """What names the billing period of an entity and meter in the store."""
    return {name: row[name] for name in ("entity_id", "meter", "period_start")}


def values_of(row: OutboxRow) -> dict[str, Value]:
    """What is written of a row that was worked on."""
    return place_of(row) | {
        "at": row.at,
        "amount": str(row.amount),
        "state": row.state,
        "due_at": row.due_at,
        "attempts": row.attempts,
        "done": row.done,
        "undone": row.undone,
        "generation": row.generation,
        "identifier": row.identifier,
        "customer_id": row.customer_id,
        "tried_at": row.tried_at,
        "sent_at": row.sent_at,
        "problem": row.problem,
    }
