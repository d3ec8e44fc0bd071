"""Writing down what has become of rows, and saying aloud what will not be as it should."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from billing_runtime._outbox.claiming import let_go
from billing_runtime._outbox.problems import UsageProblem
from billing_runtime._outbox.rows import place_of, values_of
from billing_runtime._outbox.telling import units_of
from billing_runtime.clock import from_unix, time_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from billing_runtime._outbox.claiming import Claim
    from billing_runtime._outbox.kinds import MeterRules
    from billing_runtime._outbox.rows import OutboxRow
    from billing_runtime._outbox.sending import Outcome
    from billing_runtime._outbox.settings import Reporting
    from billing_runtime._store import Scope, Store, Transaction, Value

_log = logging.getLogger("billing_runtime.usage")

LATE = "it was told after the invoice of its period was made"
STAYS = "it was told more than a day ago, and Stripe takes no unit back after that"
BILLED = "it was given back after the invoice of its period was made"


@dataclass(frozen=True, slots=True)
class Settling:
    """Keeps outcomes."""

    store: Store
    scope: Scope
    reporting: Reporting
    rules: MeterRules
    is_billed: Callable[[str, str], bool]
    """Whether an entity's subscription bills a meter."""

    def settle(self, claimed: Claim, outcome: Outcome, now: int) -> list[UsageProblem]:
        """Write everything in one transaction, and let others go on; what is to be said aloud."""
        corrections = self._corrections(outcome, now)
        opened = {row.entity_id for row in outcome.rows if row.state == "open"}
        with self.store.transaction(self.scope) as change:
            if opened:
                change.lock_all(opened)
            if outcome.rows:
                change.run_many("keep_told", [values_of(row) for row in outcome.rows])
            if outcome.back:
                change.run_many("keep_taken_back", [_undone(row, undone) for row, undone in outcome.back])
            add_corrections(change, corrections, now)
            if claimed.lanes:
                let_go(change, claimed)
        dead = [dead_problem(row) for row in outcome.rows if row.state == "dead"]
        return [*dead, *corrections]

    def announce(self, problems: Iterable[UsageProblem]) -> None:
        """Say it in the log and to the application, after it is on disk."""
        for problem in problems:
            _log.error("%s", problem)
            if self.reporting.on_problem is None:
                continue
            try:
                self.reporting.on_problem(problem)
            except Exception:  # noqa: BLE001 - the application's own fault must not stop usage
                _log.exception("on_problem failed")

    def _corrections(self, outcome: Outcome, now: int) -> list[UsageProblem]:
        kept = [correction_of(row, -units, STAYS) for row, units in outcome.kept]
        late = []
        for row in outcome.rows:
            units = units_of(row, self.rules.of(row.meter).kind)
            final = row.state == "sent" and row.identifier and units and self._is_final(row, now)
            if final and self.is_billed(row.entity_id, row.meter):
                late.append(correction_of(row, units, LATE if units > 0 else BILLED))
        return [*kept, *late]

    def _is_final(self, row: OutboxRow, now: int) -> bool:
        """Whether the invoice of a row's period takes nothing more."""
        grace = int(self.reporting.grace.total_seconds())
        return row.period_end is not None and now >= row.period_end + grace


def add_corrections(change: Transaction, corrections: Iterable[UsageProblem], now: int) -> None:
    """Keep what is to be put right."""
    rows = [_correction(one, now) for one in corrections]
    if rows:
        change.run_many("add_usage_correction", rows)


def dead_problem(row: OutboxRow) -> UsageProblem:
    """A row that was given up, with the units that Stripe does not have."""
    return _problem("dead", str(row.identifier), row, row.amount - row.done, row.problem or "")


def correction_of(row: OutboxRow, units: int, reason: str) -> UsageProblem:
    """An invoice that is not right because of a row."""
    suffix = "-stays" if reason == STAYS else "-late"
    return _problem("correction", f"{row.identifier}{suffix}", row, units, reason)


def _problem(
    kind: Literal["dead", "correction"], identifier: str, row: OutboxRow, units: int, reason: str
) -> UsageProblem:
    return UsageProblem(
        kind,
        identifier,
        row.entity_id,
        row.meter,
        time_of(row.period_start),
        from_unix(row.period_end),
        units,
        reason,
    )


def _undone(row: OutboxRow, undone: int) -> dict[str, Value]:
    return place_of(row) | {"undone": undone}


def _correction(one: UsageProblem, now: int) -> dict[str, Value]:
    return {
        "correction_id": one.identifier,
        "entity_id": one.entity_id,
        "meter": one.meter,
        "period_start": int(one.period_start.timestamp()),
        "period_end": None if one.period_end is None else int(one.period_end.timestamp()),
        "units": str(one.units),
        "told": int(one.reason != STAYS),
        "reason": one.reason,
        "at": now,
    }
