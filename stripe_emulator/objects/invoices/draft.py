"""A new invoice before anything stands on it. https://docs.stripe.com/api/invoices/object."""

from __future__ import annotations

from typing import Any

from stripe_emulator.call import Call

Document = dict[str, Any]

_OF_CUSTOMER = ("address", "email", "name", "phone", "shipping", "tax_exempt")
_NULL = (
    "account_name", "account_tax_ids", "amount_paid_off_stripe", "application", "automatically_finalizes_at",
    "confirmation_secret", "custom_fields", "customer_account", "default_payment_method", "default_source",
    "description", "due_date", "effective_at", "ending_balance", "footer", "from_invoice", "hosted_invoice_url",
    "invoice_pdf", "last_finalization_error", "latest_revision", "next_payment_attempt", "number", "on_behalf_of",
    "parent", "receipt_number", "rendering", "shipping_cost", "shipping_details", "statement_descriptor",
    "status_details", "threshold_reason", "webhooks_delivered_at",
)  # fmt: skip
_ZERO = (
    "amount_due", "amount_overpaid", "amount_paid", "amount_remaining", "amount_shipping", "attempt_count",
    "post_payment_credit_notes_amount", "pre_payment_credit_notes_amount", "starting_balance", "subtotal",
    "subtotal_excluding_tax", "total", "total_excluding_tax",
)  # fmt: skip
_LISTS = (
    "customer_tax_ids", "default_tax_rates", "discounts", "total_discount_amounts", "total_pretax_credit_amounts",
    "total_taxes",
)  # fmt: skip


def blank(call: Call, customer: Document, currency: str, reason: str) -> Document:
    """Return the fields of an invoice without lines."""
    return {
        **dict.fromkeys(_NULL),
        **dict.fromkeys(_ZERO, 0),
        **{name: list[Any]() for name in _LISTS},
        **of_customer(customer),
        "account_country": "US",
        "attempted": False,
        "auto_advance": True,
        "automatic_tax": {
            "disabled_reason": None, "enabled": False, "liability": None, "provider": None, "status": None,
        },
        "billing_reason": reason,
        "collection_method": "charge_automatically",
        "created": call.now,
        "currency": currency,
        "customer": customer["id"],
        "issuer": {"type": "self"},
        "metadata": {},
        "payment_settings": {"default_mandate": None, "payment_method_options": None, "payment_method_types": None},
        "period_end": call.now,
        "period_start": call.now,
        "status": "draft",
        "status_transitions": dict.fromkeys(("finalized_at", "marked_uncollectible_at", "paid_at", "voided_at")),
        "test_clock": customer["test_clock"],
        "_attempt": None,
        "_days_until_due": None,
        "_lines": [],
        "_subscription": None,
    }  # fmt: skip


def of_customer(customer: Document) -> Document:
    """Return what an invoice says of its customer until it is finalized."""
    return {f"customer_{name}": customer[name] for name in _OF_CUSTOMER}
