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


def counter_values(counter: Counter) -> Values:
    """The row of a counter."""
    return {
        "entity_id": counter.entity_id,
        "name": counter.name,
        "member_id": counter.member_id,
        "per": counter.per,
        "window_start": counter.start,
        "window_end": counter.end,
        "used": amount_text(counter.used),
        "paid": amount_text(counter.paid),
        "held": amount_text(counter.held),
        "total": amount_text(counter.total),
        "granted": counter.granted,
        "key": counter.key,
        "terms": counter.terms,
        "credits": counter.credits,
        "details": counter.details(),
    }


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


def decision_values(decision: KeptDecision) -> dict[str, Value]:
    """The row of a decision."""
    return {
        "receipt": decision.receipt,
        "entity_id": decision.entity_id,
        "idempotency_key": decision.idempotency_key,
        "request": decision.request,
        "state": decision.state,
        "at": decision.at,
        "expires_at": decision.expires_at,
        "parts": decision.parts,
        "ending": decision.ending,
    }
