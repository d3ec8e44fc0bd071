"""What is kept about one entity, to be shown or removed: for people who ask what is known of them.

Every table that names an entity has a query `export_…` and a query `erase_…`; tests see to it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from billing_runtime import _inputs
from billing_runtime._groups import TAKING_PLACE
from billing_runtime._store.sql import queries
from billing_runtime.errors import StillSubscribed, StripeRefused

if TYPE_CHECKING:
    from stripe.params import CustomerPaymentMethodListParams, InvoiceListParams, SubscriptionListParams

    from billing_runtime._context import Context

Json = dict[str, Any]
_EXPORT, _ERASE = "export_", "erase_"


@dataclass(frozen=True, slots=True)
class Erased:
    """What was removed: the Stripe customer, if there was one, and how many rows of each table."""

    customer_id: str | None
    rows: dict[str, int]


class PersonalData:
    """`billing.personal_data`."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def export(self, entity_id: str) -> Json:
        """Everything that is kept about the entity, here and at Stripe, as JSON values."""
        _inputs.entity(entity_id)
        with self._context.store.reading(self._context.scope) as reading:
            here = {
                table: [dict(row) for row in reading.all(name, entity_id=entity_id)] for table, name in _all(_EXPORT)
            }
        customer = self._context.entities.customer_id(entity_id)
        return {
            "entity_id": entity_id,
            "store": here,
            "stripe": None if customer is None else self._at_stripe(customer),
        }

    def erase(self, entity_id: str, *, cancel: bool = False) -> Erased:
        """Remove everything about the entity: the customer at Stripe first, then every row here.

        A subscription that runs keeps it from being done, unless `cancel` says that it may end with it. Can be repeated
        after a crash. Invoices stay at Stripe, without their customer's data, as the law demands of whoever wrote them.
        https://docs.stripe.com/api/customers/delete

        Raises StillSubscribed and StripeUnavailable, and then nothing was removed here.
        """
        _inputs.entity(entity_id)
        customer = self._context.entities.customer_id(entity_id)
        with self._context.locks.of(entity_id):
            if customer is not None:
                self._remove(entity_id, customer, cancel=cancel)
            with self._context.store.transaction(self._context.scope) as change:
                rows = {table: change.run(name, entity_id=entity_id) for table, name in _all(_ERASE)}
        return Erased(customer, {table: number for table, number in rows.items() if number})

    def _remove(self, entity_id: str, customer: str, *, cancel: bool) -> None:
        running = [one.id for one in self._context.cache.refresh(customer) if one.status in TAKING_PLACE]
        if running and not cancel:
            raise StillSubscribed(entity_id, running)
        try:
            self._context.api.write(
                "delete a customer",
                f"billing-{uuid4().hex}",
                lambda client, options: client.v1.customers.delete(customer, {}, options),
            )
        except StripeRefused as refusal:
            if refusal.status != 404:
                raise

    def _at_stripe(self, customer: str) -> Json | None:
        api = self._context.api
        found = api.read("read a customer", lambda client: client.v1.customers.retrieve(customer))
        if found.get("deleted"):
            return {"customer": found}
        of: SubscriptionListParams = {"customer": customer, "status": "all"}
        billed: InvoiceListParams = {"customer": customer}
        paying: CustomerPaymentMethodListParams = {}
        subscriptions = api.pages("list subscriptions", of, lambda client, page: client.v1.subscriptions.list(page))
        invoices = api.pages("list invoices", billed, lambda client, page: client.v1.invoices.list(page))
        methods = api.pages(
            "list payment methods",
            paying,
            lambda client, page: client.v1.customers.payment_methods.list(customer, page),
        )
        return {
            "customer": found,
            "subscriptions": list(subscriptions),
            "invoices": list(invoices),
            "payment_methods": list(methods),
        }


def _all(prefix: str) -> list[tuple[str, str]]:
    """The tables, and their queries of this kind."""
    return [(name.removeprefix(prefix), name) for name in sorted(queries()) if name.startswith(prefix)]
