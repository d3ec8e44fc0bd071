"""Entities of the application and their Stripe customers (https://docs.stripe.com/api/customers)."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, TypeVar, cast

from billing_runtime import _inputs
from billing_runtime._creation import Making
from billing_runtime.clock import to_unix
from billing_runtime.errors import NoCustomer, StripeRefused

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from stripe.params import CustomerCreateParams, CustomerListParams

    from billing_runtime._context import Context
    from billing_runtime._store.entities import Claim

Json = dict[str, Any]
ENTITY, KIND, STACK = "billing:entity", "billing:kind", "billing:stack"
_CLOCK_SKEW = timedelta(minutes=10)
_NOT_FOUND = 404
_T = TypeVar("_T")
_log = logging.getLogger("billing_runtime")


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

    def kind(self, entity_id: str) -> str | None:
        """What the entity is, user or organization; None as long as it has no customer."""
        found = self._context.entities.find(_inputs.entity(entity_id))
        return None if found is None else found.kind

    def repair(self, entity_id: str, *, email: str | None = None, name: str | None = None) -> Customer:
        """The entity's customer, known to be at Stripe, which is asked.

        One that was deleted there, or is of the other mode, is replaced by a new one with this e-mail address and name;
        the subscriptions of the old one are over.
        """
        customer = self.require(entity_id)
        return self._replaced(customer, email, name) if self._is_gone(customer.id) else customer

    def at_stripe(
        self, entity_id: str, use: Callable[[str], _T], *, email: str | None = None, name: str | None = None
    ) -> _T:
        """Call with the entity's customer; if Stripe says that there is none, it is repaired and called once more."""
        customer = self.require(entity_id)
        try:
            return use(customer.id)
        except StripeRefused as refusal:
            # A price that is missing has the same code: only Stripe's word about the customer counts.
            missing = refusal.code == "resource_missing" and refusal.param == "customer"
            if not missing or not self._is_gone(customer.id):
                raise
        return use(self._replaced(customer, email, name).id)

    def _is_gone(self, customer_id: str) -> bool:
        try:
            body = self._context.api.read("read a customer", lambda client: client.v1.customers.retrieve(customer_id))
        except StripeRefused as refusal:
            if refusal.status == _NOT_FOUND:
                return True
            raise
        return bool(body.get("deleted"))

    def _replaced(self, gone: Customer, email: str | None, name: str | None) -> Customer:
        """The customer in the gone one's place. Until it is there the gone one stays, so that a crash loses nothing."""
        entity_id, entities = gone.entity_id, self._context.entities
        request = self._request(entity_id, self.kind(entity_id) or "user", email, name, {})
        with self._context.locks.of(entity_id):
            made = self._context.creations.make(entity_id, self._making(entity_id, gone.id), request)
            entities.rebind_customer(entity_id, gone=gone.id, customer_id=made.id)
        _log.warning("Customer %s is gone at Stripe, and %s was made in its place", gone.id, made.id)
        return self.require(entity_id)

    def _make(self, entity_id: str, kind: str, request: Json) -> Customer:
        made = self._context.creations.make(entity_id, self._making(entity_id), request)
        self._context.entities.bind_customer(entity_id, kind=kind, customer_id=made.id)
        return Customer(entity_id, made.id, created=made.body is not None)

    def _request(self, entity_id: str, kind: str, email: str | None, name: str | None, metadata: Json) -> Json:
        ours = {ENTITY: _inputs.entity(entity_id), KIND: kind, STACK: self._context.manifest.owner}
        optional = {"email": email, "name": name}
        return {key: value for key, value in optional.items() if value} | {"metadata": metadata | ours}

    def _making(self, entity_id: str, gone: str | None = None) -> Making:
        subject = "customer" if gone is None else f"customer:{gone}"
        return Making(subject, self._post, lambda claim: self._find_lost(entity_id, claim, gone))

    def _post(self, request: Json, key: str) -> Json:
        return self._context.api.write(
            "create a customer",
            key,
            lambda client, options: client.v1.customers.create(cast("CustomerCreateParams", request), options),
        )

    def _find_lost(self, entity_id: str, claim: Claim, gone: str | None) -> Json | None:
        """The customer a lost answer was about: made since the claim, and marked as this entity's."""
        since = to_unix("claimed_at", claim.claimed_at - _CLOCK_SKEW)
        filters: CustomerListParams = {"created": {"gte": since}}
        customers = self._context.api.pages(
            "look for a customer", filters, lambda client, page: client.v1.customers.list(page)
        )
        ours = (found for found in customers if found["metadata"].get(ENTITY) == entity_id)
        return next((found for found in ours if found["id"] != gone), None)
