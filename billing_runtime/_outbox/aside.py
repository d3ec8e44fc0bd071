"""What is late, what was given up, and what is to be put right: to be looked at, and to be done something about."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from billing_runtime._outbox.problems import UsageProblem
from billing_runtime._outbox.rows import GONE_CUSTOMER, NO_CUSTOMER, row_of, values_of
from billing_runtime._outbox.settling import dead_problem
from billing_runtime.clock import from_unix, time_of, to_unix

if TYPE_CHECKING:
    from billing_runtime._outbox.rows import OutboxRow
    from billing_runtime._store import Row, Scope, Store
    from billing_runtime.clock import Clock

_EVERYTHING = 2**31


@dataclass(frozen=True, slots=True)
class UsageLag:
    """How far reporting is behind, in rows (usage of an entity, meter and slice of time).

    `waiting` are to be told, `failing` of them were tried before; `without_customer` of them wait until their entity
    has a Stripe customer. Of the others the `oldest` is from then, and one is `seconds` late. `dead` were given up,
    `corrections` invoices are to be put right.
    """

    waiting: int
    failing: int
    without_customer: int
    oldest: datetime | None
    seconds: int
    dead: int
    corrections: int


@dataclass(frozen=True, slots=True)
class Aside:
    """Rows that are not simply told."""

    store: Store
    scope: Scope
    clock: Clock

    def lag(self, entity_id: str | None) -> UsageLag:
        """How far reporting is behind."""
        missing = {"no_customer": NO_CUSTOMER, "gone_customer": GONE_CUSTOMER}
        with self.store.reading(self.scope) as reading:
            lag = reading.one("outbox_lag", entity_id=entity_id, **missing) or {}
            dead = reading.one("count_dead_usage", entity_id=entity_id) or {}
            corrections = len(reading.all("usage_corrections", entity_id=entity_id))
        oldest, due = lag["oldest"], lag["due"]
        since = from_unix(oldest)
        late = 0 if due is None else max(0, self._now() - due)
        numbers = int(lag["waiting"]), int(lag["failing"]), int(lag["without_customer"])
        return UsageLag(*numbers, since, late, int(dead["number"]), corrections)

    def dead(self, entity_id: str | None, most: int) -> list[UsageProblem]:
        """What was given up, with the reason."""
        with self.store.reading(self.scope) as reading:
            rows = reading.all("dead_usage", entity_id=entity_id, most=most)
        return [dead_problem(row_of(row)) for row in rows]

    def retry(self, identifier: str) -> bool:
        """Tell it again, as if it had never been told; whether there is such a row."""
        row = self._find(identifier)
        return row is not None and self._change(row, row.anew(self._now()))

    def retry_all(self, entity_id: str | None) -> int:
        """The same for everything that was given up; how many rows."""
        with self.store.reading(self.scope) as reading:
            rows = reading.all("dead_usage", entity_id=entity_id, most=_EVERYTHING)
        return sum(self._change(row, row.anew(self._now())) for row in map(row_of, rows))

    def drop(self, identifier: str) -> bool:
        """Never tell it; whether there was such a row."""
        row = self._find(identifier)
        return row is not None and self._change(row, replace(row, state="dropped"))

    def corrections(self, entity_id: str | None) -> list[UsageProblem]:
        """Invoices that are to be put right, oldest first."""
        with self.store.reading(self.scope) as reading:
            return [_correction(row) for row in reading.all("usage_corrections", entity_id=entity_id)]

    def settle(self, identifier: str) -> bool:
        """It was put right; whether it was open."""
        with self.store.transaction(self.scope) as change:
            return bool(change.run("settle_usage_correction", correction_id=identifier, now=self._now()))

    def _find(self, identifier: str) -> OutboxRow | None:
        with self.store.reading(self.scope) as reading:
            row = reading.one("find_dead_usage", identifier=identifier)
        return None if row is None else row_of(row)

    def _change(self, row: OutboxRow, changed: OutboxRow) -> bool:
        with self.store.transaction(self.scope) as change:
            change.lock_all([row.entity_id])
            return bool(change.run("change_dead_usage", **values_of(changed)))

    def _now(self) -> int:
        return to_unix("clock()", self.clock())


def _correction(row: Row) -> UsageProblem:
    return UsageProblem(
        "correction",
        row["correction_id"],
        row["entity_id"],
        row["meter"],
        time_of(row["period_start"]),
        from_unix(row["period_end"]),
        int(row["units"]),
        row["reason"],
    )
