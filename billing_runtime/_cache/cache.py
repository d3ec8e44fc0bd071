"""The subscription cache: looked up without the network, refreshed by asking Stripe."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from billing_runtime._cache.fetching import Fetching
from billing_runtime._cache.rows import Rows
from billing_runtime._cache.writing import Answer, held, keep
from billing_runtime.clock import to_unix
from billing_runtime.customers import ENTITY, KIND, STACK

if TYPE_CHECKING:
    from billing_runtime._cache.rows import CachedSubscription
    from billing_runtime._locks import KeyedLocks
    from billing_runtime._store import Scope, Store
    from billing_runtime._store.entities import Entities
    from billing_runtime._stripe import StripeApi
    from billing_runtime.clock import Clock

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
        entities: Entities,
        owner: str,
    ) -> None:
        """`owner` is the mark `billing:stack` of our customers."""
        self.fetching = Fetching(api)
        self.rows = Rows(store, scope)
        self._clock, self._locks, self._entities, self._owner = clock, locks, entities, owner
        self._parsed = lru_cache(_REMEMBERED)(self._parse)

    def of(self, entity_id: str) -> tuple[CachedSubscription, ...]:
        """The entity's subscriptions, newest first, from the store alone.

        What was parsed before is used again as long as nothing about the entity was written. How often something was
        is read from the store each time, so a change by whatever process is seen at once.
        """
        writes = self.rows.writes_of_entity(entity_id)
        return () if writes is None else self._parsed(entity_id, writes)

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
        entity_id = self.rows.owner(customer_id) or self._adopted(self.fetching.customer(customer_id))
        if entity_id is None:
            return None
        seq = self.rows.next_number()
        return Answer(customer_id, entity_id, seq, self.now(), self.fetching.of_customer(customer_id))

    def owner_of(self, customer: Json) -> str | None:
        """The entity of a customer that was read from Stripe; None if it is none of this stack's."""
        return self.rows.owner(customer["id"]) or self._adopted(customer)

    def keep(self, answer: Answer) -> tuple[CachedSubscription, ...]:
        """Keep an answer about a customer, unless a later one is there; what holds now."""
        with self.rows.store.transaction(self.rows.scope) as change:
            keep(change, answer)
            return held(change, answer.customer_id)

    def _parse(self, entity_id: str, _: int) -> tuple[CachedSubscription, ...]:
        return self.rows.of_entity(entity_id)

    def now(self) -> int:
        """The clock's time, in whole seconds since 1970."""
        return to_unix("clock()", self._clock())

    def _adopted(self, customer: Json | None) -> str | None:
        """The entity of a customer that the store does not know: made here, by its marks, and forgotten in a crash."""
        marks = (customer or {}).get("metadata") or {}
        if customer is None or marks.get(STACK) != self._owner or not marks.get(ENTITY):
            return None
        entity_id = str(marks[ENTITY])
        self._entities.bind_customer(entity_id, kind=marks.get(KIND, "user"), customer_id=customer["id"])
        return self.rows.owner(customer["id"])
