"""What a subscription's request puts on its invoice once: `add_invoice_items`.

https://docs.stripe.com/billing/invoices/subscription#first-invoice-extra
"""

from __future__ import annotations

from typing import Any

from stripe_emulator.call import Call, merge_metadata
from stripe_emulator.errors import invoices as errors
from stripe_emulator.errors import subscriptions
from stripe_emulator.objects.catalog.price import PRICE, create_price
from stripe_emulator.objects.catalog.price_calculation import exact_cost
from stripe_emulator.objects.discounts.redeem import redeem_all
from stripe_emulator.objects.invoices.charges import name_of, unit_of
from stripe_emulator.objects.invoices.line import priced
from stripe_emulator.objects.invoices.money import rounded
from stripe_emulator.objects.invoices.record import INVOICE_ITEM
from stripe_emulator.objects.subscriptions.proration_items import parent_of, plain_item
from stripe_emulator.objects.subscriptions.tax_rates import rates_of

Document = dict[str, Any]


def add_once(call: Call, subscription: Document, given: list[Document] | None) -> None:
    """Store an item for each entry, which waits for the subscription's next invoice."""
    for index, one in enumerate(given or []):
        _add(call, subscription, one, f"add_invoice_items[{index}]")


def _add(call: Call, subscription: Document, given: Document, name: str) -> None:
    price = one_time_price(call, given, name)
    quantity, currency = given.get("quantity", 1), subscription["currency"]
    if currency not in price["currency_options"]:
        raise subscriptions.other_currency(price["currency"], currency)
    amount = rounded(exact_cost(price, quantity, currency), currency)
    item = call.create(
        INVOICE_ITEM,
        {
            **plain_item(call, subscription["customer"], currency, subscription["test_clock"]),
            "amount": amount,
            "description": name_of(call, price),
            "metadata": merge_metadata({}, given.get("metadata")),
            "parent": parent_of(subscription["id"]),
            "pricing": priced(price, unit_of(price, currency)),
            "quantity": quantity,
            "quantity_decimal": str(quantity),
            "tax_rates": rates_of(call, given.get("tax_rates"), f"{name}[tax_rates]"),
        },
    )
    owner = {"customer": subscription["customer"], "invoice_item": item["id"]}
    item["discounts"] = redeem_all(
        call, given.get("discounts"), owner, currency=currency, amount=amount, name=f"{name}[discounts]"
    )


def one_time_price(call: Call, given: Document, name: str) -> Document:
    """Return a price that is paid once, by id or made on the spot."""
    if "price_data" in given:
        return create_price(call, given["price_data"])
    param = f"{name}[price]" if name else "price"
    price = call.named(PRICE, given.get("price") or "", param)
    if not price["active"]:
        raise subscriptions.inactive_price(param)
    if price["type"] == "recurring":
        raise errors.recurring_price(param)
    return price
