"""The line items of a checkout session: which prices, how many, and what they cost.

https://docs.stripe.com/api/checkout/sessions/create#create_checkout_session-line_items
"""

from __future__ import annotations

from typing import Any

from stripe_emulator.call import Call, merge_metadata
from stripe_emulator.errors import checkout as errors
from stripe_emulator.errors import parameters
from stripe_emulator.errors import subscriptions as subscription_errors
from stripe_emulator.errors.requests import not_emulated
from stripe_emulator.objects.catalog.price import PRICE, create_price
from stripe_emulator.objects.catalog.price_calculation import cost
from stripe_emulator.objects.checkout.record import LINE_ITEM

Document = dict[str, Any]

_MOST = {"payment": 100, "subscription": 20}
_LARGEST = 999_999
_NOT_EMULATED = ("dynamic_tax_rates", "tax_rates")


def prices_of(call: Call, mode: str) -> list[Document]:
    """Return the price of each line item, made on the spot where it is asked for, or refuse the mixture."""
    given = call.params.get("line_items") or []
    if not given:
        raise errors.items_required(mode)
    prices = [_price(call, item, f"line_items[{index}]") for index, item in enumerate(given)]
    recurring = [index for index, price in enumerate(prices) if price["type"] == "recurring"]
    if mode == "payment" and recurring:
        raise errors.recurring_in_payment(f"line_items[{recurring[0]}]")
    if mode == "subscription" and not recurring:
        raise errors.nothing_recurring()
    _refuse_too_many(mode, len(recurring), len(prices) - len(recurring))
    return prices


def currency_of(call: Call, prices: list[Document]) -> str:
    """Return the currency all prices have in common."""
    currency = str(call.params.get("currency", prices[0]["currency"])).lower()
    for index, price in enumerate(prices):
        if currency not in price["currency_options"]:
            raise errors.other_currency(index, price["currency"], currency)
    return currency


def line(call: Call, index: int, price: Document, currency: str, *, trial: bool) -> Document:
    """Return one line item."""
    given = call.params["line_items"][index]
    bounds = adjustable(given, f"line_items[{index}]")
    item = _item(call, price, currency, {"adjustable_quantity": bounds, "metadata": given.get("metadata")})
    return {**item, **_amounts(price, _quantity(index, price, given), currency, trial=trial)}


def chosen_option(call: Call, session: Document, index: int, quantity: int) -> Document:
    """Return the line item that an optional item becomes when the customer adds it."""
    option = session["_optional"][index]
    bounds, price = option["adjustable_quantity"], call.store.peek(PRICE.object, option["price"])
    fixed = not bounds["enabled"] and quantity != option["quantity"]
    if price is None or fixed or (bounds["enabled"] and not bounds["minimum"] <= quantity <= bounds["maximum"]):
        low, high = bounds["minimum"] or option["quantity"], bounds["maximum"] or option["quantity"]
        raise errors.quantity_out_of_bounds(f"optional_items[{index}]", low, high)
    item = _item(call, price, session["currency"], {"adjustable_quantity": bounds, "metadata": None})
    return {**item, **_amounts(price, quantity, session["currency"], trial=session["_trial"])}


def _item(call: Call, price: Document, currency: str, given: Document) -> Document:
    product = call.store.peek("product", price["product"]) or {"name": None}
    return {
        "id": call.new_id(LINE_ITEM),
        "object": LINE_ITEM.object,
        "adjustable_quantity": given["adjustable_quantity"],
        "amount_discount": 0,
        "amount_tax": 0,
        "currency": currency,
        "description": product["name"],
        "metadata": merge_metadata({}, given["metadata"]),
        "price": price["id"],
    }


def with_quantity(call: Call, session: Document, index: int, quantity: int) -> Document:
    """Return a line item with the quantity that the customer chose."""
    chosen = session["_lines"][index]
    bounds, price = chosen["adjustable_quantity"], call.store.peek(PRICE.object, chosen["price"])
    if price is None or not bounds["enabled"] or not bounds["minimum"] <= quantity <= bounds["maximum"]:
        raise errors.quantity_out_of_bounds(f"line_items[{index}]", bounds["minimum"] or 0, bounds["maximum"] or 0)
    return {**chosen, **_amounts(price, quantity, chosen["currency"], trial=session["_trial"])}


def _amounts(price: Document, quantity: int | None, currency: str, *, trial: bool) -> Document:
    """What recurs costs nothing yet while there is a trial, and usage is billed later."""
    free = quantity is None or (trial and price["type"] == "recurring")
    amount = 0 if free or quantity is None else cost(price, quantity, currency)
    return {"amount_subtotal": amount, "amount_total": amount, "quantity": quantity}


def _price(call: Call, given: Document, prefix: str) -> Document:
    for name in _NOT_EMULATED:
        if given.get(name):
            raise not_emulated(f"{prefix}[{name}]")
    if "price_data" in given:
        return create_price(call, given["price_data"])
    param = f"{prefix}[price]"
    if "price" not in given:
        raise parameters.missing(param)
    price = call.named(PRICE, given["price"], param)
    if not price["active"]:
        raise subscription_errors.inactive_price(param)
    if price["custom_unit_amount"]:
        raise not_emulated(f"{prefix}[price] with custom_unit_amount")
    return price


def _refuse_too_many(mode: str, recurring: int, one_time: int) -> None:
    most = _MOST[mode]
    if one_time > most:
        raise errors.too_many_items(most, "line items with one-time prices")
    if recurring > most:
        raise errors.too_many_items(most, "line items with recurring prices")


def _quantity(index: int, price: Document, given: Document) -> int | None:
    quantity = given.get("quantity")
    if (price["recurring"] or {}).get("usage_type") == "metered":
        if quantity is not None:
            raise errors.metered_quantity(index)
        return None
    if quantity is None:
        raise errors.no_quantity(index)
    if quantity < 1:
        raise parameters.invalid_positive(f"line_items[{index}][quantity]")
    bounds = adjustable(given, f"line_items[{index}]")
    if bounds["enabled"] and not bounds["minimum"] <= quantity <= bounds["maximum"]:
        raise errors.quantity_out_of_bounds(f"line_items[{index}]", bounds["minimum"], bounds["maximum"])
    return int(quantity)


def adjustable(given: Document, name: str) -> Document:
    """Return between which bounds customers may change a quantity, as Stripe echoes it."""
    asked = given.get("adjustable_quantity") or {}
    if not asked.get("enabled"):
        return {"enabled": False, "maximum": None, "minimum": None}
    low, high = asked.get("minimum", 0), asked.get("maximum", 99)
    if low < 0 or not low <= high <= _LARGEST:
        raise errors.bad_bounds(name)
    return {"enabled": True, "maximum": high, "minimum": low}
