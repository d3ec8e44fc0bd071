"""The invoice that a payment leaves behind, where the session asks for one.

https://docs.stripe.com/payments/checkout/receipts#paid-invoices
"""

from __future__ import annotations

from typing import Any

Document = dict[str, Any]

_BLANK = ("account_tax_ids", "custom_fields", "description", "footer", "issuer", "rendering_options")


def invoice_creation(given: Document | None, mode: str) -> Document | None:
    """Return what is asked for as Stripe echoes it; only single payments have the choice."""
    if mode != "payment":
        return None
    asked = given or {}
    data = {**dict.fromkeys(_BLANK), "metadata": {}, **asked.get("invoice_data", {})}
    return {"enabled": asked.get("enabled", False), "invoice_data": data}
