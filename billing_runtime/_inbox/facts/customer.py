"""Customers: only whether they are still there, and what they owe: https://docs.stripe.com/api/customers/object"""

from __future__ import annotations

from typing import TYPE_CHECKING

from billing_runtime._inbox.facts.reading import picked, read
from billing_runtime._inbox.handler import Fact, FactKind

if TYPE_CHECKING:
    from billing_runtime._inbox.rows import InboxEvent
    from billing_runtime._stripe import StripeApi

_KEPT = ("id", "balance", "currency", "delinquent")


def _read(api: StripeApi, event: InboxEvent) -> Fact | None:
    customer = str(event.customer_id)
    body = read(api, "read a customer", lambda client: client.v1.customers.retrieve(customer))
    gone = body is None or bool(body.get("deleted"))
    return Fact(picked(body or {"id": customer}, _KEPT) | {"deleted": gone}, customer)


CUSTOMER = FactKind("customer", _read, lambda event: str(event.customer_id))
