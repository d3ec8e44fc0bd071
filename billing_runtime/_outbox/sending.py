"""Telling Stripe of the rows of lanes that were claimed: each lane in its order, several lanes side by side."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from billing_runtime._outbox.refusals import is_ours, put_off, refused
from billing_runtime._outbox.taking_back import Back, Progress
from billing_runtime._outbox.telling import event_of, task_of
from billing_runtime.clock import to_unix
from billing_runtime.errors import BillingError, StripeRefused, StripeUnavailable

if TYPE_CHECKING:
    from billing_runtime._outbox.claiming import Claim
    from billing_runtime._outbox.kinds import MeterRules, Rule
    from billing_runtime._outbox.looking import Looking
    from billing_runtime._outbox.rows import OutboxRow
    from billing_runtime._outbox.taking_back import TakingBack
    from billing_runtime._outbox.telling import MeterEvent
    from billing_runtime._outbox.ways import Way
    from billing_runtime.catalog import Meter
    from billing_runtime.clock import Clock

#: Of units that are told one by one, so many of a row in one go: then what has come of it is written down.
UNITS = 1000
# Of so many answers that it was too much, one more is not waited for: it is not about single customers.
TOO_MANY, _MOST_LIMITED = 429, 3


@dataclass(slots=True)
class Outcome:
    """What has become of rows; `stopped` is why nothing more was begun. Threads may share it."""

    rows: list[OutboxRow] = field(default_factory=list)
    back: list[Back] = field(default_factory=list)
    kept: list[tuple[OutboxRow, int]] = field(default_factory=list)
    stopped: BillingError | None = None
    limited: int = 0


@dataclass(frozen=True, slots=True)
class Tools:
    """What sending needs; `way` is the one that was chosen, `direct` the one that takes everything."""

    way: Way
    direct: Way
    looking: Looking
    taking_back: TakingBack
    rules: MeterRules
    clock: Clock
    threads: int


@dataclass(frozen=True, slots=True)
class Sending:
    """Sends what was claimed, once."""

    tools: Tools
    claimed: Claim
    meters: Mapping[str, Meter]
    outcome: Outcome = field(default_factory=Outcome)

    def side_by_side(self, jobs: list[Callable[[], None]]) -> None:
        """Do jobs, as many at a time as there may be threads."""
        if len(jobs) == 1:
            jobs[0]()
        elif jobs:
            most = min(self.tools.threads, len(jobs))
            with ThreadPoolExecutor(most, thread_name_prefix="billing-usage") as pool:
                list(pool.map(lambda job: job(), jobs))

    @property
    def now(self) -> int:
        """Now, by our clock."""
        return to_unix("clock()", self.tools.clock())

    @property
    def is_over(self) -> bool:
        """Whether nothing more should be begun."""
        return self.outcome.stopped is not None or self.claimed.is_over(self.now)

    def lane(self, rows: list[OutboxRow], until: Callable[[OutboxRow], bool] = lambda _: False) -> None:
        """Tell rows of one lane one after another; what comes after one that was not told waits for it.

        What has to know what was told before is told first, or next time: until then it is not written down.
        """
        for number, row in enumerate(rows):
            if self.is_over or until(row) or (number and self._looks_back(row)):
                return
            told = self.row(row)
            self.outcome.rows.append(told)
            if told.state not in {"sent", "dead"}:
                return

    def _looks_back(self, row: OutboxRow) -> bool:
        kind = self.tools.rules.of(row.meter).kind
        return row.state == "doubted" or task_of(row, kind).do == "take back"

    def row(self, row: OutboxRow) -> OutboxRow:
        """What has become of a row."""
        progress = Progress(row)
        try:
            return self._told(progress)
        except (StripeRefused, StripeUnavailable) as failure:
            return self.failed(progress.row, failure)
        except BillingError as error:  # the account is another one
            self.outcome.stopped = error
            return progress.row
        finally:
            self.outcome.back += progress.back
            if progress.kept:
                self.outcome.kept.append((row, progress.kept))

    def failed(self, row: OutboxRow, failure: StripeRefused | StripeUnavailable) -> OutboxRow:
        """What a failure makes of a row, and whether anything else should be tried."""
        meter, rule = self.meters[row.meter], self.tools.rules.of(row.meter)
        if isinstance(failure, StripeRefused) and not is_ours(failure):
            return refused(row, failure, meter, rule, self.now)
        self.outcome.limited += failure.status == TOO_MANY
        if failure.status != TOO_MANY or self.outcome.limited >= _MOST_LIMITED:
            self.outcome.stopped = failure
        return put_off(row, failure, self.now)

    def _told(self, progress: Progress) -> OutboxRow:
        row = progress.row
        meter, rule = self.meters[row.meter], self.tools.rules.of(row.meter)
        if row.state == "doubted":
            row = progress.row = self.tools.looking.found(row, meter, rule.kind, self.now)
            if row.state != "sealed":
                return row
        task = task_of(row, rule.kind)
        if task.do == "take back":
            self.tools.taking_back.take_back(progress, meter, rule.kind, task.units, self.now)
            return self._taken_back(progress, rule)
        self._tell(progress, meter, rule, task.units)
        return self.finished(progress.row, rule, task.units)

    def _tell(self, progress: Progress, meter: Meter, rule: Rule, units: int) -> None:
        for number in range(progress.row.done, min(units, progress.row.done + UNITS)):
            if number and self.is_over:
                return
            event = event_of(progress.row, meter, rule.kind, number)
            self.way_of(event).send([event])
            progress.row = replace(progress.row, done=number + 1)

    def way_of(self, event: MeterEvent) -> Way:
        """The way that takes such an event."""
        return self.tools.way if self.tools.way.takes(event) else self.tools.direct

    def finished(self, row: OutboxRow, rule: Rule, units: int) -> OutboxRow:
        """A row of which so many units are told: sent, if these are all."""
        if row.done < units:
            return row
        done = row.done if rule.kind in {"count", "seen"} else 0
        return replace(row, state="sent", done=done, due_at=None, sent_at=self.now, problem=None)

    def _taken_back(self, progress: Progress, rule: Rule) -> OutboxRow:
        row = progress.row
        amount = -row.done if rule.kind == "count" else row.amount  # what Stripe was really told
        return replace(row, state="sent", amount=amount, due_at=None, sent_at=self.now, problem=None)
