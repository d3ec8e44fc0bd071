"""Units that are held while work is done: `with billing.reserve(...) as held: held.commit(actual)`."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Self

from billing_runtime.errors import LimitReached, StoreError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from types import TracebackType

    from billing_runtime.consuming.decision import Decision
    from billing_runtime.limits.counting import Amount

    Committing = Callable[[str, "Amount | Mapping[str, Amount] | None"], Decision]
    Releasing = Callable[[str], bool]


@dataclass(slots=True)
class Reservation:
    """What was reserved; truthy if it was allowed.

    As a context manager it raises LimitReached before the block if it was refused; afterwards it commits everything
    that was reserved, unless the block has committed or released it itself; a block that raises has used nothing.
    """

    entity_id: str
    name: str
    decision: Decision
    _commit: Committing = field(repr=False)
    _release: Releasing = field(repr=False)
    ended: bool = False

    def __bool__(self) -> bool:
        return self.decision.allowed

    @property
    def receipt(self) -> str | None:
        """Its name, for a commit by another process."""
        return self.decision.receipt

    def commit(self, amount: Amount | Mapping[str, Amount] | None = None) -> Decision:
        """So much was used (None: all of it), also if it is more than was reserved; the rest is given back."""
        try:
            decision = self._commit(self._taken(), amount)
        except StoreError:
            # The work was done, and it may be on disk: nothing is given back. It may be committed again.
            self.ended = True
            raise
        self.ended = True
        return decision

    def release(self) -> bool:
        """Nothing was used."""
        released = self._release(self._taken())
        self.ended = True
        return released

    def _taken(self) -> str:
        if self.receipt is None:
            raise LimitReached(self.entity_id, self.name, self.decision)
        return self.receipt

    def __enter__(self) -> Self:
        self._taken()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        if self.ended:
            return
        if kind is None:
            self.commit()
        else:
            self.release()
