"""Counters and decisions as they stand in the store."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from billing_runtime.limits.counting import Counter, Left, amount_of, amount_text
from billing_runtime.limits.details import counter_details, left_details, read_counter_details, read_left_details

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
        row["per"], row["window_start"], row["window_end"], amount_of(row["used"]), amount_of(row["paid"]),
        amount_of(row["total"]), amount_of(row["paid_total"]), row["granted"], row["terms"], row["since"], row["epoch"],
        row["reached"], entity_id=row["entity_id"], name=row["name"], member_id=row["member_id"],
        held=amount_of(row["held"]), sweep_at=row["sweep_at"], key=row["key"], credits=row["credits"],
        members=bool(row["members"]),
    )  # fmt: skip
    read_counter_details(found, row["details"])
    return found


COUNTER = (
    "entity_id", "name", "member_id", "per", "window_start", "window_end", "used", "paid", "held", "total",
    "paid_total", "granted", "reached", "since", "epoch", "sweep_at", "key", "terms", "credits", "members", "details",
)  # fmt: skip


def counter_row(counter: Counter) -> tuple[Value, ...]:
    """The row of a counter, in the order of COUNTER."""
    return (
        counter.entity_id, counter.name, counter.member_id, counter.per, counter.start, counter.end,
        amount_text(counter.used), amount_text(counter.paid), amount_text(counter.held), amount_text(counter.total),
        amount_text(counter.paid_total), counter.granted, counter.reached, counter.since, counter.epoch,
        counter.sweep_at, counter.key, counter.terms, counter.credits, int(counter.members), counter_details(counter),
    )  # fmt: skip


def left_of(row: Row) -> Left:
    """The window in a row of counter_window."""
    found = Left(
        row["per"], row["window_start"], row["window_end"], amount_of(row["used"]), amount_of(row["paid"]),
        amount_of(row["total"]), amount_of(row["paid_total"]), row["granted"], "", row["since"], row["epoch"],
        moved=bool(row["moved"]),
    )  # fmt: skip
    read_left_details(found, row["details"])
    return found


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
        "paid_total": amount_text(left.paid_total),
        "granted": left.granted,
        "since": left.since,
        "epoch": left.epoch,
        "moved": int(left.moved),
        "details": left_details(left),
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
