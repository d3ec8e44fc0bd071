"""`billing.on_threshold`: a limit's own thresholds, told to the application once in every window."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from billing_runtime._inbox.backoff import Backoff
from billing_runtime._inbox.failing import problem
from billing_runtime.clock import from_unix, time_of, to_unix
from billing_runtime.finding import Finding
from billing_runtime.limits.counting import Amount, amount_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from billing_runtime._context import Context
    from billing_runtime._store import Row

#: How long those of a window that is over are kept, told or not, and how often old ones are looked for.
KEEP_NOTICES, DROP_EVERY = timedelta(days=7), timedelta(hours=6)

# Whoever is killed while he tells is followed by another so much later. Never given up: the window's end does that.
_CLAIMED = 300
_BACKOFF = Backoff(longest=timedelta(hours=1), attempts=2**31)
_AT_ONCE = 50
_LATE = 600


@dataclass(frozen=True, slots=True)
class ThresholdReached:
    """An entity's usage of a name (or a member's, of his own limit) has come to `percent` of what the window includes.

    `usage` is what was used by then, reserved units among it, and `limit` what the window included, both in the limit's
    units. Times are aware, in UTC; `resets_at` is None for a window that never ends.
    """

    entity_id: str
    name: str
    member: str | None
    percent: int
    usage: Amount
    limit: int
    window_start: datetime
    resets_at: datetime | None


ThresholdHook = Callable[[ThresholdReached], object]


class Thresholds:
    """Tells what was passed. Safe to share between threads and with any number of other processes."""

    def __init__(self, context: Context, wake: Callable[[], None]) -> None:
        """`wake` lets the workers of this process look at once."""
        self._context, self._wake = context, wake
        self._guard = threading.Lock()
        self._hooks: tuple[ThresholdHook, ...] = ()

    def add(self, hook: ThresholdHook) -> None:
        """Call the function for every threshold that is passed, and was not told yet."""
        with self._guard:
            self._hooks += (hook,)
        self._wake()

    def passed(self) -> None:
        """Some were passed a moment ago, in this process."""
        if self._hooks:
            self._wake()

    def work(self) -> int:
        """Tell some of those that are due; how many were tried. Without a function they wait for another process."""
        if not self._hooks:
            return 0
        with self._context.store.reading(self._context.scope) as reading:
            due = reading.all("due_usage_notices", now=self._now, most=_AT_ONCE)
        return sum(self._tell(row) for row in due if self._claim(row))

    def drop_old(self) -> int:
        """Remove those of windows that are long over; how many."""
        before = self._now - int(KEEP_NOTICES.total_seconds())
        with self._context.store.transaction(self._context.scope) as change:
            return change.run("drop_old_usage_notices", before=before)

    @property
    def _now(self) -> int:
        return to_unix("clock()", self._context.clock())

    def _claim(self, row: Row) -> bool:
        with self._context.store.transaction(self._context.scope) as change:
            claimed = change.run(
                "claim_usage_notice",
                **_place(row),
                due_at=row["due_at"],
                attempts=row["attempts"],
                until=self._now + _CLAIMED,
            )
        return bool(claimed)

    def _tell(self, row: Row) -> bool:
        told = _told(row)
        due_at, attempts, why = None, row["attempts"], None
        try:
            for hook in self._hooks:
                hook(told)
        except Exception as error:  # noqa: BLE001 - the application's own fault: shown, and tried again
            attempts += 1
            due_at, why = self._now + (_BACKOFF.seconds(attempts) or 0), problem(error)
        with self._context.store.transaction(self._context.scope) as change:
            change.run("settle_usage_notice", **_place(row), due_at=due_at, attempts=attempts, problem=why)
        return True


def threshold_findings(context: Context) -> Iterator[Finding]:
    """Thresholds whose function fails, or that nobody is told of."""
    with context.store.reading(context.scope) as reading:
        lag = reading.one("usage_notice_lag")
    if lag is None or not lag["waiting"]:
        return
    if lag["failing"]:
        why = lag["problem"].rstrip(".")
        said = f"{lag['failing']} thresholds were passed, and a function of billing.on_threshold fails: {why}."
        yield Finding("thresholds", "fault", said)
    elif to_unix("clock()", context.clock()) - lag["oldest"] > _LATE:
        said = (
            f"{lag['waiting']} thresholds were passed, and nobody was told: does a process with billing.on_threshold "
            "run a worker?"
        )
        yield Finding("thresholds", "warning", said)


def _place(row: Row) -> dict[str, str | int]:
    return {name: row[name] for name in ("entity_id", "name", "member_id", "per", "window_start", "percent")}


def _told(row: Row) -> ThresholdReached:
    return ThresholdReached(
        row["entity_id"],
        row["name"],
        row["member_id"] or None,
        row["percent"],
        amount_of(row["usage"]),
        row["granted"],
        time_of(row["window_start"]),
        from_unix(row["window_end"]),
    )
