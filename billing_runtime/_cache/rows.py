"""The cached subscriptions as they are read from the store."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

    from billing_runtime._store import Row, Scope, Store

Json = dict[str, Any]
#: How often anything about an entity was written (None: never), and whether it is a user or an organization.
Writes = tuple[int | None, str | None]
_FETCH = "fetch"


@dataclass(frozen=True, slots=True)
class CachedSubscription:
    """One subscription as Stripe had it when it was last asked; `body` is shared, so it is to be read only."""

    id: str
    entity_id: str
    customer_id: str
    status: str
    body: Json
    fetched_seq: int


@dataclass(frozen=True, slots=True)
class Rows:
    """Cached subscriptions of one account and mode."""

    store: Store
    scope: Scope

    def next_number(self) -> int:
        """A number greater than every one that was taken before, in whatever process; take it before a fetch."""
        with self.store.transaction(self.scope) as change:
            row = change.one("next_number", name=_FETCH)
        assert row is not None  # noqa: S101 - the query always answers
        return int(row["value"])

    def standing(self, entity_id: str) -> Writes:
        """How often anything about this entity was written, None if never; whether it is a user or an organization."""
        with self.store.reading(self.scope) as reading:
            row = reading.one("standing", entity_id=entity_id)
        assert row is not None  # noqa: S101 - the query always answers
        return None if row["writes"] is None else int(row["writes"]), row["kind"]

    def of_entity(self, entity_id: str) -> tuple[CachedSubscription, ...]:
        """Every subscription of the entity, newest first."""
        with self.store.reading(self.scope) as reading:
            return read(reading.all("subscriptions_of_entity", entity_id=entity_id))

    def owner(self, customer_id: str) -> str | None:
        """The entity that has this customer, or had it when it was last asked about."""
        return self.owners([customer_id]).get(customer_id)

    def owners(self, customers: Iterable[str]) -> dict[str, str]:
        """The entities of these customers, as far as they are known."""
        found = {}
        with self.store.reading(self.scope) as reading:
            for customer in customers:
                row = reading.one("entity_of_customer", customer_id=customer)
                row = row or reading.one("customer_fetch", customer_id=customer)
                if row is not None:
                    found[customer] = str(row["entity_id"])
        return found

    def not_seen_since(self, seq: int, after: str, most: int) -> list[str]:
        """Customers with running subscriptions that nobody has asked about since the number was taken."""
        with self.store.reading(self.scope) as reading:
            rows = reading.all("customers_not_seen_since", fetched_seq=seq, after=after, most=most)
        return [row["customer_id"] for row in rows]


def read(rows: Iterable[Row]) -> tuple[CachedSubscription, ...]:
    """The rows as values, newest subscription first."""
    found = (
        CachedSubscription(
            row["subscription_id"],
            row["entity_id"],
            row["customer_id"],
            row["status"],
            json.loads(row["body"]),
            row["fetched_seq"],
        )
        for row in rows
    )
    return tuple(sorted(found, key=lambda one: (one.body["created"], one.id), reverse=True))
