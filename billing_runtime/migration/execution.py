"""One migration at work: its rule, its billing, and for an undo the archived price that is active meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING
from uuid import uuid4

from billing_runtime.migration.moving import Mover, Terms
from billing_runtime.migration.running import Progress, Run
from billing_runtime.migration.selection import Forward
from billing_runtime.migration.undo import back

if TYPE_CHECKING:
    from billing_runtime.migration.calls import Calls
    from billing_runtime.migration.journal import JournalFile
    from billing_runtime.migration.plan import Plan
    from billing_runtime.migration.policy import Pacing
    from billing_runtime.migration.record import Record
    from billing_runtime.migration.selection import Judge
    from billing_runtime.migration.steps import Move


class Execution:
    """Carries out what a journal has left to do."""

    def __init__(self, calls: Calls, plan: Plan, record: Record, file: JournalFile, now: Callable[[], int]) -> None:
        self._calls, self._plan, self._record, self._file, self._now = calls, plan, record, file, now

    def go(self, pacing: Pacing, sleep: Callable[[float], None], progress: Progress) -> dict[str, str]:
        """Do it; answers why some have failed, by subscription."""
        run = Run(self._mover(), pacing, sleep, progress)
        moves = self._record.todo
        if not moves and not self._record.activated:
            return {}
        self._activate()
        try:
            run.go(moves)
        finally:
            self._archive()
        return run.sentences

    def _mover(self) -> Mover:
        plan = self._plan
        pays = plan.policy.proration == "always_invoice" or plan.restarts_period
        terms = Terms(plan.policy.proration, pays)
        return Mover(self._calls, self._file, self._record, terms, self._judge_of, self._now)

    def _judge_of(self, move: Move) -> Judge:
        plan = self._plan
        if plan.kind == "undo":
            return back(plan.source, plan.target, move).judge
        return Forward(plan.source, plan.target, plan.policy).judge

    def _activate(self) -> None:
        """Let an undo put subscriptions on the archived price; noted before, so that no crash leaves it active."""
        if self._plan.kind == "undo" and not self._plan.target.active:
            self._switch(active=True)

    def _archive(self) -> None:
        if self._record.activated:
            self._switch(active=False)

    def _switch(self, *, active: bool) -> None:
        line = {"type": "price", "price": self._plan.target.id, "active": active, "at": self._now()}
        if active:
            self._note(line)
        self._calls.activate_price(self._plan.target.id, f"billing-migrate-{uuid4().hex}", active=active)
        if not active:
            self._note(line)

    def _note(self, line: dict[str, object]) -> None:
        self._file.write(line)
        self._record.take(line)
