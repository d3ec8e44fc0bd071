"""What a checkout session costs today."""

from __future__ import annotations

from typing import Any

from stripe_emulator.call import Call
from stripe_emulator.objects.checkout.discounting import reduced

Document = dict[str, Any]


def totals(call: Call, lines: list[Document], discounts: list[Document], *, customer: str | None) -> Document:
    """Return the line items and their sums, after the discount."""
    lines = reduced(call, lines, discounts, customer=customer)
    off = sum(one["amount_discount"] for one in lines)
    return {
        "amount_subtotal": sum(one["amount_subtotal"] for one in lines),
        "amount_total": sum(one["amount_total"] for one in lines),
        "discounts": discounts,
        "total_details": {"amount_discount": off, "amount_shipping": 0, "amount_tax": 0},
        "_lines": lines,
    }
