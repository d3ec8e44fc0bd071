"""Usage that Stripe has to be told of, added up as long as its row is open."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from billing_runtime.limits.counting import Amount, amount_of, amount_text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from billing_runtime._books.kept import Kept
    from billing_runtime._outbox.kinds import MeterRules, Rule
    from billing_runtime._store import Row, Transaction
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


class Newest(NamedTuple):
    """The newest row of a place; `open` as long as it was not sealed."""

    part: int
    at: int
    amount: Amount
    value: Amount | None
    open: bool


_ROW = (*Place._fields, "period_end", "part", "at", "amount", "value", "due_at")


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
        for row in rows:
            place = Place(row["entity_id"], row["meter"], row["period_start"], row["slice"])
            value = None if row["value"] is None else amount_of(row["value"])
            known[place] = Newest(row["part"], row["at"], amount_of(row["amount"]), value, row["state"] == "open")

    def flush(self) -> None:
        """Write what was added: to the open row of its place, or to the next part if that was sealed."""
        if not self._added:
            return
        known = self._kept.outbox
        unknown = [place for place in self._added if place not in known]
        if unknown:
            self.took(unknown, self._transaction.all("load_outbox", keys=json.dumps(unknown)))
        rows = []
        for place, added in self._added.items():
            new = known[place] = self._with(place, added, known[place])
            value = None if new.value is None else amount_text(new.value)
            due = _due_at(added, self._rules.slice)
            rows.append((*place, added.period_end, new.part, new.at, amount_text(new.amount), value, due))
        self._transaction.run_rows("keep_outbox", _ROW, rows)

    def _with(self, place: Place, added: Open, before: Newest | None) -> Newest:
        part, amount, at = 0, added.amount, added.at
        if before is not None and before.open:
            part, amount, at = before.part, amount + before.amount, max(at, before.at)
        elif before is not None:
            part = before.part + 1
        value = added.level
        if self.rule(place.meter).kind in {"total", "seen"}:
            value = added.amount + ((before and before.value) or 0)
        return Newest(part, at, amount, value, open=True)


def _due_at(added: Open, slice_: int) -> int:
    """When a row is sealed that begins now: at the end of its slice, or before the end of the billing period."""
    due = added.at - added.at % slice_ + slice_
    return due if added.period_end is None else min(due, max(added.at, added.period_end - LAST_SECONDS))
