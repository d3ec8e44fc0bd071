"""Telling Stripe of many rows in one call."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import takewhile
from typing import TYPE_CHECKING, NamedTuple

from billing_runtime._outbox.refusals import is_ours
from billing_runtime._outbox.sending import TOO_MANY, UNITS
from billing_runtime._outbox.telling import event_of, task_of
from billing_runtime.errors import BillingError, StripeRefused, StripeUnavailable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from billing_runtime._outbox.rows import Lane, OutboxRow
    from billing_runtime._outbox.sending import Sending
    from billing_runtime._outbox.telling import MeterEvent


class Item(NamedTuple):
    """One event, of which row, and its number there."""

    row: OutboxRow
    number: int
    event: MeterEvent


@dataclass(frozen=True, slots=True)
class Together:
    """Tells many rows; each call may carry rows of many lanes."""

    sending: Sending
    told: dict[OutboxRow, set[int]] = field(default_factory=lambda: defaultdict(set))
    failures: dict[OutboxRow, StripeRefused | StripeUnavailable] = field(default_factory=dict)

    def tell(self, lanes: dict[Lane, list[OutboxRow]]) -> None:
        """Tell what goes this way in full calls; what does not goes one by one, when its turn comes."""
        sending = self.sending
        leading = {lane: list(takewhile(self._goes, rows)) for lane, rows in lanes.items()}
        items = [item for rows in leading.values() for row in rows for item in self._items(row)]
        most = sending.tools.way.most
        calls = [items[at : at + most] for at in range(0, len(items), most)]
        sending.side_by_side([partial(self._call, call) for call in calls])
        sending.outcome.rows += [self._settled(row) for rows in leading.values() for row in rows]
        others = [rows for lane, rows in lanes.items() if not leading[lane]]
        sending.side_by_side([partial(sending.lane, rows, self._goes) for rows in others])

    def _goes(self, row: OutboxRow) -> bool:
        rule, meter = self.sending.tools.rules.of(row.meter), self.sending.meters[row.meter]
        if row.state != "sealed" or task_of(row, rule.kind).do != "tell":
            return False
        return self.sending.tools.way.takes(event_of(row, meter, rule.kind, row.done))

    def _units(self, row: OutboxRow) -> int:
        return task_of(row, self.sending.tools.rules.of(row.meter).kind).units

    def _items(self, row: OutboxRow) -> list[Item]:
        meter, kind = self.sending.meters[row.meter], self.sending.tools.rules.of(row.meter).kind
        numbers = range(row.done, min(self._units(row), row.done + UNITS))
        return [Item(row, number, event_of(row, meter, kind, number)) for number in numbers]

    def _call(self, items: Sequence[Item]) -> None:
        if self.sending.is_over:
            return
        try:
            self.sending.tools.way.send([item.event for item in items])
        except StripeRefused as refusal:
            self._refused(items, refusal)
        except StripeUnavailable as failure:
            self.failures.update(dict.fromkeys((item.row for item in items), failure))
            if failure.status != TOO_MANY:
                self.sending.outcome.stopped = failure
        except BillingError as error:  # the account is another one
            self.sending.outcome.stopped = error
        else:
            for item in items:
                self.told[item.row].add(item.number)

    def _refused(self, items: Sequence[Item], refusal: StripeRefused) -> None:
        """One of them may be what Stripe does not take: half of them are sent, then the other half."""
        if len(items) == 1 or is_ours(refusal):
            self.failures.update(dict.fromkeys((item.row for item in items), refusal))
            return
        middle = len(items) // 2
        self._call(items[:middle])
        self._call(items[middle:])

    def _settled(self, row: OutboxRow) -> OutboxRow:
        numbers = self.told.get(row, set())
        done = row.done
        while done in numbers:
            done += 1
        reached = replace(row, done=done)
        failure = self.failures.get(row)
        rule = self.sending.tools.rules.of(row.meter)
        told = self.sending.finished(reached, rule, self._units(row))
        return told if told.state == "sent" or failure is None else self.sending.failed(reached, failure)
