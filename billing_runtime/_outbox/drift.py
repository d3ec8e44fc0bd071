"""What was used, what Stripe was told of it, and what Stripe has: per entity, meter and billing period, exactly.

https://docs.stripe.com/api/billing/meter-event-summary
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from billing_runtime._outbox.rows import period_of, row_of
from billing_runtime.clock import from_unix, minute_after, minute_before, time_of, to_unix
from billing_runtime.errors import StripeRefused

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from stripe.params.billing import MeterEventSummaryListParams

    from billing_runtime._context import Context
    from billing_runtime._outbox.kinds import Kind, MeterRules
    from billing_runtime._outbox.rows import OutboxRow
    from billing_runtime._store import Row
    from billing_runtime.catalog import Meter

# Stripe takes usage so far ahead of its own time.
_AHEAD = 600


@dataclass(frozen=True, slots=True)
class UsageDrift:
    """One entity's usage of one meter in one billing period, in what the meter counts.

    `used` is what there was here, `told` the part of it that Stripe was told, `stripe` what Stripe has (None without a
    customer, or without the meter). `difference` is `stripe` less `told`: 0, unless somebody else reports usage of this
    customer too, Stripe has not counted everything yet, or something is wrong. `exact` is False where a period begins
    or ends inside of a minute that has usage of both sides, which Stripe does not tell apart for meters like this one.
    """

    entity_id: str
    customer_id: str | None
    meter: str
    period_start: datetime
    period_end: datetime | None
    used: int
    told: int
    stripe: int | None
    exact: bool

    @property
    def difference(self) -> int:
        """What Stripe has too much (negative: too little)."""
        return 0 if self.stripe is None else self.stripe - self.told


@dataclass(frozen=True, slots=True)
class Drifts:
    """Compares."""

    context: Context
    rules: MeterRules

    def of(self, entity_id: str | None) -> Iterator[UsageDrift]:
        """Every period that there is usage of, of one entity or of all."""
        with self.context.store.reading(self.context.scope) as reading:
            periods = reading.all("reported_periods", entity_id=entity_id)
        for number, period in enumerate(periods):
            near = [other for other in periods[max(0, number - 1) : number + 2] if _is_beside(other, period)]
            yield self._one(period, near)

    def _one(self, period: Row, near: Sequence[Row]) -> UsageDrift:
        kind, rows = self.rules.of(period["meter"]).kind, self._rows(period)
        used = _used(rows, kind) + self._kept(period)
        beside = [row for other in near for row in self._rows(other)]
        there, exact = self._at_stripe(period, rows, beside, kind)
        return UsageDrift(
            period["entity_id"],
            period["owner"],
            period["meter"],
            time_of(period["period_start"]),
            from_unix(period["period_end"]),
            used,
            _told(rows, kind),
            there,
            exact,
        )

    def _rows(self, period: Row) -> list[OutboxRow]:
        with self.context.store.reading(self.context.scope) as reading:
            return [row_of(row) for row in reading.all("rows_of_period", **period_of(period))]

    def _kept(self, period: Row) -> int:
        """Units that were given back, and that Stripe did not take back any more; they were used no more."""
        with self.context.store.reading(self.context.scope) as reading:
            return sum(int(row["units"]) for row in reading.all("corrections_of_period", **period_of(period)))

    def _at_stripe(
        self, period: Row, rows: Iterable[OutboxRow], beside: Iterable[OutboxRow], kind: Kind
    ) -> tuple[int | None, bool]:
        """What Stripe has of the period, without what it was told of the minutes that it shares with others."""
        meter = self.context.manifest.meters.get(period["meter"])
        customers = {row.customer_id for row in rows if row.customer_id} | {period["owner"]} - {None}
        if meter is None or meter.id is None or not customers:
            return None, True
        now = to_unix("clock()", self.context.clock())
        end = minute_after(min(period["period_end"] or now + _AHEAD, now + _AHEAD))
        start = minute_before(period["period_start"])
        if end <= start:
            return 0, True
        shared = [row for row in beside if start <= row.at < end and (row.state == "sent" or row.done)]
        there = sum(self._summed(meter, str(customer), start, end) for customer in customers)
        if kind in {"sum", "count"}:
            return there - _told(shared, kind), True
        return there, not shared

    def _summed(self, meter: Meter, customer: str, start: int, end: int) -> int:
        filters: MeterEventSummaryListParams = {"customer": customer, "start_time": start, "end_time": end}
        pages = self.context.api.pages(
            "read a usage summary",
            filters,
            lambda client, page: client.v1.billing.meters.event_summaries.list(str(meter.id), page),
        )
        try:
            return int(sum((Decimal(str(one["aggregated_value"])) for one in pages), Decimal(0)))
        except StripeRefused as refusal:
            # A customer that was deleted, or a meter of another account: whatever was told counts nowhere.
            if refusal.code != "resource_missing":
                raise
            return 0


def _used(rows: Iterable[OutboxRow], kind: Kind) -> int:
    """What the meter comes to when it is told everything."""
    kept = [row for row in rows if row.state != "dropped"]
    if kind == "last":
        return kept[-1].value or 0 if kept else 0
    if kind == "seen":
        return sum((row.value or 0) > 0 for row in {row.slice: row for row in kept}.values())
    return sum(row.amount for row in kept)


def _told(rows: Iterable[OutboxRow], kind: Kind) -> int:
    """What the meter comes to with what it was told."""
    if kind in {"count", "seen"}:
        return sum(row.done - row.undone for row in rows if row.amount > 0)
    sent = [row for row in rows if row.state == "sent"]
    if kind == "last":
        return sent[-1].value or 0 if sent else 0
    if kind == "total":
        return sum(row.value or 0 for row in {row.slice: row for row in sent}.values())
    return sum(row.amount for row in sent)


def _is_beside(other: Row, period: Row) -> bool:
    return other is not period and (other["entity_id"], other["meter"]) == (period["entity_id"], period["meter"])
