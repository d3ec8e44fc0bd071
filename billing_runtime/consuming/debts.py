"""Uses that were allowed although the store was away: written down beside the process, and counted when it is back."""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from billing_runtime.clock import from_unix, to_unix
from billing_runtime.consuming.decision import Decision, Part, decision_from
from billing_runtime.consuming.journal import Debt, Journal
from billing_runtime.errors import BillingError, StoreError
from billing_runtime.finding import Finding
from billing_runtime.limits.costs import uses
from billing_runtime.limits.counting import amount_of, amount_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from billing_runtime._books.books import Books
    from billing_runtime._books.commit import Ledger
    from billing_runtime._books.needs import Needs
    from billing_runtime._context import Context
    from billing_runtime.consuming.counted import Want
    from billing_runtime.consuming.operations import Consume
    from billing_runtime.limits.counting import Amount

AWAY = "store unavailable"
_AT_ONCE = 200
_log = logging.getLogger("billing_runtime")


@dataclass(frozen=True, slots=True)
class Settle:
    """Count uses, each once whatever its limit says; the error of each that cannot be."""

    uses: tuple[Consume, ...]

    def needs(self, needs: Needs) -> None:
        """What each needs."""
        for use in self.uses:
            use.needs(needs)

    def apply(self, books: Books) -> list[BillingError | None]:
        """Count those that were not."""
        return [_settled(use, books) for use in self.uses]


def _settled(use: Consume, books: Books) -> BillingError | None:
    # It may have been counted before its caller lost the store, or by one who was killed before he could note it.
    if books.decision_by_key(use.entity_id, str(use.idempotency_key)) is not None:
        return None
    try:
        replace(use, enforce=False).apply(books)
    except StoreError:
        raise
    except BillingError as error:
        return error
    return None


class Debts:
    """What this process owes to the store. Safe to share between threads."""

    def __init__(self, context: Context, ledger: Ledger, use_of: Callable[[Debt], Consume]) -> None:
        """`use_of` is the call that a debt was written down for."""
        self._context, self._ledger, self._use_of = context, ledger, use_of
        self._journal = Journal(context.failure.journal)
        self._at_work = threading.Lock()
        self._told: set[tuple[str, bool, str, str]] = set()
        self._why = ""

    def allow(self, use: Consume, failure: StoreError) -> Decision:
        """Write a use of one name down, and allow it. Raises the failure if that cannot be written either."""
        want = use.wants[0]
        name, amount, action = _asked(want)
        scope, now = self._context.scope, to_unix("clock()", self._context.clock())
        debt = Debt(
            scope.account, scope.livemode, use.entity_id, name, amount_text(amount), want.member_id or None,
            action, use.enforce, str(use.idempotency_key), now,
        )  # fmt: skip
        try:
            self._journal.owe(debt)
        except OSError as error:
            message = f"{failure} And the use cannot be written down in {self._journal.path}: {error.strerror}."
            raise StoreError(message) from None
        self._ledger.afterwards = self._settle_quietly
        return decision_from((_part(name, amount),), None)

    def settle(self) -> int:
        """Count what is owed; how many uses. Raises StoreError: what was not counted is still owed."""
        if self._journal.is_empty:
            return 0
        try:
            owed, counted = self.owed(), 0
            for first in range(0, len(owed), _AT_ONCE):
                counted += self._settle(owed[first : first + _AT_ONCE])
        except OSError as error:
            message = f"The journal of debts {self._journal.path} cannot be used: {error.strerror}."
            raise StoreError(message) from None
        return counted

    def settle_if_possible(self) -> bool:
        """Count what is owed, or log once why that cannot be done; whether it could."""
        try:
            self.settle()
        except BillingError as error:
            if str(error) != self._why:
                _log.warning("uses that were allowed while the store was away are still to be counted: %s", error)
            self._why = str(error)
            return False
        self._why = ""
        return True

    def owed(self) -> list[Debt]:
        """What is owed to this account and mode. Raises OSError."""
        ours = (self._context.scope.account, self._context.scope.livemode)
        return [debt for debt in self._journal.owed() if debt.place[:2] == ours]

    def findings(self) -> Iterator[Finding]:
        """A fault if anything is owed."""
        try:
            owed = self.owed()
        except OSError as error:
            yield Finding("debts", "fault", f"The journal {self._journal.path} cannot be read: {error.strerror}.")
            return
        if owed:
            said = (
                f"{len(owed)} uses that were allowed while the store was away are not counted, the oldest of "
                f"{from_unix(owed[0].at)}: `billing worker` counts them from {self._journal.path}."
            )
            yield Finding("debts", "fault", said)

    def _settle(self, debts: list[Debt]) -> int:
        answers = self._ledger.do(Settle(tuple(map(self._use_of, debts))))
        counted = [debt for debt, error in zip(debts, answers, strict=True) if error is None]
        for debt, error in zip(debts, answers, strict=True):
            if error is not None and debt.place not in self._told:
                self._told.add(debt.place)
                _log.error("a use that was allowed while the store was away cannot be counted: %s", error)
        self._journal.settled(counted)
        return len(counted)

    def _settle_quietly(self) -> None:
        """After a call that found the store in order, by one thread; that call has its answer, whatever comes of it."""
        if not self._at_work.acquire(blocking=False):
            return
        try:
            self._ledger.afterwards = None
            if not self.settle_if_possible():
                self._ledger.afterwards = self._settle_quietly
        finally:
            self._at_work.release()


def _asked(want: Want) -> tuple[str, Amount, str | None]:
    """What was asked for: a limit, how much and what for; or an action that has a cost, and how many."""
    if want.rate is None:
        return want.name, want.amount, want.action or None
    return want.action, uses(want.amount, want.rate), None


def _part(name: str, amount: Amount) -> Part:
    return Part(
        name=name, amount=amount, allowed=True, usage=amount_of("0"), limit=None, remaining=None,
        overage=amount_of("0"), resets_at=None, reason=AWAY,
    )  # fmt: skip
