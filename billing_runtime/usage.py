"""Usage of metered prices: meter events and their summaries (https://docs.stripe.com/api/billing/meter-event)."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from billing_runtime import _inputs
from billing_runtime._outbox.aside import Aside
from billing_runtime._outbox.drift import Drifts
from billing_runtime._outbox.duplicates import is_duplicate
from billing_runtime.clock import minute_after, minute_before, time_of, to_unix
from billing_runtime.errors import InvalidInput, StripeCallError, StripeRefused, UsageConflict
from billing_runtime.manifest import provisioned

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from stripe.params.billing import MeterEventCreateParams, MeterEventSummaryListParams

    from billing_runtime._context import Context
    from billing_runtime._outbox.aside import UsageLag
    from billing_runtime._outbox.drift import UsageDrift
    from billing_runtime._outbox.outbox import Outbox
    from billing_runtime._outbox.problems import UsageProblem
    from billing_runtime.catalog import Meter
    from billing_runtime.customers import Customers

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class UsageRecord:
    """One use that Stripe has; `duplicate` says that it had it before this call."""

    meter: str
    identifier: str
    amount: int
    duplicate: bool = False


@dataclass(frozen=True, slots=True)
class UsageSummary:
    """What a meter counted for an entity from `start` up to, not including, `end`."""

    meter: str
    total: Decimal
    start: datetime
    end: datetime


class Usage:
    """`billing.usage`."""

    def __init__(self, context: Context, customers: Customers, outbox: Outbox) -> None:
        self._context, self._customers, self._outbox = context, customers, outbox
        self._aside = Aside(context.store, context.scope, context.clock)
        self._drifts = Drifts(context, outbox.rules)

    def record(
        self,
        entity_id: str,
        name: str,
        amount: int | Decimal = 1,
        *,
        identifier: str | None = None,
        timestamp: datetime | None = None,
    ) -> UsageRecord:
        """Tell Stripe about a use. Repeating the call with the same identifier within a day counts it once.

        Without a timestamp the use counts when Stripe receives it. Stripe adds up a little later: a summary read at
        once may not have it yet.
        """
        meter = self._context.manifest.meter(name)
        number = _amount(meter, amount)
        label = _inputs.identifier(uuid4().hex if identifier is None else identifier)
        event = self._event(meter, self._customers.require(entity_id).id, number, label, timestamp)
        return UsageRecord(name, label, number, duplicate=self._was_known(event, label))

    def summary(self, entity_id: str, name: str, *, start: datetime, end: datetime | None = None) -> UsageSummary:
        """What Stripe has counted; times are widened to whole minutes, which is all that Stripe distinguishes."""
        meter = self._context.manifest.meter(name)
        first = minute_before(to_unix("start", start))
        last = minute_after(to_unix("end", self._context.clock() if end is None else end))
        if last <= first:
            message = "end must be later than start."
            raise InvalidInput(message)
        rows = self._rows(provisioned(meter), self._customers.require(entity_id).id, first, last)
        return UsageSummary(name, _total(meter, rows), time_of(first), time_of(last))

    def flush(self, entity_id: str | None = None) -> UsageLag:
        """Tell Stripe now what was consumed, of one entity or of all, without waiting for a worker; what still waits.

        What another process is about to tell, and what has no customer yet, is not waited for. Raises
        StripeUnavailable: what was not told is told later.
        """
        entity = None if entity_id is None else _inputs.entity(entity_id)
        self._outbox.hasten(entity)
        while self._outbox.work(entity):
            pass
        return self._aside.lag(entity)

    def lag(self, entity_id: str | None = None) -> UsageLag:
        """How far reporting is behind, of one entity or of all."""
        return self._aside.lag(None if entity_id is None else _inputs.entity(entity_id))

    def dead(self, entity_id: str | None = None, *, most: int = 100) -> list[UsageProblem]:
        """Usage that was given up because Stripe does not take it; each says why."""
        return self._aside.dead(None if entity_id is None else _inputs.entity(entity_id), most)

    def retry(self, identifier: str) -> None:
        """Tell Stripe again of usage that was given up; the next worker does. Raises InvalidInput if there is none."""
        if not self._aside.retry(_inputs.identifier(identifier)):
            raise _no_such("usage that was given up", identifier, "billing.usage.dead()")

    def retry_dead(self, entity_id: str | None = None) -> int:
        """The same for everything that was given up, of one entity or of all; how many rows."""
        return self._aside.retry_all(None if entity_id is None else _inputs.entity(entity_id))

    def drop(self, identifier: str) -> None:
        """Never tell Stripe of usage that was given up. Raises InvalidInput if there is none."""
        if not self._aside.drop(_inputs.identifier(identifier)):
            raise _no_such("usage that was given up", identifier, "billing.usage.dead()")

    def corrections(self, entity_id: str | None = None) -> list[UsageProblem]:
        """Invoices that bill units too much (negative) or too little, because usage was given back or told too late."""
        return self._aside.corrections(None if entity_id is None else _inputs.entity(entity_id))

    def drift(self, entity_id: str | None = None) -> tuple[UsageDrift, ...]:
        """What was used, what Stripe was told, and what it has, for every meter and billing period; one call for each.

        Of one entity or of all. Raises StripeUnavailable.
        """
        return tuple(self._drifts.of(None if entity_id is None else _inputs.entity(entity_id)))

    def settle_correction(self, identifier: str) -> None:
        """The application has put it right, with credit or an invoice item. Raises InvalidInput if there is none."""
        if not self._aside.settle(identifier):
            raise _no_such("correction", identifier, "billing.usage.corrections()")

    def _rows(self, meter_id: str, customer: str, start: int, end: int) -> Iterable[Json]:
        filters: MeterEventSummaryListParams = {"customer": customer, "start_time": start, "end_time": end}
        return self._context.api.pages(
            "read a usage summary",
            filters,
            lambda client, page: client.v1.billing.meters.event_summaries.list(meter_id, page),
        )

    def _event(
        self, meter: Meter, customer: str, amount: int, identifier: str, timestamp: datetime | None
    ) -> MeterEventCreateParams:
        event: MeterEventCreateParams = {
            "event_name": meter.event_name,
            "identifier": identifier,
            "payload": {meter.customer_key: customer, meter.value_key: str(amount)},
        }
        if timestamp is not None:
            event["timestamp"] = to_unix("timestamp", timestamp)
        return event

    def _was_known(self, event: MeterEventCreateParams, identifier: str) -> bool:
        """Send the event; True if Stripe had it already.

        The idempotency key is derived from the identifier, so a repetition within a day is answered as the first call
        was, and one with another amount is refused as such. An error that Stripe merely repeats under that key is
        asked for again under a fresh one: the identifier alone keeps the event from counting twice.
        """
        try:
            return self._send(event, _key(event["event_name"], identifier))
        except StripeCallError as failure:
            # A 409 is about the same request, still in progress elsewhere.
            if isinstance(failure, StripeRefused) and failure.kind == "idempotency_error":
                raise UsageConflict.of(identifier) from None
            if not failure.replayed:
                raise
        return self._send(event, f"billing-{uuid4().hex}")

    def _send(self, event: MeterEventCreateParams, key: str) -> bool:
        try:
            self._context.api.write(
                "record usage", key, lambda client, options: client.v1.billing.meter_events.create(event, options)
            )
        except StripeRefused as refusal:
            if not is_duplicate(refusal, event.get("identifier", "")):
                raise
            return True
        return False


def _no_such(what: str, identifier: str, listed: str) -> InvalidInput:
    return InvalidInput(f"There is no {what} {identifier!r}: {listed} lists what there is.")


def _key(event_name: str, identifier: str) -> str:
    digest = hashlib.sha256(f"{event_name}\n{identifier}".encode()).hexdigest()
    return f"billing-usage-{digest}"


def _amount(meter: Meter, amount: int | Decimal) -> int:
    number = _inputs.whole("amount", amount)
    if meter.formula == "count" and number != 1:
        message = f"Meter {meter.key!r} counts events: record 1 at a time."
        raise InvalidInput(message)
    if number < (0 if meter.formula == "last" else 1):
        message = f"amount must be {'0 or more' if meter.formula == 'last' else 'at least 1'}."
        raise InvalidInput(message)
    return number


def _total(meter: Meter, rows: Iterable[Json]) -> Decimal:
    values = [(row["end_time"], Decimal(str(row["aggregated_value"]))) for row in rows]
    if meter.formula == "last":
        return max(values)[1] if values else Decimal(0)
    return sum((value for _, value in values), Decimal(0))
