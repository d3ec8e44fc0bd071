"""Whether Stripe has what it may have: its summary of a minute, beside what it is known to have.

Stripe knows an identifier again for a day. What may have been sent before that is looked for, and only then sent.
https://docs.stripe.com/api/billing/meter-event-summary
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING

from billing_runtime._outbox.refusals import TRIES, dead
from billing_runtime._outbox.rows import row_of
from billing_runtime._outbox.telling import task_of
from billing_runtime.clock import minute_before

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from stripe.params.billing import MeterEventSummaryListParams

    from billing_runtime._outbox.kinds import Kind
    from billing_runtime._outbox.rows import OutboxRow
    from billing_runtime._store import Scope, Store
    from billing_runtime._stripe import StripeApi
    from billing_runtime.catalog import Meter

_MINUTE = 60
# More rows of one minute than these, and it is no longer worth telling them apart.
_MOST = 12
_REFUSED = "Stripe took it and refused it afterwards, again and again"


@dataclass(frozen=True, slots=True)
class Looking:
    """Asks Stripe about minutes."""

    store: Store
    scope: Scope
    api: StripeApi
    turn: Callable[[], None]

    def found(self, row: OutboxRow, meter: Meter, kind: Kind, now: int) -> OutboxRow:
        """A doubted row as told, as still to be told, or given up if nobody can say.

        Raises StripeRefused, StripeUnavailable.
        """
        if kind in {"last", "total"}:
            return _again(row, now)  # told once more, a value is the same value
        others, there = self._minute(row, meter)
        known = sum(_certain(other, kind) for other in others)
        extra = there - known - _certain(row, kind)
        maybe = [_uncertain(other, kind) for other in others if other.state != "sent" and other.tried_at is not None]
        if kind == "sum":
            if _is_sum_of(extra - row.amount, maybe):
                return replace(row, state="sent", due_at=None, sent_at=now, problem=None)
            return _again(row, now) if _is_sum_of(extra, maybe) else _unknown(row, there, known)
        refused = _is_refused(row)
        done = 0 if refused else row.done
        rest = task_of(row, kind).units - done
        if not 0 <= extra <= rest + sum(maybe):
            return _unknown(row, there, known)
        row = replace(row, done=done + min(rest, extra))
        return replace(row, state="sent", due_at=None) if refused and extra >= rest else _again(row, now)

    def units_of_minute(self, row: OutboxRow, meter: Meter) -> tuple[int, int]:
        """How many units of the minute of a sent row Stripe has, and how many it should have."""
        others, there = self._minute(row, meter)
        return there, sum(_certain(one, "count") for one in [*others, row])

    def _minute(self, row: OutboxRow, meter: Meter) -> tuple[list[OutboxRow], int]:
        """The other rows of a row's minute and customer, and what Stripe has of it."""
        start = minute_before(row.at)
        with self.store.reading(self.scope) as reading:
            found = reading.all(
                "told_between", entity_id=row.entity_id, meter=row.meter, start=start, until=start + _MINUTE
            )
        others = [one for one in map(row_of, found) if one.place != row.place and one.customer_id == row.customer_id]
        return others, self._summed(meter, str(row.customer_id), start)

    def _summed(self, meter: Meter, customer: str, start: int) -> int:
        filters: MeterEventSummaryListParams = {
            "customer": customer,
            "start_time": start,
            "end_time": start + _MINUTE,
        }
        self.turn()
        pages = self.api.pages(
            "read a usage summary",
            filters,
            lambda client, page: client.v1.billing.meters.event_summaries.list(str(meter.id), page),
        )
        return int(sum((Decimal(str(one["aggregated_value"])) for one in pages), Decimal(0)))


def _certain(row: OutboxRow, kind: Kind) -> int:
    """What Stripe has of a row for certain."""
    if _is_refused(row) or row.amount <= 0 < row.done:
        return 0
    if kind == "sum":
        return row.amount if row.state == "sent" else 0
    return row.done - row.undone


def _uncertain(row: OutboxRow, kind: Kind) -> int:
    """What Stripe may have of a row besides."""
    if kind == "sum":
        return row.amount
    return max(0, task_of(row, kind).units - (0 if _is_refused(row) else row.done)) if row.amount > 0 else 0


def _is_refused(row: OutboxRow) -> bool:
    """Whether Stripe may have refused it after it had taken it."""
    return row.state == "doubted" and row.sent_at is not None


def _is_sum_of(total: int, amounts: Sequence[int]) -> bool:
    """Whether some of the amounts, or none, make this total."""
    sums = {0}
    for amount in amounts[:_MOST]:
        sums |= {one + amount for one in sums}
    return total in sums


def _again(row: OutboxRow, now: int) -> OutboxRow:
    """It is told again; what Stripe has refused it knows all the same, so that needs another identifier."""
    if row.sent_at is None:
        return replace(row, state="sealed", tried_at=now)
    return row.anew(now) if row.generation < TRIES else dead(row, _REFUSED)


def _unknown(row: OutboxRow, there: int, known: int) -> OutboxRow:
    said = f"it may have been told before: of its minute Stripe has {there}, and {known} are known to have arrived"
    return dead(row, said)
