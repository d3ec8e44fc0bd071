"""`Migrations`: plan, run, resume and undo, for one account in one mode."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from billing_runtime._pace import Pace, rate_for
from billing_runtime._settings import STRIPE, settle
from billing_runtime._stripe import StripeApi
from billing_runtime.clock import system_clock, to_unix
from billing_runtime.errors import BillingError, JournalInvalid, MigrationStopped
from billing_runtime.migration.calls import Calls
from billing_runtime.migration.execution import Execution
from billing_runtime.migration.fit import require_fit
from billing_runtime.migration.journal import VERSION, JournalFile, Lock
from billing_runtime.migration.plan import Plan
from billing_runtime.migration.policy import Pacing, Policy
from billing_runtime.migration.record import move_line, read_record, skip_line
from billing_runtime.migration.report import Report, result_of
from billing_runtime.migration.resolve import Resolver
from billing_runtime.migration.selection import Forward
from billing_runtime.migration.steps import Move, Skip
from billing_runtime.migration.undo import judged, require_way_back

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from billing_runtime._stripe import Retries
    from billing_runtime.clock import Clock
    from billing_runtime.manifest import Manifest
    from billing_runtime.migration.record import Record

Json = dict[str, Any]
Seen = Callable[[], None]


def _unseen() -> None:
    """Nobody watches."""


class Migrations:
    """The migrations of one account; made by `open_migrations`."""

    def __init__(
        self, manifest: Manifest, calls: Calls, locks: Path, clock: Clock, sleep: Callable[[float], None]
    ) -> None:
        self._manifest, self._calls, self._locks = manifest, calls, locks
        self._clock, self._sleep = clock, sleep
        self._resolver = Resolver(manifest, calls)

    def plan(self, source: str, target: str | None, policy: Policy, *, seen: Seen = _unseen) -> Plan:
        """Who would move from a price to another, or to its successor; nothing is changed."""
        self._calls.check_account()
        old, new = self._resolver.pair(source, target)
        require_fit(old, new, policy)
        rule = Forward(old, new, policy)
        found = [self._seen(rule.judge(body), seen) for body in self._subscribed(old.id, policy)]
        moves = [one for one in found if isinstance(one, Move)]
        skips = tuple(one for one in found if isinstance(one, Skip))
        kept = moves if policy.limit is None else moves[: policy.limit]
        return Plan(old, new, policy, tuple(kept), skips, self._now(), len(moves) - len(kept))

    def plan_undo(self, journal: Path, policy: Policy, *, seen: Seen = _unseen) -> Plan:
        """Who would move back of those that the journal's migration has moved; nothing is changed."""
        self._calls.check_account()
        record = self._record(journal)
        left, was = (self._resolver.by_id(record.head[name]) for name in ("to", "from"))
        require_way_back(was, policy)
        require_fit(left, was, policy, may_activate=policy.reactivate)
        found = list(judged(record, self._calls, left, was, seen))
        moves = tuple(one for one in found if isinstance(one, Move))
        skips = tuple(one for one in found if isinstance(one, Skip))
        return Plan(left, was, policy, moves, skips, self._now(), kind="undo", undoes=record.id)

    def run(self, plan: Plan, journal: Path, pacing: Pacing | None = None, *, seen: Seen = _unseen) -> Report:
        """Carry a plan out; the journal is new, and has all of the plan before anything is changed."""
        with self._lock():
            file = JournalFile.create(journal)
            try:
                ready = {
                    "type": "ready",
                    "planned": len(plan.moves),
                    "skipped": len(plan.skips),
                    "beyond_limit": plan.beyond_limit,
                    "at": self._now(),
                }
                planned, skipped = map(move_line, plan.moves), map(skip_line, plan.skips)
                file.write(self._head(plan), *planned, *skipped, ready)
                return self._carried_out(plan, read_record(journal), file, pacing or Pacing(), seen)
            finally:
                file.close()

    def resume(self, journal: Path, pacing: Pacing | None = None, *, seen: Seen = _unseen) -> Report:
        """Go on with a migration, or an undo, that has begun."""
        self._calls.check_account()
        with self._lock():
            record = self._record(journal)
            plan = self._planned(record)
            file = JournalFile.reopen(journal)
            try:
                return self._carried_out(plan, record, file, pacing or Pacing(), seen)
            finally:
                file.close()

    def state(self, journal: Path) -> Report:
        """How far a migration has come, by its journal; Stripe is asked for the two prices only."""
        self._calls.check_account()
        record = self._record(journal)
        plan = self._planned(record)
        return self._report(plan, record, journal, {})

    def report(self, plan: Plan) -> Report:
        """A plan as a report: what a dry run shows."""
        account, livemode = self._scope()
        return Report(plan, self._manifest.owner, account, livemode)

    def _carried_out(self, plan: Plan, record: Record, file: JournalFile, pacing: Pacing, seen: Seen) -> Report:
        execution = Execution(self._calls, plan, record, file, self._now)
        try:
            sentences = execution.go(pacing, self._sleep, lambda _: seen())
        except BillingError as error:
            raise MigrationStopped(str(error), file.path) from None
        return self._report(plan, record, file.path, sentences)

    def _report(self, plan: Plan, record: Record, journal: Path, sentences: Mapping[str, str]) -> Report:
        account, livemode = self._scope()
        result = result_of(record, plan, sentences)
        return Report(plan, self._manifest.owner, account, livemode, record.id, str(journal), result)

    def _record(self, journal: Path) -> Record:
        record = read_record(journal)
        account, livemode = self._scope()
        head = record.head
        if (head["account"], head["livemode"]) != (account, livemode):
            theirs, ours = (_named(*one) for one in ((head["account"], head["livemode"]), (account, livemode)))
            raise JournalInvalid.other_account(journal, theirs=theirs, ours=ours)
        return record

    def _planned(self, record: Record) -> Plan:
        """The plan of a migration that has begun: what it was then, under the policy it had."""
        source, target = (self._resolver.by_id(record.head[name]) for name in ("from", "to"))
        require_fit(source, target, record.policy, may_activate=record.policy.reactivate)
        return Plan(
            source,
            target,
            record.policy,
            tuple(record.planned.values()),
            tuple(record.unplanned),
            record.head["at"],
            (record.ready or {}).get("beyond_limit", 0),
            record.head["kind"],
            record.head["undoes"],
        )

    def _subscribed(self, price_id: str, policy: Policy) -> Iterable[Json]:
        """Every subscription on the price, or those of some customers: that many requests instead of all pages."""
        if not policy.only:
            return self._calls.subscriptions(price_id)
        return (body for customer in policy.only for body in self._calls.subscriptions(price_id, customer))

    def _head(self, plan: Plan) -> Json:
        account, livemode = self._scope()
        return {
            "type": "migration",
            "version": VERSION,
            "id": f"mig_{uuid4().hex[:16]}",
            "kind": plan.kind,
            "undoes": plan.undoes,
            "project": self._manifest.project,
            "stack": self._manifest.stack,
            "account": account,
            "livemode": livemode,
            "from": plan.source.id,
            "to": plan.target.id,
            "policy": plan.policy.as_json(),
            "at": plan.planned_at,
        }

    def _scope(self) -> tuple[str, bool]:
        return str(self._manifest.account), bool(self._manifest.livemode)

    def _lock(self) -> Lock:
        account, livemode = self._scope()
        return Lock(self._locks, account, livemode=livemode)

    def _now(self) -> int:
        return to_unix("now", self._clock())

    @staticmethod
    def _seen(found: Move | Skip, seen: Seen) -> Move | Skip:
        seen()
        return found


def open_migrations(  # noqa: PLR0913 - the settings of a whole command
    manifest: Manifest,
    *,
    locks: Path,
    api_key: str | None = None,
    api_base: str | None = None,
    environ: Mapping[str, str] | None = None,
    clock: Clock = system_clock,
    retries: Retries | None = None,
    sleep: Callable[[float], None] = time.sleep,
    turn: Callable[[], None] | None = None,
) -> Migrations:
    """The migrations of the manifest's account; `locks` is the folder in which migrations see each other."""
    settings = settle(manifest, api_key, api_base, environ or {})
    rate = rate_for(settings.api_base, STRIPE, livemode=settings.livemode)
    turn = turn or (Pace(rate) if rate else None)
    calls = Calls(StripeApi(settings, retries=retries, sleep=sleep, turn=turn))
    return Migrations(manifest, calls, locks, clock, sleep)


def _named(account: str, livemode: bool) -> str:
    return f"account {account} in {'live' if livemode else 'test'} mode"
