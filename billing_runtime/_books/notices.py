"""Thresholds that usage passes: written down with the decision that passes them, to be told afterwards."""

from __future__ import annotations

from typing import TYPE_CHECKING

from billing_runtime.limits.counting import amount_text

if TYPE_CHECKING:
    from billing_runtime._store import Transaction, Value
    from billing_runtime.limits.counting import Counter

_ROW = (
    "entity_id", "name", "member_id", "per", "window_start", "percent", "window_end", "usage", "granted", "at",
    "due_at",
)  # fmt: skip

_ALL = 100


class NoticeRows:
    """Rows of one transaction."""

    def __init__(self, transaction: Transaction, now: int) -> None:
        self._transaction, self._now = transaction, now
        self._added: list[tuple[Value, ...]] = []

    def __bool__(self) -> bool:
        """Whether any was passed in this transaction."""
        return bool(self._added)

    def consider(self, counter: Counter, thresholds: tuple[int, ...]) -> None:
        """Write down which of the thresholds the counter has passed, each once in its window, and upward only.

        Of nothing, and of what has no end, there are no percents. The caller keeps the counter.
        """
        granted = counter.granted
        if not granted or counter.reached >= thresholds[-1]:
            return
        hundredfold, before = counter.usage * 100, counter.reached
        for percent in thresholds:
            if percent > before and hundredfold >= granted * percent:
                counter.reached = percent
                self._added.append((
                    counter.entity_id, counter.name, counter.member_id, counter.per, counter.start, percent,
                    counter.end, amount_text(counter.usage), granted, self._now, self._now,
                ))  # fmt: skip

    def refuse(self, counter: Counter) -> None:
        """A use was refused: that is told as 100 percent, unless usage itself has come to that in this window."""
        if counter.granted and counter.reached < _ALL:
            self._added.append((
                counter.entity_id, counter.name, counter.member_id, counter.per, counter.start, _ALL,
                counter.end, amount_text(counter.usage), counter.granted, self._now, self._now,
            ))  # fmt: skip

    def flush(self) -> None:
        """Write them."""
        if self._added:
            self._transaction.run_rows("add_usage_notice", _ROW, self._added)
