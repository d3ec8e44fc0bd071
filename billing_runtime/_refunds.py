"""Giving back what a subscription was paid (https://docs.stripe.com/api/refunds)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import uuid4

from billing_runtime.errors import StripeRefused

if TYPE_CHECKING:
    from collections.abc import Iterator

    from stripe.params import InvoiceListParams

    from billing_runtime._context import Context

Json = dict[str, Any]
_REFUNDED = "charge_already_refunded"


def refund(context: Context, subscription_id: str) -> None:
    """Refund every payment of every paid invoice of the subscription; one that was refunded already is left so."""
    for intent in _payments(context, subscription_id):
        _refund(context, intent)


def _refund(context: Context, intent: str) -> None:
    try:
        context.api.write(
            "refund a second subscription",
            f"billing-{uuid4().hex}",
            lambda client, options: client.v1.refunds.create(
                {"payment_intent": intent, "reason": "duplicate"}, options
            ),
        )
    except StripeRefused as refusal:
        # A whole payment is refunded once, whoever asks and under whatever key.
        if refusal.code != _REFUNDED:
            raise


def _payments(context: Context, subscription_id: str) -> Iterator[str]:
    filters: InvoiceListParams = {
        "subscription": subscription_id,
        "status": "paid",
        "expand": ["data.payments"],
    }
    invoices = context.api.pages("list invoices", filters, lambda client, page: client.v1.invoices.list(page))
    for invoice in invoices:
        for payment in (invoice.get("payments") or {}).get("data", []):
            intent = (payment.get("payment") or {}).get("payment_intent")
            if payment["status"] == "paid" and intent:
                yield intent
