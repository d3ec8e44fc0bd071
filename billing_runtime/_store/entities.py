"""Who is which customer at Stripe, and which objects are being made there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from billing_runtime.clock import time_of, to_unix

if TYPE_CHECKING:
    from billing_runtime._store import Scope, Store


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to make one object at Stripe: the request to send and the key to send it under."""

    idempotency_key: str
    request: str
    claimed_at: datetime
    object_id: str | None = None


@dataclass(frozen=True, slots=True)
class Entity:
    """An entity, what it is, and its Stripe customer."""

    id: str
    kind: str
    customer_id: str


@dataclass(frozen=True, slots=True)
class Entities:
    """Entities and their customers, of one account and mode. Every call is a transaction of its own."""

    store: Store
    scope: Scope

    def find(self, entity_id: str) -> Entity | None:
        """The entity, if it has a Stripe customer."""
        with self.store.reading(self.scope) as reading:
            row = reading.one("entity", entity_id=entity_id)
        return None if row is None else Entity(entity_id, row["kind"], row["customer_id"])

    def customer_id(self, entity_id: str) -> str | None:
        """The Stripe customer of the entity."""
        found = self.find(entity_id)
        return None if found is None else found.customer_id

    def bind_customer(self, entity_id: str, *, kind: str, customer_id: str) -> None:
        """Remember the entity's Stripe customer, to whom its usage is told from now on; the first one stays."""
        with self.store.transaction(self.scope) as change:
            change.lock(entity_id)
            change.run("bind_customer", entity_id=entity_id, kind=kind, customer_id=customer_id)
            change.run("wake_outbox", entity_id=entity_id)

    def rebind_customer(self, entity_id: str, *, gone: str, customer_id: str) -> None:
        """Put a new customer in the place of one that is gone; nothing happens if another one is there by now."""
        with self.store.transaction(self.scope) as change:
            change.lock(entity_id)
            change.run("rebind_customer", entity_id=entity_id, gone=gone, customer_id=customer_id)
            change.run("wake_outbox", entity_id=entity_id)


@dataclass(frozen=True, slots=True)
class Claims:
    """What is being made at Stripe, for one account and mode. Every call is a transaction of its own."""

    store: Store
    scope: Scope

    def claim(self, entity_id: str, subject: str, wanted: Claim) -> Claim:
        """The claim that holds: the wanted one, or the one somebody made before."""
        new = {"idempotency_key": wanted.idempotency_key, "request": wanted.request}
        at = to_unix("claimed_at", wanted.claimed_at)
        with self.store.transaction(self.scope) as change:
            change.run("insert_claim", entity_id=entity_id, subject=subject, **new, claimed_at=at)
            row = change.one("read_claim", entity_id=entity_id, subject=subject)
        if row is None:
            message = f"the claim of {subject} for {entity_id} was not kept"
            raise LookupError(message)
        made = time_of(row["claimed_at"])
        return Claim(row["idempotency_key"], row["request"], made, row["object_id"])

    def held(self, entity_id: str, subject: str) -> str | None:
        """The object that was made under the claim that holds, if it is known."""
        with self.store.reading(self.scope) as reading:
            row = reading.one("read_claim", entity_id=entity_id, subject=subject)
        return None if row is None else row["object_id"]

    def settle(self, entity_id: str, subject: str, claim: Claim, object_id: str) -> None:
        """Note that the claimed object was made; nothing happens if another claim holds by now."""
        place = {"entity_id": entity_id, "subject": subject, "idempotency_key": claim.idempotency_key}
        with self.store.transaction(self.scope) as change:
            change.run("settle_claim", **place, object_id=object_id)

    def drop(self, entity_id: str, subject: str, claim: Claim) -> None:
        """Give the claim up; nothing happens if another claim holds by now."""
        place = {"entity_id": entity_id, "subject": subject, "idempotency_key": claim.idempotency_key}
        with self.store.transaction(self.scope) as change:
            change.run("drop_claim", **place)
