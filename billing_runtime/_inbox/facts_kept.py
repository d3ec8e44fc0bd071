"""What Stripe said last about objects that are no subscriptions, as it is kept in the store."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from billing_runtime._inbox.handler import Fact
    from billing_runtime._store import Row, Scope, Store, Transaction

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class KeptFact:
    """One object: ids, amounts in minor units, statuses, Unix times; no personal data."""

    kind: str
    object_id: str
    customer_id: str | None
    entity_id: str | None
    body: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class FactRows:
    """Facts of one account and mode."""

    store: Store
    scope: Scope

    def of(self, entity_id: str, kind: str) -> tuple[KeptFact, ...]:
        """An entity's objects of one kind, such as `invoice`."""
        with self.store.reading(self.scope) as reading:
            return tuple(_kept(row) for row in reading.all("facts_of_entity", entity_id=entity_id, kind=kind))

    def find(self, kind: str, object_id: str) -> KeptFact | None:
        """One object."""
        with self.store.reading(self.scope) as reading:
            row = reading.one("find_fact", kind=kind, object_id=object_id)
        return None if row is None else _kept(row)


def keep_fact(change: Transaction, place: tuple[str, str], fact: Fact, *, entity_id: str | None, seq: int) -> None:
    """Keep a fact under its kind and object, unless one that was asked for later is there."""
    change.run(
        "keep_fact",
        kind=place[0],
        object_id=place[1],
        customer_id=fact.customer_id,
        entity_id=entity_id,
        body=json.dumps(fact.body),
        fetched_seq=seq,
    )


def _kept(row: Row) -> KeptFact:
    return KeptFact(row["kind"], row["object_id"], row["customer_id"], row["entity_id"], json.loads(row["body"]))
