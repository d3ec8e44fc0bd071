"""What a request says of an invoice item: an amount, so many of a unit amount, or so many of a price.

https://docs.stripe.com/api/invoiceitems/create
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from stripe_emulator.call import Call, merge_metadata
from stripe_emulator.errors import invoices as errors
from stripe_emulator.errors import parameters, subscriptions
from stripe_emulator.errors.requests import not_emulated
from stripe_emulator.objects.catalog.price_calculation import exact_cost
from stripe_emulator.objects.discounts.redeem import redeem_all
from stripe_emulator.objects.invoices.charges import name_of, unit_of
from stripe_emulator.objects.invoices.line import priced
from stripe_emulator.objects.invoices.money import rounded, step_of
from stripe_emulator.objects.subscriptions.once import one_time_price
from stripe_emulator.objects.subscriptions.tax_rates import rates_of

Document = dict[str, Any]

COSTS = ("amount", "price_data", "pricing", "unit_amount_decimal")


def described(call: Call, item: Document, given: Document, name: str = "") -> Document:
    """Return an item with everything that a request says of it; `name` is what errors call the request's part."""
    _refuse_not_emulated(given)
    item = {**item, **_costs(call, item, given, name)}
    item |= {field: given[field] for field in ("description", "discountable") if field in given}
    if "metadata" in given:
        item["metadata"] = merge_metadata(item["metadata"], given["metadata"])
    if "period" in given:
        item["period"] = {"end": given["period"]["end"], "start": given["period"]["start"]}
    if "tax_rates" in given:
        item["tax_rates"] = rates_of(call, given["tax_rates"], _named(name, "tax_rates"))
    if "discounts" in given:
        owner = {"customer": item["customer"], "invoice_item": item["id"]}
        facts: Any = {"currency": item["currency"], "amount": item["amount"], "name": _named(name, "discounts")}
        item["discounts"] = redeem_all(call, given["discounts"], owner, **facts)
    return item


def currency_of(call: Call, given: Document, customer: Document, name: str = "") -> str:
    """Return the currency of a new item: the one that is named, its price's, or its customer's."""
    if "currency" in given:
        return str(given["currency"]).lower()
    if "price_data" in given:
        return str(given["price_data"]["currency"]).lower()
    if "pricing" in given and customer["currency"] is None:
        return str(_price(call, given, name)["currency"])
    return str(customer["currency"] or "usd")


def _costs(call: Call, item: Document, given: Document, name: str) -> Document:
    named = [field for field in COSTS if field in given]
    if len(named) > 1:
        raise errors.two_amounts([_named(name, field) for field in named])
    quantity = _quantity(item, given, name)
    counted = {"quantity": quantity, "quantity_decimal": str(quantity)}
    if not named and "quantity" not in given:
        return {}
    if item["proration"]:
        raise errors.proration_is_fixed()
    if "amount" in given:
        _refuse_last_digit(given["amount"], item["currency"], _named(name, "amount"))
        return {"amount": given["amount"], "quantity": 1, "quantity_decimal": "1", **_plain(given["amount"])}
    if "unit_amount_decimal" in given:
        exact = Decimal(given["unit_amount_decimal"]) * quantity
        return {**counted, "amount": rounded(exact, item["currency"]), **_plain(given["unit_amount_decimal"])}
    return {**counted, **_of_price(call, item, given, quantity, name)}


def _of_price(call: Call, item: Document, given: Document, quantity: int, name: str) -> Document:
    currency = item["currency"]
    if "price_data" not in given and "pricing" not in given:  # only the quantity changes
        details = (item["pricing"] or {}).get("price_details")
        if details is None:
            exact = Decimal((item["pricing"] or {}).get("unit_amount_decimal") or item["amount"]) * quantity
            return {"amount": rounded(exact, currency)}
        price = call.store.get("price", details["price"]) or {}
    else:
        price = _price(call, given, name)
    if currency not in price["currency_options"]:
        raise subscriptions.other_currency(price["currency"], currency)
    return {
        "amount": rounded(exact_cost(price, quantity, currency), currency),
        "description": item["description"] or name_of(call, price),
        "pricing": priced(price, unit_of(price, currency)),
        "_product": price["product"],
    }


def _price(call: Call, given: Document, name: str) -> Document:
    if "price_data" in given:
        return one_time_price(call, given, name)
    return one_time_price(call, given["pricing"], _named(name, "pricing"))


def _plain(unit: Any) -> Document:
    return {"pricing": {"price_details": None, "type": "price_details", "unit_amount_decimal": str(unit)}}


def _quantity(item: Document, given: Document, name: str) -> int:
    quantity = int(given["quantity"] if "quantity" in given else item["quantity"] or 1)
    if quantity < 0:
        raise parameters.invalid_non_negative(_named(name, "quantity"))
    return quantity


def _refuse_last_digit(amount: int, currency: str, name: str) -> None:
    if amount % step_of(currency):
        raise errors.last_digit(name, currency)


def _refuse_not_emulated(given: Document) -> None:
    for name in ("customer_account", "quantity_decimal", "tax_amounts", "tax_code"):
        if given.get(name):
            raise not_emulated(name)


def _named(prefix: str, name: str) -> str:
    return f"{prefix}[{name}]" if prefix else name
