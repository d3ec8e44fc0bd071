"""What was told days ago is kept by the day and not by the minute: the store stays small, and sums what they are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby
from typing import TYPE_CHECKING

from billing_runtime._outbox.rows import period_of, place_of, row_of
from billing_runtime.clock import minute_after, minute_before, to_unix

if TYPE_CHECKING:
    from collections.abc import Iterator

    from billing_runtime._context import Context
    from billing_runtime._outbox.kinds import Kind, MeterRules
    from billing_runtime._outbox.rows import OutboxRow
    from billing_runtime._store import Row, Transaction

#: Stripe reports errors within minutes, knows identifiers for a day, and takes units back for one.
FOLD_AFTER = 3 * 86_400
# So few rows are no matter, and are left at the edges of a period; so many periods are looked at in one go.
_FEW, _AT_ONCE = 30, 200
#: How often.
FOLD_EVERY = timedelta(hours=6)
_DAY = 86_400


@dataclass(frozen=True, slots=True)
class Folding:
    """Folds."""

    context: Context
    rules: MeterRules

    def fold(self) -> int:
        """Fold what was told long ago, and remove what nobody asks about any more; how many rows went."""
        now = to_unix("clock()", self.context.clock())
        gone = 0
        while periods := self._periods(now - FOLD_AFTER):
            folded = sum(self._period(period, now - FOLD_AFTER) for period in periods)
            gone += folded
            if not folded:
                break
        before = to_unix("clock()", self.context.clock() - self.context.limits.keep_decisions)
        with self.context.store.transaction(self.context.scope) as change:
            return gone + change.run("drop_old_usage", before=before)

    def _periods(self, before: int) -> list[Row]:
        with self.context.store.reading(self.context.scope) as reading:
            return reading.all("periods_told_long_ago", before=before, few=_FEW, most=_AT_ONCE)

    def _period(self, period: Row, before: int) -> int:
        kind = self.rules.of(period["meter"]).kind
        place = period_of(period)
        with self.context.store.transaction(self.context.scope) as change:
            change.lock_all([period["entity_id"]])
            rows = [row_of(row) for row in change.all("rows_of_period", **place)]
            if any(row.state in {"sealed", "doubted"} for row in rows):
                return 0  # it may have to be compared with Stripe, minute by minute
            old = [row for row in rows if row.state == "sent" and (row.sent_at or before) < before]
            return sum(_folded(change, group, kind) for group in _groups(old, kind))


def _groups(rows: list[OutboxRow], kind: Kind) -> Iterator[list[OutboxRow]]:
    """Rows that one of them may stand for, the one that does last.

    The minutes in which a period begins and ends stay as they are: they are compared with Stripe to the second.
    """
    if kind in {"total", "seen"}:
        sections = groupby(rows, key=lambda row: row.slice)
    elif kind == "last":
        sections = groupby(rows, key=lambda row: row.period_start)
    else:
        sections = groupby((row for row in rows if not _is_edge(row)), key=lambda row: row.at // _DAY)
    for _, section in sections:
        yield list(section)


def _is_edge(row: OutboxRow) -> bool:
    first = row.at < minute_after(row.period_start)
    return first or (row.period_end is not None and row.at >= minute_before(row.period_end))


def _folded(change: Transaction, rows: list[OutboxRow], kind: Kind) -> int:
    """Let the last of these rows stand for all; how many went."""
    if len(rows) < 2 and all(row.generation < 0 for row in rows):
        return 0
    *others, last = rows
    amount = sum(row.amount for row in rows)
    done = sum(row.done - row.undone for row in rows if row.amount > 0) if kind in {"count", "seen"} else 0
    change.run("fold_told", **place_of(last), amount=str(amount), done=done)
    if others:
        change.run_many("drop_folded", [place_of(row) for row in others])
    return len(others)
