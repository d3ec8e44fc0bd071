"""What is done with counters and decisions from time to time, and when Stripe tells of a subscription."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from billing_runtime._books.receipts import first_receipt
from billing_runtime.clock import to_unix
from billing_runtime.consuming.ending import sweep_all
from billing_runtime.errors import UnknownName

if TYPE_CHECKING:
    from billing_runtime._books.books import Books
    from billing_runtime._books.commit import Ledger
    from billing_runtime._books.needs import Needs
    from billing_runtime._context import Context
    from billing_runtime._inbox.hooks import BillingEvent
    from billing_runtime.limits.allowances import Allowances

#: How often old decisions are looked for; so many are removed in one transaction, so that nobody waits for long.
KEEP_EVERY, _AT_ONCE = timedelta(hours=6), 1000
#: How often reservations that ran out are looked for; whoever decides about their name does so before.
SWEEP_EVERY, _ENTITIES = timedelta(minutes=5), 100


def follow_up(context: Context, ledger: Ledger, allowances: Allowances) -> None:
    """What is to be done when Stripe tells of something, and from time to time."""
    context.chores.add("old decisions", KEEP_EVERY, partial(drop_old, context))
    context.chores.add("expired reservations", SWEEP_EVERY, partial(sweep_expired, context, ledger))
    context.hooks.add("customer.subscription.*", partial(observe, ledger, allowances))


def drop_old(context: Context) -> int:
    """Remove decisions that are older; how many. Open reservations stay, and so do counters, history and credits."""
    before = first_receipt(to_unix("clock()", context.clock() - context.limits.keep_decisions))
    dropped = 0
    while True:
        with context.store.transaction(context.scope) as change:
            number = change.run("drop_old_decisions", before=before, most=_AT_ONCE)
        dropped += number
        if number < _AT_ONCE:
            return dropped


def sweep_expired(context: Context, ledger: Ledger) -> int:
    """Give back what reservations hold whose time is up, of entities that use nothing now; how many reservations."""
    swept = 0
    while True:
        now = to_unix("clock()", context.clock())
        with context.store.reading(context.scope) as reading:
            rows = reading.all("entities_with_expired", now=now, most=_ENTITIES)
        found = sum(ledger.do(_Sweep(row["entity_id"])) for row in rows)
        swept += found
        if not found:
            return swept


def observe(ledger: Ledger, allowances: Allowances, told: BillingEvent) -> None:
    """A subscription was changed: counters hear of it now and not at the next use, which may be days away."""
    if told.entity_id is not None:
        at = to_unix("created", told.created)
        ledger.do(_Observe(told.entity_id, allowances.shared(told.entity_id), at))


@dataclass(slots=True)
class _Sweep:
    """Reservations of one entity, as an operation on the books."""

    entity_id: str

    def needs(self, needs: Needs) -> None:
        """Which counters, the reservations will say."""
        needs.entities.add(self.entity_id)

    def apply(self, books: Books) -> int:
        """Give back what they hold; how many there were."""
        return sweep_all(books, self.entity_id)


@dataclass(slots=True)
class _Observe:
    """Every counter of an entity under its plan of now, which it has had since a time.

    Names whose limit is shared between the plans of a window get a counter even if nothing was used of them: else a
    plan that is taken on a window's last day would be thought to have held all the time.
    """

    entity_id: str
    shared: frozenset[str]
    changed_at: int

    def needs(self, needs: Needs) -> None:
        """Which counters there are, the store will say."""
        needs.entities.add(self.entity_id)

    def apply(self, books: Books) -> None:
        """Bring them up to date."""
        # A member's limit is no plan's.
        names = {counter.name for counter in books.counters(self.entity_id) if not counter.member_id}
        for name in sorted(names | self.shared):
            with suppress(UnknownName):  # nobody sells it any more
                allowance = books.allowance(self.entity_id, name)
                books.advance(books.counter(self.entity_id, name), allowance, self.changed_at)
