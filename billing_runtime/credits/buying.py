"""What a payment grants, and what is taken back when its money goes back, as operations on the books.

Both look at what Stripe last said, as it is kept here (`fact`), while the entity is theirs alone. So it is the same
whether a refund is heard of before or after what it refunds.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from billing_runtime.credits.operations import Give
from billing_runtime.credits.payments import gone_of, owed, payment_of

if TYPE_CHECKING:
    from billing_runtime._books.books import Books
    from billing_runtime._books.needs import Needs
    from billing_runtime.credits.payments import Bought, Payment


@dataclass(frozen=True, slots=True)
class Buy:
    """Grant what a payment has bought, each line once; `debt` says what becomes of money that is gone already."""

    entity_id: str
    payment: Payment
    bought: tuple[Bought, ...]
    debt: bool
    top_up: str | None = None
    """The automatic top-up that it was, which is over with it."""

    def needs(self, needs: Needs) -> None:
        """The counters, which are to know that there are credits."""
        needs.entities.add(self.entity_id)
        for one in self.bought:
            needs.counters.add((self.entity_id, one.name, ""))

    def apply(self, books: Books) -> int:
        """How many grants were made now."""
        new = [one for one in self.bought if books.credits.of_source(self.entity_id, one.name, one.source) is None]
        for one in new:
            give = Give(
                self.entity_id, one.name, one.source, one.units, f"bought {one.source}", one.priority, None,
                one.expires_at, self.payment.text(),
            )  # fmt: skip
            give.made(books, books.now)
        if self.top_up is not None:
            books.top_ups.was_paid(self.entity_id, self.top_up, self.payment.of, self.payment.amount)
        recover(books, self.entity_id, lambda payment: payment.of == self.payment.of, debt=self.debt)
        return len(new)


@dataclass(frozen=True, slots=True)
class Recover:
    """Money has gone back, or has come: take back, or give back, what it bought.

    `named` is an invoice, or a payment intent.
    """

    entity_id: str
    named: str
    debt: bool

    def needs(self, needs: Needs) -> None:
        """Nothing is counted."""
        needs.entities.add(self.entity_id)

    def apply(self, books: Books) -> None:
        """Do it; the same again changes nothing."""
        recover(
            books,
            self.entity_id,
            lambda payment: self.named == payment.of or self.named in payment.intents,
            debt=self.debt,
        )


def recover(books: Books, entity_id: str, wanted: Callable[[Payment], bool], *, debt: bool) -> None:
    """Bring what is taken back of the wanted payments' grants to where their money is."""
    found = [(grant, payment_of(grant.payment or "")) for grant in books.credits.paid(entity_id)]
    found = [(grant, payment) for grant, payment in found if wanted(payment)]
    if not found:
        return
    gone = gone_of(_facts(books, entity_id, "charge"), _facts(books, entity_id, "dispute"))
    for grant, payment in found:
        grant.owed = owed(int(grant.units), payment, gone, void=_is_void(books, payment.of))
        books.credits.settle(grant, debt=debt)


def _facts(books: Books, entity_id: str, kind: str) -> list[dict[str, object]]:
    rows = books.transaction.all("facts_of_entity", entity_id=entity_id, kind=kind)
    return [json.loads(row["body"]) for row in rows]


def _is_void(books: Books, invoice: str) -> bool:
    row = books.transaction.one("find_fact", kind="invoice", object_id=invoice)
    return row is not None and json.loads(row["body"])["status"] == "void"
