"""Operations of all callers, in one transaction for as many as wait together."""

from __future__ import annotations

from decimal import localcontext
from typing import TYPE_CHECKING, Protocol, TypeVar, cast

from billing_runtime._books.books import Books
from billing_runtime._books.kept import Kept
from billing_runtime._books.needs import Needs
from billing_runtime._group_commit import GroupCommit
from billing_runtime.clock import to_unix
from billing_runtime.errors import BillingError, StoreError
from billing_runtime.limits.counting import EXACT

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from billing_runtime._outbox.kinds import MeterRules
    from billing_runtime._store import Scope, Store
    from billing_runtime.clock import Clock
    from billing_runtime.limits.allowances import Allowances

T_co = TypeVar("T_co", covariant=True)
R = TypeVar("R")


class Operation(Protocol[T_co]):
    """Something that is to be counted."""

    def needs(self, needs: Needs) -> None:
        """Add the rows it works on."""
        ...

    def apply(self, books: Books) -> T_co:
        """Do it; what raises a BillingError must not have changed anything before."""
        ...


class _Raised:
    """An operation's own error, which is none of the others'."""

    __slots__ = ("error",)

    def __init__(self, error: Exception) -> None:
        self.error = error


class Ledger:
    """Where operations are handed in. Safe to share between threads."""

    def __init__(self, store: Store, scope: Scope, clock: Clock, allowances: Allowances, rules: MeterRules) -> None:
        self._writer, self._scope, self._clock = store.writer(), scope, clock
        self._allowances, self._rules = allowances, rules
        self._kept = Kept()
        self.afterwards: Callable[[], None] | None = None
        """Called after an operation that found the store in order, in its thread."""
        self.on_notices: Callable[[], None] = lambda: None
        """Called after a commit in which thresholds were passed."""
        self._group: GroupCommit[Operation[object], object] = GroupCommit(self._commit)

    def do(self, operation: Operation[R]) -> R:
        """Carry an operation out; returns when it is on disk. Raises its error, or StoreError."""
        answer = self._group.add(operation)
        if self.afterwards is not None:
            self.afterwards()
        if isinstance(answer, _Raised):
            raise answer.error
        return cast("R", answer)

    def _commit(self, operations: Sequence[Operation[object]]) -> Sequence[object]:
        try:
            return self._together(operations)
        except Exception as error:
            if len(operations) == 1 or isinstance(error, StoreError):
                raise
            # One of them is broken: nothing was written, and each gets a transaction of its own.
            return [self._alone(operation) for operation in operations]

    def _alone(self, operation: Operation[object]) -> object:
        try:
            return self._together([operation])[0]
        except Exception as error:  # noqa: BLE001 - it is this caller's alone
            return _Raised(error)

    def _together(self, operations: Sequence[Operation[object]]) -> list[object]:
        needs = Needs()
        for operation in operations:
            operation.needs(needs)
        # The application may have set a context of its own in the thread that happens to commit for everybody.
        try:
            with localcontext(EXACT), self._writer.transaction(self._scope) as (transaction, version):
                self._kept.begin(version)
                now = to_unix("clock()", self._clock())
                books = Books(transaction, now, self._allowances, self._rules, self._kept)
                books.load(needs)
                answers = [_applied(operation, books) for operation in operations]
                books.flush()
        except BaseException:
            self._kept.forget()
            raise
        if books.notices:
            self.on_notices()
        return answers


def _applied(operation: Operation[object], books: Books) -> object:
    try:
        return operation.apply(books)
    except StoreError:
        raise
    except BillingError as error:
        return _Raised(error)
