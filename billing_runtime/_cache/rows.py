"""The cached subscriptions in the store: kept whole for a customer, and never replaced by an older answer."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from billing_runtime._store import Row, Scope, Store, Transaction, Value

Json = dict[str, Any]
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
class Answer:
    """Every subscription of one customer, as an answer to a fetch that took its number before it began."""

    customer_id: str
    entity_id: str
    seq: int
    at: int
    subscriptions: Sequence[Json]


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

    def newest_of_entity(self, entity_id: str) -> int | None:
        """The number of the newest answer about this entity."""
        with self.store.reading(self.scope) as reading:
            row = reading.one("newest_fetch_of_entity", entity_id=entity_id)
        return None if row is None else row["newest"]

    def of_entity(self, entity_id: str) -> tuple[CachedSubscription, ...]:
        """Every subscription of the entity, newest first."""
        with self.store.reading(self.scope) as reading:
            return _read(reading.all("subscriptions_of_entity", entity_id=entity_id))

    def owner(self, customer_id: str) -> str | None:
        """The entity that has this customer, or had it when it was last asked about."""
        with self.store.reading(self.scope) as reading:
            row = reading.one("entity_of_customer", customer_id=customer_id)
            row = row or reading.one("customer_fetch", customer_id=customer_id)
        return None if row is None else str(row["entity_id"])

    def keep(self, answers: Iterable[Answer]) -> tuple[CachedSubscription, ...]:
        """Keep each answer that is newer than what is there; what holds now, of all these customers."""
        held: list[CachedSubscription] = []
        with self.store.transaction(self.scope) as change:
            for answer in sorted(answers, key=lambda one: one.customer_id):  # one order: no deadlock
                held += _keep(change, answer)
        return tuple(held)


def _keep(change: Transaction, answer: Answer) -> tuple[CachedSubscription, ...]:
    """The row of the fetch is the lock: who writes it keeps others from this customer until the end."""
    place: dict[str, Value] = {
        "customer_id": answer.customer_id,
        "entity_id": answer.entity_id,
        "fetched_seq": answer.seq,
    }
    if change.run("keep_customer_fetch", **place, fetched_at=answer.at):
        since = _past_due_since(change, answer)
        change.run("drop_subscriptions", customer_id=answer.customer_id)
        for body in answer.subscriptions:
            text = json.dumps(_with_past_due(body, since, answer.at))
            change.run("insert_subscription", **place, subscription_id=body["id"], status=body["status"], body=text)
    return _read(change.all("subscriptions_of_customer", customer_id=answer.customer_id))


def _past_due_since(change: Transaction, answer: Answer) -> dict[str, int]:
    """Stripe does not say since when a subscription is past due; the first answer that said so does."""
    rows = _read(change.all("subscriptions_of_customer", customer_id=answer.customer_id))
    return {row.id: row.body["past_due_since"] for row in rows if row.status == "past_due"}


def _with_past_due(body: Json, since: dict[str, int], at: int) -> Json:
    return body | {"past_due_since": since.get(body["id"], at) if body["status"] == "past_due" else None}


def _read(rows: list[Row]) -> tuple[CachedSubscription, ...]:
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
