"""One line of an invoice: made for a subscription item, for an invoice item, or by hand.

https://docs.stripe.com/api/invoice-line-item/object
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from stripe_emulator.call import Call
from stripe_emulator.objects.discounts.record import discount_of, is_over
from stripe_emulator.objects.invoices.record import LINE_ITEM

Document = dict[str, Any]


def line(
    call: Call, *, amount: int, currency: str, description: str | None, period: tuple[int, int], **more: Any
) -> Document:
    """Return a new line with every field that Stripe shows; `more` names what differs from a plain one."""
    quantity = more.pop("quantity", 1)
    return {
        "id": call.new_id(LINE_ITEM),
        "object": LINE_ITEM.object,
        "amount": amount,
        "currency": currency,
        "description": description,
        "discount_amounts": [],
        "discountable": True,
        "discounts": [],
        "invoice": None,
        "livemode": call.scope.livemode,
        "metadata": {},
        "parent": None,
        "period": {"end": period[1], "start": period[0]},
        "pretax_credit_amounts": [],
        "pricing": None,
        "quantity": quantity,
        "quantity_decimal": None if quantity is None else str(quantity),
        "subscription": None,
        "subtotal": amount,
        "taxes": [],
        "_tax_rates": [],
        **more,
    }


def of_subscription_item(call: Call, subscription: Document, item: Document) -> Document:
    """Return what a line of a subscription's item says of where it is from."""
    details = {
        "invoice_item": None,
        "proration": False,
        "proration_details": {"credited_items": None},
        "subscription": subscription["id"],
        "subscription_item": item["id"],
    }
    parent = {
        "invoice_item_details": None,
        "subscription_item_details": details,
        "type": "subscription_item_details",
    }
    return {
        "discounts": [one for one in item["discounts"] if not is_over(call, discount_of(call, one))],
        "metadata": dict(subscription["metadata"]),
        "parent": parent,
        "subscription": subscription["id"],
        "_tax_rates": list(item["tax_rates"]),
    }


def of_invoice_item(call: Call, item: Document) -> Document:
    """Return the line that an invoice item becomes; what a proration of a subscription became names its item."""
    subscription = ((item["parent"] or {}).get("subscription_details") or {}).get("subscription")
    proration = {
        "proration": item["proration"],
        "proration_details": {"credited_items": (item["proration_details"] or {}).get("credited_items")},
    }
    return line(
        call,
        amount=item["amount"],
        currency=item["currency"],
        description=item["description"],
        period=(item["period"]["start"], item["period"]["end"]),
        quantity=item["quantity"],
        discountable=item["discountable"],
        discounts=list(item["discounts"]),
        metadata=dict(item["metadata"]),
        parent=_parent(item, subscription, proration),
        pricing=item["pricing"],
        subscription=subscription,
        _tax_rates=list(item["tax_rates"]),
        _item=item["id"],
        _metered=item.get("_metered", False),
        _product=item.get("_product") or ((item["pricing"] or {}).get("price_details") or {}).get("product"),
        _itemized=item.get("_itemized", []),
    )


def _parent(item: Document, subscription: str | None, proration: Document) -> Document:
    details = (item["parent"] or {}).get("subscription_details") or {}
    if details.get("subscription_item"):
        named = {"subscription": subscription, "subscription_item": details["subscription_item"]}
        inner = {"invoice_item": item["id"], **proration, **named}
        return {"invoice_item_details": None, "subscription_item_details": inner, "type": "subscription_item_details"}
    inner = {"invoice_item": item["id"], **proration, "subscription": subscription}
    return {"invoice_item_details": inner, "subscription_item_details": None, "type": "invoice_item_details"}


def priced(price: Document, unit_amount: Any) -> Document:
    """Return what a line says of its price."""
    return {
        "price_details": {"price": price["id"], "product": price["product"]},
        "type": "price_details",
        "unit_amount_decimal": None if unit_amount is None else _plain(unit_amount),
    }


def _plain(amount: Any) -> str:
    value = Decimal(str(amount))
    return f"{value.normalize():f}" if value else "0"
