"""Who may redeem a promotion code: first-time buyers, purchases of some size."""

from __future__ import annotations

from typing import Any

from stripe_emulator.errors import catalog, parameters
from stripe_emulator.errors import discounts as errors
from stripe_emulator.objects.catalog.price_amounts import refuse_bad_currency

Document = dict[str, Any]


def restrictions_of(given: Document) -> Document:
    """Return the restrictions as Stripe echoes them."""
    amount, currency = given.get("minimum_amount"), given.get("minimum_amount_currency")
    if (amount is None) != (currency is None):
        raise errors.minimum_needs("minimum_amount" if amount is None else "minimum_amount_currency")
    if currency is not None:
        currency = currency.lower()
        refuse_bad_currency(currency, "restrictions[minimum_amount_currency]")
        _refuse_not_positive(amount, "restrictions[minimum_amount]")
    blank = {
        "currency_options": None,
        "first_time_transaction": given.get("first_time_transaction", False),
        "minimum_amount": amount,
        "minimum_amount_currency": currency,
    }
    return merge_restrictions(blank, given)


def merge_restrictions(restrictions: Document, given: Document) -> Document:
    """Change or add minimum amounts in other currencies: nothing else about a restriction may change."""
    options = {
        currency: _option(restrictions, currency, o) for currency, o in given.get("currency_options", {}).items()
    }
    merged = {**(restrictions["currency_options"] or {}), **options}
    return {**restrictions, "currency_options": merged or None}


def _option(restrictions: Document, currency: str, given: Document) -> Document:
    name = f"restrictions[currency_options][{currency}]"
    if currency != currency.lower():
        raise catalog.upper_case_currency(currency)
    refuse_bad_currency(currency, name)
    if currency == restrictions["minimum_amount_currency"]:
        raise errors.minimum_twice(currency)
    if "minimum_amount" not in given:
        raise parameters.missing(f"{name}[minimum_amount]")
    _refuse_not_positive(given["minimum_amount"], f"{name}[minimum_amount]")
    return {"minimum_amount": given["minimum_amount"]}


def _refuse_not_positive(amount: int | None, name: str) -> None:
    if amount is not None and amount < 1:
        raise parameters.invalid_positive(name)
