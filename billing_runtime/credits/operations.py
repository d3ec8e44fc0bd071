"""Granting, revoking and booking out, as operations on the books."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from billing_runtime._books.grants import KeptGrant
from billing_runtime._books.receipts import new_receipt
from billing_runtime.errors import CreditConflict, InvalidInput, UnknownGrant
from billing_runtime.limits.counting import CREDITS

if TYPE_CHECKING:
    from billing_runtime._books.books import Books
    from billing_runtime._books.needs import Needs
    from billing_runtime.limits.counting import Amount


@dataclass(frozen=True, slots=True)
class Give:
    """Grant units, once for a source; `request` stands for everything that was asked for."""

    entity_id: str
    name: str
    source: str
    units: Amount
    request: str
    priority: int
    starts_at: int | None = None
    expires_at: int | None = None
    payment: str | None = None

    def needs(self, needs: Needs) -> None:
        """The counter, which is to know that there are credits."""
        needs.entities.add(self.entity_id)
        needs.counters.add((self.entity_id, self.name, ""))

    def apply(self, books: Books) -> KeptGrant:
        """The grant of this source, made now or before. Raises CreditConflict if it was another one."""
        known = books.credits.of_source(self.entity_id, self.name, self.source)
        if known is not None:
            if known.request != self.request:
                raise CreditConflict.of(self.entity_id, self.name, self.source)
            books.credits.settle(known)
            return known
        starts = books.now if self.starts_at is None else self.starts_at
        if self.expires_at is not None and self.expires_at <= max(starts, books.now):
            message = "expires_at must be in the future, and later than starts_at."
            raise InvalidInput(message)
        return self.made(books, starts)

    def made(self, books: Books, starts: int) -> KeptGrant:
        """A new grant, kept."""
        grant = KeptGrant(
            new_receipt(books.now, "cgr_"), 0, self.priority, self.expires_at, books.now,
            self.entity_id, self.name, self.source, self.request, self.payment, starts, self.units,
        )  # fmt: skip
        books.credits.add(grant)
        counter = books.counter(self.entity_id, self.name)
        counter.credits |= CREDITS
        books.keep(counter)
        return grant


@dataclass(frozen=True, slots=True)
class Revoke:
    """Take back what is left of a grant, and what comes back to it later."""

    entity_id: str
    name: str
    source: str | None
    grant_id: str | None

    def needs(self, needs: Needs) -> None:
        """Nothing is counted."""
        needs.entities.add(self.entity_id)

    def apply(self, books: Books) -> KeptGrant:
        """The grant, revoked now or before. Raises UnknownGrant."""
        if self.grant_id is not None:
            grant = self._named(books, self.grant_id)
        else:
            grant = books.credits.of_source(self.entity_id, self.name, str(self.source))
        if grant is None:
            raise UnknownGrant.of(self.entity_id, self.name, str(self.source or self.grant_id))
        grant.revoked = grant.revoked or 0
        books.credits.settle(grant)
        return grant

    def _named(self, books: Books, grant_id: str) -> KeptGrant | None:
        found = books.credits.find(grant_id)
        return found if found and (found.entity_id, found.name) == (self.entity_id, self.name) else None


@dataclass(frozen=True, slots=True)
class Settle:
    """Book out what has expired of a name, and pay what is owed."""

    entity_id: str
    name: str

    def needs(self, needs: Needs) -> None:
        """Nothing is counted."""
        needs.entities.add(self.entity_id)

    def apply(self, books: Books) -> None:
        """Do it; a touch of these credits by anybody else does the same."""
        books.credits.settled(self.entity_id, self.name)
