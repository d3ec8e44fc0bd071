"""What becomes of a decision later: commit and release of a reservation, its expiry, refunds."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from billing_runtime.consuming.counted import Want, book, credited, give_back, hold, judge, tell, whole
from billing_runtime.consuming.decision import Decision, decision_from, taken_of, written
from billing_runtime.errors import ConsumeConflict, InvalidInput, RefundTooLarge, ReservationEnded, UnknownReceipt
from billing_runtime.limits.counting import amount_of, amount_text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from billing_runtime._books.books import Books
    from billing_runtime._books.needs import Needs
    from billing_runtime._books.rows import KeptDecision
    from billing_runtime.consuming.decision import Taken
    from billing_runtime.limits.counting import Amount

#: A use; units that are held; what becomes of a reservation.
DONE, HELD, COMMITTED, RELEASED, EXPIRED = "done", "held", "committed", "released", "expired"
LATE = "after its reservation expired"
LAPSED = "lapsed"  # what credits say of a reservation that expired: they may expire themselves


def sweep(books: Books, entity_id: str, wants: Sequence[Want]) -> None:
    """Give back what reservations hold whose time is up, before anything is decided."""
    for want in wants:
        if books.counter(entity_id, want.name).held and entity_id not in books.swept:
            books.swept.add(entity_id)
            for kept in books.expired(entity_id):
                let_go(books, kept, EXPIRED)
            return


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
    amounts: Mapping[str, Amount] | None

    def needs(self, needs: Needs) -> None:
        """Which counters, the reservation will say."""
        needs.entities.add(self.entity_id)

    def apply(self, books: Books) -> Decision:
        """Count what was used, give the rest back, and write down what Stripe has to be told."""
        kept = _found(books, self.receipt)
        request = _text(self.amounts)
        if kept.state == COMMITTED and _ending(kept).get("commit") == request:
            return decision_from(tuple(one.part for one in taken_of(kept.parts)), kept.receipt, replayed=True)
        if kept.state not in {HELD, EXPIRED}:
            raise ReservationEnded.of(self.receipt, kept.state)
        taken = taken_of(kept.parts)
        _known_names(self.amounts, taken)
        found = [one for part in taken for one in self._end(books, part, late=kept.state == EXPIRED)]
        kept.state, kept.expires_at, kept.parts = COMMITTED, None, written(found)
        kept.ending = json.dumps({"commit": request})
        books.alter_decision(kept)
        return decision_from(tuple(one.part for one in found), kept.receipt)

    def _end(self, books: Books, part: Taken, *, late: bool) -> list[Taken]:
        used = part.part.amount if self.amounts is None else self.amounts.get(part.part.name, 0)
        reserved = part.units
        if not late:
            hold(books, self.entity_id, part, -reserved)
        if used < reserved:
            give_back(books, self.entity_id, part, reserved - used, self.receipt, RELEASED)
        found = [part]
        if used > reserved:
            found.append(self._more(books, part, used - reserved, late=late))
        for one in found:
            if one.units:
                self._period_of_today(books, one)
                tell(books, self.entity_id, one, one.units, credited(one), books.now)
        return found if part.units or len(found) == 1 else found[1:]

    def _more(self, books: Books, part: Taken, units: Amount, *, late: bool) -> Taken:
        want = Want(part.part.name, units, part.member_id, part.action)
        judged = judge(books, self.entity_id, want, enforce=False)
        if late:
            judged.reason = LATE
        return book(books, judged, self.receipt)

    def _period_of_today(self, books: Books, one: Taken) -> None:
        """It is billed in the period in which the work was done: an invoice that is closed takes nothing more."""
        if one.period_end is not None and books.now >= one.period_end:
            window = books.allowance(self.entity_id, one.part.name).period.at(books.now)
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
    amounts: Mapping[str, Amount] | None
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
            if known["request"] != _text(self.amounts):
                raise ConsumeConflict.of(self.entity_id, str(self.idempotency_key))
            return {name: amount_of(text) for name, text in known["answer"].items()}
        taken = taken_of(kept.parts)
        _known_names(self.amounts, taken)
        answer = self._wanted(taken)
        self._give_back(books, kept, taken, dict(answer))
        kept.parts = written(taken)
        if self.idempotency_key is not None:
            texts = {name: amount_text(units) for name, units in answer.items()}
            ending["refunds"][self.idempotency_key] = {"request": _text(self.amounts), "answer": texts}
            kept.ending = json.dumps(ending)
        books.alter_decision(kept)
        return answer

    def _wanted(self, taken: Sequence[Taken]) -> dict[str, Amount]:
        has: dict[str, Amount] = {}
        for one in taken:
            has[one.part.name] = has.get(one.part.name, 0) + one.units
        if self.amounts is None:
            return has
        for name, units in self.amounts.items():
            if units > has[name]:
                raise RefundTooLarge.of(self.receipt, name, wanted=amount_text(units), left=amount_text(has[name]))
        return dict(self.amounts)

    def _give_back(self, books: Books, kept: KeptDecision, taken: Sequence[Taken], wanted: dict[str, Amount]) -> None:
        for one in reversed(taken):
            units = min(one.units, wanted.get(one.part.name, 0))
            if units:
                wanted[one.part.name] -= units
                back = give_back(books, self.entity_id, one, units, self.receipt, "refunded")
                tell(books, self.entity_id, one, -units, -back, kept.at)


def _found(books: Books, receipt: str) -> KeptDecision:
    kept = books.decision(receipt)
    if kept is None:
        raise UnknownReceipt.of(receipt)
    return kept


def _ending(kept: KeptDecision) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(kept.ending) if kept.ending else {}
    return found


def _known_names(amounts: Mapping[str, Amount] | None, taken: Sequence[Taken]) -> None:
    meters = {one.part.name: one.meter for one in taken}
    for name, units in (amounts or {}).items():
        if name not in meters:
            message = f"{name!r} is no part of this decision, which is about {', '.join(sorted(meters))}."
            raise InvalidInput(message)
        if meters[name] is not None:
            whole(Want(name, units))


def _text(amounts: Mapping[str, Amount] | None) -> str:
    """A request, comparable."""
    if amounts is None:
        return "all"
    return json.dumps({name: amount_text(amounts[name]) for name in sorted(amounts)})
