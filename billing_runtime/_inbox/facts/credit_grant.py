"""Billing credits: https://docs.stripe.com/api/billing/credit-grant/object"""

from __future__ import annotations

from typing import TYPE_CHECKING

from billing_runtime._inbox.facts.reading import id_of, picked, read
from billing_runtime._inbox.handler import Fact, FactKind

if TYPE_CHECKING:
    from billing_runtime._inbox.rows import InboxEvent
    from billing_runtime._stripe import StripeApi

_KEPT = (
    "id", "amount", "category", "priority", "effective_at", "expires_at", "voided_at", "created",
)  # fmt: skip


def _read(api: StripeApi, event: InboxEvent) -> Fact | None:
    body = read(
        api, "read a credit grant", lambda client: client.v1.billing.credit_grants.retrieve(str(event.object_id))
    )
    return None if body is None else Fact(picked(body, _KEPT), id_of(body.get("customer")))


CREDIT_GRANT = FactKind("billing.credit_grant", _read)
