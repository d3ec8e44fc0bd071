"""The subscription cache: looked up without the network, refreshed by asking Stripe."""

from __future__ import annotations

from datetime import timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from billing_runtime._cache.fetching import Fetching
from billing_runtime._cache.rows import Rows
from billing_runtime._cache.writing import Answer, held, keep
from billing_runtime.clock import to_unix
from billing_runtime.customers import ENTITY, KIND, STACK

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from billing_runtime._cache.rows import CachedSubscription, Writes
    from billing_runtime._locks import KeyedLocks
    from billing_runtime._store import Scope, Store
    from billing_runtime._stripe import StripeApi
    from billing_runtime.clock import Clock

    Standing = tuple[tuple[CachedSubscription, ...], str | None]

Json = dict[str, Any]

# Entities whose parsed subscriptions one process holds on to; one is about 3 kB.
_REMEMBERED = 16_384


class Cache:
    """Subscriptions by entity. Safe to share between threads; every process of a store sees the same."""

    def __init__(
        self,
        api: StripeApi,
        store: Store,
        scope: Scope,
        *,
        clock: Clock,
        locks: KeyedLocks,
        owner: str,
        stale: timedelta = timedelta(0),
    ) -> None:
        """`owner` is the mark `billing:stack` of our customers; `stale` as at `Billing.open`."""
        self.fetching = Fetching(api)
        self.rows = Rows(store, scope)
        self._clock, self._locks, self._stack = clock, locks, owner
        self._stale = stale
        self._fresh: dict[str, tuple[datetime, Standing]] = {}
        self._parsed = lru_cache(_REMEMBERED)(self._parse)

    def of(self, entity_id: str) -> tuple[CachedSubscription, ...]:
        """The entity's subscriptions, newest first, from the store alone.

        What was parsed before is used again as long as nothing about the entity was written. How often something was
        is read from the store each time, so a change by whatever process is seen at once.
        """
        return self.standing(entity_id)[0]

    def standing(self, entity_id: str) -> Standing:
        """The same, and whether the entity is a user or an organization; None as long as it has no customer."""
        return self._known(entity_id) if self._stale else self._exact(entity_id)

    def _exact(self, entity_id: str) -> Standing:
        return self.at(entity_id, self.rows.standing(entity_id))

    def at(self, entity_id: str, writes: Writes) -> Standing:
        """The same for whoever has read how the entity stands."""
        number, kind = writes
        return () if number is None else self._parsed(entity_id, number), kind

    def _known(self, entity_id: str) -> Standing:
        """What was read a moment ago, by this process; its own writes are forgotten at once."""
        now = self._clock()
        known = self._fresh.get(entity_id)
        if known is not None and known[0] <= now < known[0] + self._stale:
            return known[1]
        if len(self._fresh) > _REMEMBERED:
            self._fresh = {}
        found = self._exact(entity_id)
        if found[1] is not None:  # who has no customer yet may get one at any moment, in this process as well
            self._fresh[entity_id] = now, found
        return found

    def refresh(self, customer_id: str) -> tuple[CachedSubscription, ...]:
        """Ask Stripe for every subscription of the customer and keep the answer, unless a later one is there.

        Call it after every change. A customer that is none of this stack's is left alone: the answer is empty.
        Raises StripeUnavailable, and then nothing has changed.
        """
        with self._locks.of(f"customer/{customer_id}"):
            answer = self.fetch(customer_id)
            return () if answer is None else self.keep(answer)

    def fetch(self, customer_id: str) -> Answer | None:
        """What Stripe says about a customer now, not kept yet; None if it is none of this stack's."""
        entity_id = self._owner_now(customer_id)
        if entity_id is None:
            return None
        seq = self.rows.next_number()
        return Answer(customer_id, entity_id, seq, self.now(), self.fetching.of_customer(customer_id))

    def owners_of(self, customers: Iterable[Json]) -> dict[str, str]:
        """The entities of customers that were read from Stripe, by their ids; who is none of this stack's is left out.

        Those that the store does not know and whose marks are ours are bound, in one transaction.
        """
        page = {customer["id"]: customer for customer in customers}
        known = self.rows.owners(page)
        lost = {
            name: marks for name, customer in page.items() if name not in known and (marks := self._marks(customer))
        }
        if not lost:
            return known
        with self.rows.store.transaction(self.rows.scope) as change:
            for name, marks in lost.items():
                kind = marks.get(KIND, "user")
                change.run("bind_customer", entity_id=marks[ENTITY], kind=kind, customer_id=name)
        return self.rows.owners(page)

    def keep(self, answer: Answer) -> tuple[CachedSubscription, ...]:
        """Keep an answer about a customer, unless a later one is there; what holds now."""
        with self.rows.store.transaction(self.rows.scope) as change:
            keep(change, answer)
            found = held(change, answer.customer_id)
        self._fresh.pop(answer.entity_id, None)
        return found

    def _parse(self, entity_id: str, _: int) -> tuple[CachedSubscription, ...]:
        return self.rows.of_entity(entity_id)

    def now(self) -> int:
        """The clock's time, in whole seconds since 1970."""
        return to_unix("clock()", self._clock())

    def _owner_now(self, customer_id: str) -> str | None:
        """Whose a customer is: from the store, else from the marks (made here, and forgotten in a crash)."""
        known = self.rows.owner(customer_id)
        if known is not None:
            return known
        customer = self.fetching.customer(customer_id)
        return None if customer is None else self.owners_of([customer]).get(customer_id)

    def _marks(self, customer: Json) -> dict[str, str]:
        """The marks of a customer that was made by this stack, or nothing."""
        marks: dict[str, str] = customer.get("metadata") or {}
        return marks if marks.get(STACK) == self._stack and marks.get(ENTITY) else {}
