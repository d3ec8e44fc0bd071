"""Invoices: https://docs.stripe.com/api/invoices/object"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from billing_runtime._inbox.facts.reading import id_of, picked, read
from billing_runtime._inbox.handler import Fact, FactKind

if TYPE_CHECKING:
    from billing_runtime._inbox.rows import InboxEvent
    from billing_runtime._stripe import StripeApi

Json = dict[str, Any]
_KEPT = (
    "id", "number", "status", "billing_reason", "collection_method", "currency", "subtotal", "total", "amount_due",
    "amount_paid", "amount_remaining", "attempt_count", "next_payment_attempt", "due_date", "created", "period_start",
    "period_end", "hosted_invoice_url", "invoice_pdf",
)  # fmt: skip


def _read(api: StripeApi, event: InboxEvent) -> Fact | None:
    body = read(api, "read an invoice", lambda client: client.v1.invoices.retrieve(str(event.object_id)))
    if body is None:
        return None
    kept = picked(body, _KEPT) | {"subscription": subscription_of(body)}
    return Fact(kept, id_of(body.get("customer")))


def subscription_of(body: Json) -> str | None:
    """The subscription it bills; versions before 2025-03-31 wrote it at the top."""
    parent = (body.get("parent") or {}).get("subscription_details") or {}
    found: str | None = id_of(parent.get("subscription") or body.get("subscription"))
    return found


INVOICE = FactKind("invoice", _read)
