"""Units that were told one by one are taken back one by one, the newest first, within a day; after that they stay.

https://docs.stripe.com/api/billing/meter-event-adjustment
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, NamedTuple
from uuid import uuid4

from billing_runtime._outbox.rows import row_of
from billing_runtime._outbox.sealing import KNOWN_FOR
from billing_runtime._outbox.ways import key_of_cancel, take_back
from billing_runtime.errors import StripeRefused, StripeUnavailable

if TYPE_CHECKING:
    from collections.abc import Callable

    from billing_runtime._outbox.kinds import Kind
    from billing_runtime._outbox.looking import Looking
    from billing_runtime._outbox.rows import OutboxRow
    from billing_runtime._store import Scope, Store
    from billing_runtime._stripe import StripeApi
    from billing_runtime.catalog import Meter

_EVER = 2**62


class Back(NamedTuple):
    """Of a told row, so many units are taken back by now."""

    row: OutboxRow
    undone: int


@dataclass(slots=True)
class Progress:
    """How far it came with a row: what is done stays done, whatever fails next. `kept` units can no longer go back."""

    row: OutboxRow
    back: list[Back] = field(default_factory=list)
    kept: int = 0


@dataclass(frozen=True, slots=True)
class TakingBack:
    """Takes units back."""

    store: Store
    scope: Scope
    api: StripeApi
    turn: Callable[[], None]
    looking: Looking

    def take_back(self, progress: Progress, meter: Meter, kind: Kind, units: int, now: int) -> None:
        """Take back so many units of what the lane was told in the period, those of the row's own slice first.

        Raises StripeUnavailable, StripeRefused.
        """
        rest, there = units - progress.row.done, 0
        for told in self._told(progress.row, kind):
            fresh = told.identifier is not None and told.sent_at is not None and now - told.sent_at < KNOWN_FOR
            gone = self._of(progress, told, meter, rest) if fresh and rest else 0
            rest, there = rest - gone, there + told.done - told.undone - gone
        progress.kept = min(rest, there)  # what Stripe was never told needs no taking back

    def _told(self, row: OutboxRow, kind: Kind) -> list[OutboxRow]:
        """Rows with units at Stripe; those of the row's own slice first, then the newest."""
        first, last = (row.slice, row.slice) if kind == "seen" else (0, _EVER)
        with self.store.reading(self.scope) as reading:
            rows = reading.all(
                "told_units",
                entity_id=row.entity_id,
                meter=row.meter,
                period_start=row.period_start,
                first=first,
                last=last,
            )
        found = [row_of(one) for one in rows]
        return sorted(found, key=lambda one: one.slice != row.slice)

    def _of(self, progress: Progress, told: OutboxRow, meter: Meter, rest: int) -> int:
        """Take back units of one row; how many."""
        undone = told.undone
        while undone < told.done and undone - told.undone < rest:
            if not self._cancel(replace(told, undone=undone), meter):
                break
            undone += 1
            progress.row = replace(progress.row, done=progress.row.done + 1)
            progress.back = [*(one for one in progress.back if one.row is not told), Back(told, undone)]
        return undone - told.undone

    def _cancel(self, told: OutboxRow, meter: Meter) -> bool:
        """Cancel the last unit that is left of a row; False: it cannot be any more."""
        identifier = f"{told.identifier}-{told.done - told.undone - 1}"
        try:
            try:
                self._send(meter, identifier, key_of_cancel(identifier))
            except StripeUnavailable as failure:
                if not failure.replayed:
                    raise
                self._send(meter, identifier, f"billing-{uuid4().hex}")  # a failure that Stripe keeps under the key
        except StripeRefused as refusal:
            if refusal.status != 400:
                raise
            # Too late, or done before by somebody who was killed then: the minute says which.
            there, should = self.looking.units_of_minute(told, meter)
            return there == should - 1
        return True

    def _send(self, meter: Meter, identifier: str, key: str) -> None:
        self.turn()
        take_back(self.api, meter.event_name, identifier, key)
