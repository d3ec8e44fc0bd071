"""Counters and decisions as they stand in the store."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from billing_runtime.limits.counting import Counter, Left, amount_of, amount_text

if TYPE_CHECKING:
    from billing_runtime._store import Row, Value

Values = dict[str, Any]


@dataclass(slots=True)
class KeptDecision:
    """A decision that took something; `parts` and `ending` are JSON."""

    receipt: str
    entity_id: str
    idempotency_key: str | None
    request: str
    state: str
    at: int
    expires_at: int | None
    parts: str
    ending: str | None = None


def counter_of(row: Row) -> Counter:
    """The counter in a row."""
    found = Counter(
        row["entity_id"], row["name"], row["member_id"], row["per"], row["window_start"], row["window_end"],
        amount_of(row["used"]), amount_of(row["paid"]), amount_of(row["held"]), amount_of(row["total"]),
        row["granted"], row["key"], row["terms"], row["credits"],
    )  # fmt: skip
    found.read_details(row["details"])
    return found


COUNTER = (
    "entity_id", "name", "member_id", "per", "window_start", "window_end", "used", "paid", "held", "total", "granted",
    "key", "terms", "credits", "details",
)  # fmt: skip


def counter_row(counter: Counter) -> tuple[Value, ...]:
    """The row of a counter, in the order of COUNTER."""
    return (
        counter.entity_id, counter.name, counter.member_id, counter.per, counter.start, counter.end,
        amount_text(counter.used), amount_text(counter.paid), amount_text(counter.held), amount_text(counter.total),
        counter.granted, counter.key, counter.terms, counter.credits, counter.details(),
    )  # fmt: skip


def left_of(row: Row) -> Left:
    """The window in a row of counter_window."""
    return Left(
        row["per"], row["window_start"], row["window_end"], amount_of(row["used"]), amount_of(row["paid"]),
        amount_of(row["total"]), row["granted"], row["details"],
    )  # fmt: skip


def left_values(counter: Counter, left: Left) -> Values:
    """The row of a window that is no longer open."""
    return {
        "entity_id": counter.entity_id,
        "name": counter.name,
        "member_id": counter.member_id,
        "per": left.per,
        "window_start": left.start,
        "window_end": left.end,
        "used": amount_text(left.used),
        "paid": amount_text(left.paid),
        "total": amount_text(left.total),
        "granted": left.granted,
        "details": left.details,
    }


def decision_of(row: Row) -> KeptDecision:
    """The decision in a row."""
    return KeptDecision(
        row["receipt"], row["entity_id"], row["idempotency_key"], row["request"], row["state"], row["at"],
        row["expires_at"], row["parts"], row["ending"],
    )  # fmt: skip


DECISION = ("receipt", "entity_id", "idempotency_key", "request", "state", "at", "expires_at", "parts", "ending")
ALTERED = ("receipt", "state", "expires_at", "parts", "ending")


def decision_row(decision: KeptDecision) -> tuple[Value, ...]:
    """The row of a new decision, in the order of DECISION."""
    return (
        decision.receipt, decision.entity_id, decision.idempotency_key, decision.request, decision.state, decision.at,
        decision.expires_at, decision.parts, decision.ending,
    )  # fmt: skip


def altered_row(decision: KeptDecision) -> tuple[Value, ...]:
    """What may change of a decision, in the order of ALTERED."""
    return decision.receipt, decision.state, decision.expires_at, decision.parts, decision.ending
