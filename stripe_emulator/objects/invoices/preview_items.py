"""The invoice items of a preview: new ones, changed ones, or none at all."""

from __future__ import annotations

from typing import Any

from stripe_emulator.call import Call
from stripe_emulator.objects.invoices.draft import blank
from stripe_emulator.objects.invoices.item_fields import currency_of, described
from stripe_emulator.objects.invoices.make import subscription_of, take_pending
from stripe_emulator.objects.invoices.record import INVOICE, INVOICE_ITEM
from stripe_emulator.objects.invoices.totals import summed
from stripe_emulator.objects.subscriptions.proration_items import plain_item

Document = dict[str, Any]


def drop_items(call: Call, customer: str) -> None:
    """Let nothing wait for the invoice: a preview of what recurs shows only that."""
    for item in call.store.where(INVOICE_ITEM.object, "customer", customer):
        if item["invoice"] is None:
            call.store.remove(INVOICE_ITEM.object, item["id"])


def add_items(call: Call, customer: Document, subscription: Document | None) -> None:
    """Let the items of the request wait for the invoice, or change those that do."""
    for index, given in enumerate(call.params.get("invoice_items", [])):
        name = f"invoice_items[{index}]"
        if "invoiceitem" in given:
            item = call.named(INVOICE_ITEM, given["invoiceitem"], f"{name}[invoiceitem]")
        else:
            currency = subscription["currency"] if subscription else currency_of(call, given, customer, name)
            plain = plain_item(call, customer["id"], currency, customer["test_clock"])
            item = call.create(INVOICE_ITEM, plain)
        asked = {**given, "pricing": {"price": given["price"]}} if "price" in given else given
        if "unit_amount" in given:
            asked = {**asked, "unit_amount_decimal": str(given["unit_amount"])}
        call.save(INVOICE_ITEM, described(call, item, asked, name))


def pending_alone(call: Call, customer: Document) -> Document | None:
    """Return the draft of what waits for a customer without subscription, if anything does."""
    waiting = [
        item
        for item in call.store.where(INVOICE_ITEM.object, "customer", customer["id"])
        if item["invoice"] is None and subscription_of(item) is None
    ]
    if not waiting:
        return None
    invoice = call.create(INVOICE, blank(call, customer, waiting[0]["currency"], "manual"))
    return summed(call, {**invoice, "_lines": take_pending(call, invoice, None)})
