"""Entities of the application and their Stripe customers (https://docs.stripe.com/api/customers)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, cast

from billing_runtime import _inputs
from billing_runtime._creation import Making
from billing_runtime.clock import to_unix
from billing_runtime.errors import NoCustomer

if TYPE_CHECKING:
    from collections.abc import Mapping

    from stripe.params import CustomerCreateParams, CustomerListParams

    from billing_runtime._context import Context
    from billing_runtime._store.entities import Claim

Json = dict[str, Any]
ENTITY, KIND, STACK = "billing:entity", "billing:kind", "billing:stack"
_CLOCK_SKEW = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Customer:
    """The Stripe customer of an entity; `created` says whether this call made it."""

    entity_id: str
    id: str
    created: bool = False


class Customers:
    """`billing.customers`."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def get(self, entity_id: str) -> Customer | None:
        """The entity's customer, from the store alone."""
        found = self._context.entities.customer_id(_inputs.entity(entity_id))
        return None if found is None else Customer(entity_id, found)

    def require(self, entity_id: str) -> Customer:
        """The entity's customer, or the error that says how to get one."""
        customer = self.get(entity_id)
        if customer is None:
            raise NoCustomer.of(entity_id)
        return customer

    def ensure(
        self,
        entity_id: str,
        *,
        kind: str = "user",
        email: str | None = None,
        name: str | None = None,
        metadata: Mapping[str, str] | None = None,
    ) -> Customer:
        """The entity's one Stripe customer, made if there is none; nothing is sent and nothing changed if there is."""
        request = self._request(entity_id, _inputs.kind(kind), email, name, _inputs.metadata(metadata))
        known = self.get(entity_id)
        if known is not None:
            return known
        with self._context.locks.of(entity_id):
            return self.get(entity_id) or self._make(entity_id, kind, request)

    def _make(self, entity_id: str, kind: str, request: Json) -> Customer:
        made = self._context.creations.make(entity_id, self._making(entity_id), request)
        self._context.entities.bind_customer(entity_id, kind=kind, customer_id=made.id)
        return Customer(entity_id, made.id, created=made.body is not None)

    def _request(self, entity_id: str, kind: str, email: str | None, name: str | None, metadata: Json) -> Json:
        ours = {ENTITY: _inputs.entity(entity_id), KIND: kind, STACK: self._context.manifest.owner}
        optional = {"email": email, "name": name}
        return {key: value for key, value in optional.items() if value} | {"metadata": metadata | ours}

    def _making(self, entity_id: str) -> Making:
        return Making("customer", self._post, lambda claim: self._find_lost(entity_id, claim))

    def _post(self, request: Json, key: str) -> Json:
        return self._context.api.write(
            "create a customer",
            key,
            lambda client, options: client.v1.customers.create(cast("CustomerCreateParams", request), options),
        )

    def _find_lost(self, entity_id: str, claim: Claim) -> Json | None:
        """The customer a lost answer was about: made since the claim, and marked as this entity's."""
        since = to_unix("claimed_at", claim.claimed_at - _CLOCK_SKEW)
        filters: CustomerListParams = {"created": {"gte": since}}
        customers = self._context.api.pages(
            "look for a customer", filters, lambda client, page: client.v1.customers.list(page)
        )
        return next((found for found in customers if found["metadata"].get(ENTITY) == entity_id), None)
