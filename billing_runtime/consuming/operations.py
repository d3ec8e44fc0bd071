"""consume and reserve, as an operation on the books."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from billing_runtime._books.receipts import new_receipt
from billing_runtime._books.rows import KeptDecision
from billing_runtime.consuming.counted import Want, book_all, credited, judge_all, part_of, tell, watch
from billing_runtime.consuming.decision import Decision, decision_from
from billing_runtime.consuming.ending import DONE, HELD, sweep
from billing_runtime.consuming.returned import hold
from billing_runtime.consuming.taken import replayed, written
from billing_runtime.errors import ConsumeConflict

if TYPE_CHECKING:
    from billing_runtime._books.books import Books
    from billing_runtime._books.needs import Needs
    from billing_runtime.consuming.counted import Judged
    from billing_runtime.consuming.taken import Taken


@dataclass(slots=True)
class Consume:
    """Use so much of each name, all or nothing; with `seconds` the units are only held, for so long."""

    entity_id: str
    wants: tuple[Want, ...]
    enforce: bool
    idempotency_key: str | None
    request: str
    seconds: int | None = None

    def needs(self, needs: Needs) -> None:
        """The counters, and the decision under the key."""
        entity_id = self.entity_id
        needs.entities.add(entity_id)
        for want in self.wants:
            needs.counters.add((entity_id, want.name, ""))
            if self.seconds is None:
                needs.uses.add((entity_id, want.name, want.member_id, want.action))
        if self.idempotency_key is not None:
            needs.decisions.add((entity_id, self.idempotency_key))

    def apply(self, books: Books) -> Decision:
        """Decide, and take what was asked for if all of it is allowed. A refusal takes nothing."""
        if self.idempotency_key is not None:
            known = books.decision_by_key(self.entity_id, self.idempotency_key)
            if known is not None:
                return self._again(known)
        sweep(books, self.entity_id, [want.name for want in self.wants])
        judged = judge_all(books, self.entity_id, self.wants, enforce=self.enforce)
        if not all(one.allowed for one in judged):
            return self._refused(books, judged)
        receipt = new_receipt(books.now)
        taken = book_all(books, judged, receipt)
        for one in taken:
            if self.seconds is None:
                tell(books, self.entity_id, one, one.part.amount, credited(one), books.now)
            else:
                hold(books, self.entity_id, one, one.part.amount, books.now + self.seconds)
        books.add_decision(self._kept(receipt, taken, books.now))
        return decision_from([one.part for one in taken], receipt)

    def _refused(self, books: Books, judged: list[Judged]) -> Decision:
        parts = [part_of(one, one.amount) for one in judged]
        for one, part in zip(judged, parts, strict=True):
            watch(books, one.counter, part)
        return decision_from(parts, None)

    def _kept(self, receipt: str, taken: list[Taken], now: int) -> KeptDecision:
        state, expires = (DONE, None) if self.seconds is None else (HELD, now + self.seconds)
        return KeptDecision(
            receipt, self.entity_id, self.idempotency_key, self.request, state, now, expires, written(taken)
        )

    def _again(self, known: KeptDecision) -> Decision:
        if known.request != self.request:
            raise ConsumeConflict.of(self.entity_id, str(self.idempotency_key))
        return replayed(known)
