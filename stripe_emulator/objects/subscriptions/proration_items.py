"""The invoice item that one half of a proration is. https://docs.stripe.com/api/invoiceitems."""

from __future__ import annotations

from typing import Any

from stripe_emulator.call import Call
from stripe_emulator.objects.discounts.percent import split
from stripe_emulator.objects.invoices.charges import unit_of
from stripe_emulator.objects.invoices.line import priced
from stripe_emulator.objects.invoices.record import INVOICE_ITEM
from stripe_emulator.objects.subscriptions.record import price_of

Document = dict[str, Any]


def add_proration(
    call: Call, subscription: Document, item: Document, period: tuple[int, int], *, gross: int, net: int, text: str
) -> Document:
    """Store an item that waits for the next invoice: net of discounts, or with each of them shown."""
    price = price_of(call, item)
    itemized = _is_itemized(subscription)
    discounts = split(call, subscription, item, price["product"], gross - net) if itemized or gross != net else []
    details = {"credited_items": None, "discount_amounts": discounts}
    return call.create(
        INVOICE_ITEM,
        {
            **plain_item(call, subscription["customer"], subscription["currency"], subscription["test_clock"]),
            "amount": gross if itemized else net,
            "description": text,
            "discountable": False,
            "metadata": dict(subscription["metadata"]),
            "net_amount": net,
            "parent": parent_of(subscription["id"], item["id"]),
            "period": {"end": period[1], "start": period[0]},
            "pricing": priced(price, unit_of(price, subscription["currency"])),
            "proration": True,
            "proration_details": details if subscription["billing_mode"]["type"] == "flexible" else None,
            "quantity": item["quantity"],
            "quantity_decimal": str(item["quantity"]),
            "tax_rates": list(item["tax_rates"]),
            "_itemized": discounts if itemized else [],
        },
    )


def parent_of(subscription: str, item: str | None = None) -> Document:
    """Return what an invoice item says of the subscription it is about."""
    details = {"subscription": subscription, **({"subscription_item": item} if item else {})}
    return {"subscription_details": details, "type": "subscription_details"}


def plain_item(call: Call, customer: str, currency: str, clock: str | None) -> Document:
    """Return the fields of an invoice item that waits and says nothing yet."""
    return {
        "amount": 0,
        "currency": currency,
        "customer": customer,
        "customer_account": None,
        "date": call.now,
        "description": None,
        "discountable": True,
        "discounts": [],
        "frozen_fields": None,
        "invoice": None,
        "invoicing_rules": None,
        "metadata": {},
        "net_amount": None,
        "parent": None,
        "period": {"end": call.now, "start": call.now},
        "pricing": None,
        "proration": False,
        "proration_details": None,
        "quantity": 1,
        "quantity_decimal": "1",
        "tax_rates": [],
        "test_clock": clock,
        "created": call.now,
        "_itemized": [],
    }


def _is_itemized(subscription: Document) -> bool:
    flexible = subscription["billing_mode"]["flexible"]
    return bool(flexible) and flexible["proration_discounts"] == "itemized"
