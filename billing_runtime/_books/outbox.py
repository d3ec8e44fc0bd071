"""Usage that Stripe has to be told of, added up as long as its row is open."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from billing_runtime.limits.counting import Amount, amount_of, amount_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from billing_runtime._books.kept import Kept
    from billing_runtime._outbox.kinds import MeterRules, Rule
    from billing_runtime._store import Row, Transaction, Value
    from billing_runtime.limits.windows import Window

#: What is used in the last seconds of a billing period is told at once: its invoice is about to be made.
LAST_SECONDS = 10


class Place(NamedTuple):
    """Usage of one entity, meter, billing period and slice of time."""

    entity_id: str
    meter: str
    period_start: int
    slice: int


@dataclass(slots=True)
class Open:
    """What was added in this transaction; `level` is the newest value of a meter that is told its last one."""

    period_end: int | None
    at: int
    amount: Amount
    level: Amount | None


class OutboxRows:
    """Rows of one transaction."""

    def __init__(self, transaction: Transaction, kept: Kept, rules: MeterRules) -> None:
        self._transaction, self._kept, self._rules = transaction, kept, rules
        self._known: dict[str, Rule] = {}
        self._added: dict[Place, Open] = {}

    def rule(self, meter: str) -> Rule:
        """How a meter is told."""
        found = self._known.get(meter)
        if found is None:
            found = self._known[meter] = self._rules.of(meter)
        return found

    def add(
        self, entity_id: str, meter: str, period: Window, amount: Amount, at: int, level: Amount | None = None
    ) -> None:
        """So much was used at that time, or so much less; `level` is what a meter of last values stands at after it."""
        at = max(at, period.start) if period.end is None else min(max(at, period.start), period.end - 1)
        place = self.place(entity_id, meter, period.start, at)
        found = self._added.get(place)
        if found is None:
            self._added[place] = Open(period.end, at, amount, level)
        else:
            found.amount += amount
            found.at, found.level = max(found.at, at), level

    def place(self, entity_id: str, meter: str, period_start: int, at: int) -> Place:
        """Which usage is added up with that of this time."""
        return Place(entity_id, meter, period_start, at - at % self.rule(meter).window)

    def took(self, wanted: Iterable[Place], rows: Iterable[Row]) -> None:
        """These places were asked for, and have these rows."""
        known = self._kept.outbox
        known.update(dict.fromkeys(wanted))
        known.update({Place(row["entity_id"], row["meter"], row["period_start"], row["slice"]): row for row in rows})

    def flush(self) -> None:
        """Write what was added: to the open row of its place, or to the next part if that was sealed."""
        if not self._added:
            return
        known = self._kept.outbox
        unknown = [place for place in self._added if place not in known]
        if unknown:
            self.took(unknown, self._transaction.all("load_outbox", keys=json.dumps(unknown)))
        values = {place: self._row(place, added, known[place]) for place, added in self._added.items()}
        self._transaction.run_many("keep_outbox", list(values.values()))
        known.update({place: {**row, "state": "open"} for place, row in values.items()})

    def _row(self, place: Place, added: Open, before: Mapping[str, Any] | None) -> dict[str, Value]:
        rule = self.rule(place.meter)
        part, amount, at = 0, added.amount, added.at
        if before is not None and before["state"] == "open":
            part, amount, at = before["part"], amount + amount_of(before["amount"]), max(at, before["at"])
        elif before is not None:
            part = before["part"] + 1
        value = added.level
        if rule.kind in {"total", "seen"}:
            value = added.amount + (0 if before is None else amount_of(before["value"]))
        return {
            **place._asdict(),
            "period_end": added.period_end,
            "part": part,
            "at": at,
            "amount": amount_text(amount),
            "value": None if value is None else amount_text(value),
            "due_at": _due_at(added, self._rules.slice),
        }


def _due_at(added: Open, slice_: int) -> int:
    """When a row is sealed that begins now: at the end of its slice, or before the end of the billing period."""
    due = added.at - added.at % slice_ + slice_
    return due if added.period_end is None else min(due, max(added.at, added.period_end - LAST_SECONDS))
