"""Usage of a metered item that leaves its subscription: in flexible mode it is billed with the next invoice.

https://docs.stripe.com/billing/subscriptions/billing-mode/compare
"""

from __future__ import annotations

from typing import Any

from stripe_emulator.call import Call
from stripe_emulator.objects.invoices.due import usage_lines
from stripe_emulator.objects.invoices.record import INVOICE_ITEM
from stripe_emulator.objects.subscriptions.proration_items import parent_of, plain_item

Document = dict[str, Any]


def bill_removed(call: Call, subscription: Document, item: Document) -> None:
    """Let the usage up to now wait for the next invoice."""
    if item["quantity"] is not None or subscription["billing_mode"]["type"] != "flexible":
        return
    for line in usage_lines(call, subscription, item, call.now):
        if line["quantity"]:
            _keep(call, subscription, item, line)


def _keep(call: Call, subscription: Document, item: Document, line: Document) -> None:
    same = ("amount", "description", "discountable", "metadata", "period", "pricing", "quantity", "quantity_decimal")
    call.create(
        INVOICE_ITEM,
        {
            **plain_item(call, subscription["customer"], subscription["currency"], subscription["test_clock"]),
            **{name: line[name] for name in same},
            "parent": parent_of(subscription["id"], item["id"]),
            "tax_rates": list(item["tax_rates"]),
            "_metered": True,
            "_product": line["_product"],
        },
    )
