"""What becomes of a decision later: commit and release of a reservation, its expiry, refunds."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from billing_runtime.clock import from_unix
from billing_runtime.consuming import asked
from billing_runtime.consuming.counted import Want, book_all, credited, judge_all, tell
from billing_runtime.consuming.decision import Decision, decision_from
from billing_runtime.consuming.returned import give_back, hold
from billing_runtime.consuming.taken import replayed, taken_of, written
from billing_runtime.errors import ConsumeConflict, ReservationEnded, UnknownName, UnknownReceipt
from billing_runtime.limits.counting import amount_of, amount_text
from billing_runtime.limits.deciding import available

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from billing_runtime._books.books import Books
    from billing_runtime._books.needs import Needs
    from billing_runtime._books.rows import KeptDecision
    from billing_runtime.consuming.decision import Part
    from billing_runtime.consuming.taken import Taken
    from billing_runtime.limits.counting import Amount

#: A use; units that are held; what becomes of a reservation.
DONE, HELD, COMMITTED, RELEASED, EXPIRED = "done", "held", "committed", "released", "expired"
LATE = "after its reservation expired"
LAPSED = "lapsed"  # what credits say of a reservation that expired: they may expire themselves


def sweep(books: Books, entity_id: str, names: Iterable[str]) -> None:
    """Give back what reservations hold whose time is up, before anything is decided."""
    counters = [books.counter(entity_id, name) for name in names]
    due = [one for one in counters if one.sweep_at is not None and one.sweep_at <= books.now]
    if not due:
        return
    sweep_all(books, entity_id)
    at = books.next_expiry(entity_id)
    for counter in due:
        counter.sweep_at = at
        books.keep(counter)


def sweep_all(books: Books, entity_id: str) -> int:
    """Give back what reservations of an entity hold whose time is up; how many there were."""
    found = books.expired(entity_id)
    for kept in found:
        let_go(books, kept, EXPIRED)
    return len(found)


def let_go(books: Books, kept: KeptDecision, state: str) -> None:
    """Give back everything that a reservation holds."""
    taken = taken_of(kept.parts)
    for one in reversed(taken):
        hold(books, kept.entity_id, one, -one.units)
        give_back(books, kept.entity_id, one, one.units, kept.receipt, LAPSED if state == EXPIRED else state)
    kept.state, kept.expires_at, kept.parts = state, None, written(taken)
    books.alter_decision(kept)


@dataclass(frozen=True, slots=True)
class Commit:
    """The end of a reservation: so much of it was used (None: all of it).

    The use has happened, so it is counted: what is more than was reserved, and also if the reservation has expired,
    beyond the limit if need be.
    """

    entity_id: str
    receipt: str
    amounts: asked.Amounts | None

    def needs(self, needs: Needs) -> None:
        """Which counters, the reservation will say."""
        needs.entities.add(self.entity_id)

    def apply(self, books: Books) -> Decision:
        """Count what was used, give the rest back, and write down what Stripe has to be told."""
        kept = _found(books, self.receipt)
        request = asked.text(self.amounts)
        if kept.state == COMMITTED and _ending(kept).get("commit") == request:
            return replayed(kept)
        if kept.state not in {HELD, EXPIRED}:
            raise ReservationEnded.of(self.receipt, kept.state)
        taken = taken_of(kept.parts)
        asked.check(taken, self.amounts)
        for one in taken:
            _bring_up_to_date(books, self.entity_id, one)
        late = kept.state == EXPIRED
        used = asked.used(taken, self.amounts)
        found = [end for one, amount in zip(taken, used, strict=True) for end in self._end(books, one, amount, late)]
        for one in found:
            one.part = self._as_it_stands(books, one)
        kept.state, kept.expires_at, kept.parts = COMMITTED, None, written(found)
        kept.ending = json.dumps({"commit": request})
        books.alter_decision(kept)
        return decision_from([one.part for one in found], kept.receipt)

    def _end(self, books: Books, part: Taken, used: Amount, late: bool) -> list[Taken]:
        reserved = part.units
        if not late:
            hold(books, self.entity_id, part, -reserved)
        if used < reserved:
            give_back(books, self.entity_id, part, reserved - used, self.receipt, RELEASED)
        found = [part]
        if used > reserved and not part.own:  # the member's own counter counts along with the entity's
            found += self._more(books, part, used - reserved, late=late)
        for one in found:
            if one.units:
                self._period_of_today(books, one)
                tell(books, self.entity_id, one, one.units, credited(one), books.now)
        return found if part.units or len(found) == 1 else found[1:]

    def _as_it_stands(self, books: Books, one: Taken) -> Part:
        """What is answered: so much was used, and what that leaves now."""
        name, member_id = one.counter
        counter = books.counter(self.entity_id, name, member_id)
        left = available(counter, books.credits.usable(counter))
        return one.part._replace(
            amount=one.units, usage=counter.usage, limit=counter.granted, remaining=left,
            overage=counter.excess, resets_at=from_unix(counter.end),
        )  # fmt: skip

    def _more(self, books: Books, part: Taken, units: Amount, *, late: bool) -> list[Taken]:
        want = Want(part.name, units, part.member_id, part.action, part.rate)
        judged = judge_all(books, self.entity_id, [want], enforce=False)
        for one in judged:
            one.reason = LATE if late else one.reason
        return book_all(books, judged, self.receipt)

    def _period_of_today(self, books: Books, one: Taken) -> None:
        """It is billed in the period in which the work was done: an invoice that is closed takes nothing more."""
        if one.period_end is not None and books.now >= one.period_end:
            try:
                window = books.allowance(self.entity_id, one.name).period.at(books.now)
            except UnknownName:  # nobody sells it any more
                return
            one.period_start, one.period_end = window


@dataclass(frozen=True, slots=True)
class Release:
    """A reservation is not needed: everything it holds goes back."""

    entity_id: str
    receipt: str

    def needs(self, needs: Needs) -> None:
        """Which counters, the reservation will say."""
        needs.entities.add(self.entity_id)

    def apply(self, books: Books) -> bool:
        """Give it back; False if it had expired or was released before."""
        kept = _found(books, self.receipt)
        if kept.state in {RELEASED, EXPIRED}:
            return False
        if kept.state != HELD:
            raise ReservationEnded.of(self.receipt, kept.state)
        let_go(books, kept, RELEASED)
        return True


@dataclass(frozen=True, slots=True)
class Refund:
    """Give back what a decision took: so much of each name (None: everything that is left of it)."""

    entity_id: str
    receipt: str
    amounts: asked.Amounts | None
    idempotency_key: str | None

    def needs(self, needs: Needs) -> None:
        """Which counters, the decision will say."""
        needs.entities.add(self.entity_id)

    def apply(self, books: Books) -> dict[str, Amount]:
        """Give it back, last in first out; how much of each name."""
        kept = _found(books, self.receipt)
        if kept.state not in {DONE, COMMITTED}:
            raise ReservationEnded.of(self.receipt, kept.state)
        ending = _ending(kept)
        known = ending.setdefault("refunds", {}).get(self.idempotency_key)
        if known is not None:
            if known["request"] != asked.text(self.amounts):
                raise ConsumeConflict.of(self.entity_id, str(self.idempotency_key))
            return {name: amount_of(text) for name, text in known["answer"].items()}
        taken = taken_of(kept.parts)
        asked.check(taken, self.amounts)
        for one in taken:
            _bring_up_to_date(books, self.entity_id, one)
        answer = self._give_back(books, kept, taken)
        kept.parts = written(taken)
        if self.idempotency_key is not None:
            texts = {name: amount_text(units) for name, units in answer.items()}
            ending["refunds"][self.idempotency_key] = {"request": asked.text(self.amounts), "answer": texts}
            kept.ending = json.dumps(ending)
        books.alter_decision(kept)
        return answer

    def _give_back(self, books: Books, kept: KeptDecision, taken: Sequence[Taken]) -> dict[str, Amount]:
        wanted = asked.to_give_back(taken, self.amounts, self.receipt)
        answer: dict[str, Amount] = {}
        for one, units in reversed(list(zip(taken, wanted, strict=True))):
            if not one.own:
                answer[one.name] = answer.get(one.name, 0) + units
            if units:
                back = give_back(books, self.entity_id, one, units, self.receipt, "refunded")
                tell(books, self.entity_id, one, -units, -back, kept.at)
        return answer


def _found(books: Books, receipt: str) -> KeptDecision:
    """The decision of a receipt; a reservation whose time is up has expired, whether or not anybody has noticed."""
    kept = books.decision(receipt)
    if kept is None:
        raise UnknownReceipt.of(receipt)
    if kept.state in {HELD, EXPIRED}:
        sweep(books, kept.entity_id, {one.name for one in taken_of(kept.parts)})
    return kept


def _bring_up_to_date(books: Books, entity_id: str, taken: Taken) -> None:
    """The entity's counter of what was taken, so that what is answered is about today."""
    with suppress(UnknownName):  # nobody sells it any more
        books.advance(books.counter(entity_id, taken.name), books.allowance(entity_id, taken.name))


def _ending(kept: KeptDecision) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(kept.ending) if kept.ending else {}
    return found
