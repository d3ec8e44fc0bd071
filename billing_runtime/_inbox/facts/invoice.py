"""Invoices: https://docs.stripe.com/api/invoices/object"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from billing_runtime._inbox.facts.lines import every, intents, invoice_line
from billing_runtime._inbox.facts.reading import id_of, picked, read
from billing_runtime._inbox.handler import Fact, FactKind

if TYPE_CHECKING:
    from collections.abc import Iterable

    from stripe.params import InvoiceLineItemListParams

    from billing_runtime._inbox.rows import InboxEvent
    from billing_runtime._stripe import StripeApi

Json = dict[str, Any]

#: The mark on an invoice by which credits are bought automatically.
TOP_UP = "billing:top_up"

_KEPT = (
    "id", "number", "status", "billing_reason", "collection_method", "currency", "subtotal", "total", "amount_due",
    "amount_paid", "amount_remaining", "attempt_count", "next_payment_attempt", "due_date", "created", "period_start",
    "period_end", "hosted_invoice_url", "invoice_pdf",
)  # fmt: skip


def _read(api: StripeApi, event: InboxEvent) -> Fact | None:
    body = read_invoice(api, str(event.object_id))
    return None if body is None else Fact(kept_of_invoice(api, body), id_of(body.get("customer")))


def read_invoice(api: StripeApi, invoice: str) -> Json | None:
    """An invoice with its payments; None if Stripe does not have it."""
    return read(api, "read an invoice", lambda client: client.v1.invoices.retrieve(invoice, {"expand": ["payments"]}))


def kept_of_invoice(api: StripeApi, body: Json) -> Json:
    """What is kept of an invoice that was read: also each of its lines, and what has paid it."""

    def rest() -> Iterable[Json]:
        filters: InvoiceLineItemListParams = {}
        return api.pages(
            "read an invoice's lines",
            filters,
            lambda client, page: client.v1.invoices.line_items.list(body["id"], page),
        )

    return picked(body, _KEPT) | {
        "subscription": subscription_of(body),
        "paid_at": (body.get("status_transitions") or {}).get("paid_at"),
        "lines": [invoice_line(line) for line in every(body.get("lines"), rest)],
        "payment_intents": intents(body.get("payments")),
        "top_up": (body.get("metadata") or {}).get(TOP_UP),
    }


def subscription_of(body: Json) -> str | None:
    """The subscription it bills; versions before 2025-03-31 wrote it at the top."""
    parent = (body.get("parent") or {}).get("subscription_details") or {}
    found: str | None = id_of(parent.get("subscription") or body.get("subscription"))
    return found


INVOICE = FactKind("invoice", _read)
