"""Items that a customer may add on the page. https://docs.stripe.com/payments/checkout/optional-items."""

from __future__ import annotations

from typing import Any

from stripe_emulator.call import Call
from stripe_emulator.errors import checkout as errors
from stripe_emulator.errors import parameters
from stripe_emulator.errors import subscriptions as subscription_errors
from stripe_emulator.objects.catalog.price import PRICE
from stripe_emulator.objects.checkout.lines import adjustable

Document = dict[str, Any]

_MOST = 10


def optional_items(call: Call, currency: str, mode: str, others: list[Document]) -> Document:
    """Return the optional items as Stripe echoes them, once each is found good."""
    given = call.params.get("optional_items") or []
    if len(given) > _MOST:
        raise errors.too_many_optional(_MOST)
    found = [_item(call, item, f"optional_items[{index}]", currency, mode) for index, item in enumerate(given)]
    for index, item in enumerate(found):
        if item["price"] in [one["id"] for one in others]:
            raise errors.sold_already(f"optional_items[{index}][price]")
    return {"optional_items": found or None, "_optional": found}


def _item(call: Call, given: Document, name: str, currency: str, mode: str) -> Document:
    price = call.named(PRICE, given["price"], f"{name}[price]")
    if not price["active"]:
        raise subscription_errors.inactive_price(f"{name}[price]")
    if currency not in price["currency_options"]:
        raise subscription_errors.other_currency_in_items(f"{name}[price]", price["currency"], currency)
    if price["type"] == "recurring" and mode == "payment":
        raise errors.recurring_in_payment(name)
    if (price["recurring"] or {}).get("usage_type") == "metered":
        raise errors.metered_optional(name)
    if given["quantity"] < 1:
        raise parameters.invalid_positive(f"{name}[quantity]")
    return {"adjustable_quantity": adjustable(given, name), "price": price["id"], "quantity": given["quantity"]}
