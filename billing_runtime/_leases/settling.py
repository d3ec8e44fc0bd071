"""Leases in the books: making one, and telling what was used of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from billing_runtime._books.receipts import new_receipt
from billing_runtime._books.rows import KeptDecision
from billing_runtime._leases.pool import Lease
from billing_runtime.consuming.counted import Want, tell
from billing_runtime.consuming.ending import DONE, HELD, RELEASED, sweep
from billing_runtime.consuming.operations import Consume
from billing_runtime.consuming.returned import give_back, hold
from billing_runtime.consuming.taken import taken_of, written
from billing_runtime.errors import UnknownName

if TYPE_CHECKING:
    from billing_runtime._books.books import Books
    from billing_runtime._books.needs import Needs
    from billing_runtime.consuming.taken import Taken
    from billing_runtime.leases import LeaseSettings

#: What stands as the request of a reservation that is a lease.
LEASE = "lease"
#: How long a reservation outlives its lease, so that whoever counts it down can tell what was used.
GRACE = 60


@dataclass(slots=True)
class Lend:
    """Reserve some of what is left: never more than half of it, so that others have some too; None if it is too few."""

    entity_id: str
    name: str
    settings: LeaseSettings

    def needs(self, needs: Needs) -> None:
        """The counter."""
        needs.entities.add(self.entity_id)
        needs.counters.add((self.entity_id, self.name, ""))

    def apply(self, books: Books) -> Lease | None:
        """Reserve it until the lease's time is up, and never beyond the end of a window or billing period."""
        sweep(books, self.entity_id, [self.name])
        allowance, counter = books.allowance(self.entity_id, self.name), books.counter(self.entity_id, self.name)
        books.advance(counter, allowance)
        units = self.settings.size(counter.granted, counter.room)
        ends = counter.end, allowance.period.at(books.now).end, books.now + self.settings.seconds
        until = min(end for end in ends if end is not None)
        if units is None or until <= books.now or type(counter.usage) is not int:
            return None
        usage, seconds = counter.usage, until - books.now + GRACE
        made = Consume(self.entity_id, (Want(self.name, units),), True, None, LEASE, seconds).apply(books)
        if made.receipt is None:
            return None
        return Lease(made.receipt, units, until, usage, counter.granted, counter.end)


@dataclass(slots=True)
class Settle:
    """Of a lease so much was used, and so much more is not needed; answers how many used units were lost.

    `key` names it: a repeated one changes nothing. Units of a lease that has run out are everybody's again; what is
    told of it then is lost, and nobody pays for it.
    """

    entity_id: str
    name: str
    receipt: str
    used: int
    back: int
    key: str

    def needs(self, needs: Needs) -> None:
        """The counter, what was used today, and whether it was told before."""
        needs.entities.add(self.entity_id)
        needs.counters.add((self.entity_id, self.name, ""))
        needs.decisions.add((self.entity_id, self.key))
        needs.uses.add((self.entity_id, self.name, "", ""))

    def apply(self, books: Books) -> int:
        """Make the reservation smaller, and count the use, in the window and the period in which it was."""
        if books.decision_by_key(self.entity_id, self.key) is not None:
            return 0
        kept = books.decision(self.receipt)
        if kept is None or kept.state != HELD or kept.expires_at is None or kept.expires_at <= books.now:
            return self.used
        (part,) = taken_of(kept.parts)
        used = min(self.used, int(part.units))
        back = min(self.back, int(part.units) - used)
        hold(books, self.entity_id, part, -used - back)
        if used:
            at = min(books.now, kept.expires_at - GRACE - 1)
            self._count(books, part, used, at)
        if back:
            give_back(books, self.entity_id, part, back, self.receipt, RELEASED)
        kept.parts = written([part])
        if not part.units:
            kept.state, kept.expires_at = RELEASED, None
        books.alter_decision(kept)
        return self.used - used

    def _count(self, books: Books, part: Taken, used: int, at: int) -> None:
        """A decision of its own takes over some of the reserved units: a lease is of nothing but included ones."""
        (kind, which, has), *_ = part.buckets
        part.buckets = [(kind, which, has - used)]
        taken = replace(part, part=part.part._replace(amount=used), buckets=[(kind, which, used)])
        tell(books, self.entity_id, taken, used, 0, at)
        receipt = new_receipt(books.now)
        parts = written([taken])
        books.add_decision(KeptDecision(receipt, self.entity_id, self.key, LEASE, DONE, at, None, parts))


@dataclass(slots=True)
class SettleAll:
    """Several of them in one transaction; how many units of each could not be counted."""

    settled: list[Settle]

    def needs(self, needs: Needs) -> None:
        """What each of them needs."""
        for one in self.settled:
            one.needs(needs)

    def apply(self, books: Books) -> list[int]:
        """One after the other; what nobody sells any more is not counted."""
        return [_settled(one, books) for one in self.settled]


def _settled(one: Settle, books: Books) -> int:
    try:
        return one.apply(books)
    except UnknownName:
        return one.used
