"""Usage that Stripe took and refused afterwards: its report is matched with the rows it is about.

A report counts its errors by code and names some of them. What it names is told again or given up; what it counts
without a name is looked for at Stripe, among everything that was told in that time.
https://docs.stripe.com/billing/subscriptions/usage-based/recording-usage-api#handle-meter-event-errors
"""

from __future__ import annotations

import logging
from collections import Counter
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from billing_runtime._outbox.refusals import TRIES, dead, gone
from billing_runtime._outbox.rows import row_of, values_of
from billing_runtime._outbox.sealing import TOO_OLD
from billing_runtime._outbox.settling import dead_problem
from billing_runtime.clock import to_unix

if TYPE_CHECKING:
    from collections.abc import Iterable

    from billing_runtime._context import Context
    from billing_runtime._inbox.hooks import BillingEvent
    from billing_runtime._outbox.kinds import MeterRules
    from billing_runtime._outbox.rows import OutboxRow
    from billing_runtime._outbox.settling import Settling

Json = dict[str, Any]
_log = logging.getLogger("billing_runtime.usage")

REPORTS = ("v1.billing.meter.error_report_triggered", "v1.billing.meter.no_meter_found")
_CUSTOMER, _EARLY, _OLD = "meter_event_customer_not_found", "timestamp_in_future", "timestamp_too_far_in_past"
_AGAIN, _LOOK = 300, 600
# Clocks differ, and what was told at the edge of a report's time may be in it.
_MARGIN = 300


@dataclass(frozen=True, slots=True)
class Reports:
    """Takes reports; a report may come twice."""

    context: Context
    rules: MeterRules
    settling: Settling

    def take(self, event: BillingEvent) -> None:
        """Do something about everything that a report is about."""
        report = event.fact.get("report") or {}
        named: set[str] = set()
        unnamed = strange = 0
        for kind in (report.get("reason") or {}).get("error_types") or ():
            samples = [one["request"]["identifier"] for one in kind["sample_errors"]]
            found = self._named(str(kind["code"]), samples, named)
            strange += len(samples) - found
            unnamed += max(0, int(kind["error_count"]) - len(samples))
        doubted = self._doubt(report, event.object_id, named) if unnamed else 0
        if strange or (unnamed and not doubted):
            number = strange + (0 if doubted else unnamed)
            said = "Stripe refused %d usage events that are not in this store, or were told anew since: report %s."
            _log.error(said, number, event.id)

    def _named(self, code: str, identifiers: Iterable[str], named: set[str]) -> int:
        """Do something about rows that are named; how many events were known."""
        units = Counter(_row_identifier(one) for one in identifiers)
        known = 0
        for identifier, number in units.items():
            with self.context.store.reading(self.context.scope) as reading:
                found = reading.one("told_under", identifier=identifier)
            if found is None:
                continue
            named.add(identifier)
            known += number
            changed = self._refused(row_of(found), code, number)
            self._change([changed])
            _log.warning("Stripe refused usage %s afterwards: %s.", identifier, code)
            if changed.state == "dead":
                self.settling.announce([dead_problem(changed)])
        return known

    def _refused(self, row: OutboxRow, code: str, number: int) -> OutboxRow:
        """What becomes of a row of which so many events do not count; of the others of it nobody knows."""
        now = self._now()
        if row.done > number:
            return replace(row, state="doubted", due_at=now + _LOOK)
        row = replace(row, done=0)
        if code == _CUSTOMER:
            return row.anew(now + _AGAIN) if row.generation < TRIES else gone(row, self.rules.of(row.meter), now)
        if code == _EARLY:
            return replace(row.anew(now + _AGAIN), at=max(row.period_start, row.at - _AGAIN))
        return dead(row, TOO_OLD if code == _OLD else f"Stripe refused it afterwards: {code}")

    def _doubt(self, report: Json, meter_id: str | None, named: set[str]) -> int:
        """Have everything else of that time looked for; how many rows."""
        meters = self.context.manifest.meters.values()
        meter = next((one.key for one in meters if meter_id is not None and one.id == meter_id), None)
        ahead = self.context.api.ahead
        start, until = (_moment(report, name) + ahead for name in ("validation_start", "validation_end"))
        # What is validated was told a little before.
        span = {"start": start - 2 * _MARGIN, "until": until + _MARGIN}
        with self.context.store.reading(self.context.scope) as reading:
            rows = [row_of(row) for row in reading.all("told_at", meter=meter, **span)]
        due = self._now() + _LOOK
        doubted = [replace(row, state="doubted", due_at=due) for row in rows if row.identifier not in named]
        self._change(doubted)
        return len(doubted)

    def _change(self, rows: list[OutboxRow]) -> None:
        if rows:
            with self.context.store.transaction(self.context.scope) as change:
                change.lock_all({row.entity_id for row in rows})
                change.run_many("take_up_told", [values_of(row) for row in rows])

    def _now(self) -> int:
        return to_unix("clock()", self.context.clock())


def _row_identifier(identifier: str) -> str:
    """The identifier of a row, of an event that may be one of its units."""
    return "-".join(identifier.split("-")[:2]) if identifier.startswith("use-") else identifier


def _moment(report: Json, name: str) -> int:
    return int(datetime.fromisoformat(str(report[name])).timestamp())
