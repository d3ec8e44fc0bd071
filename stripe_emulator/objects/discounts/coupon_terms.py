"""What a coupon takes off, and for how long."""

from __future__ import annotations

from typing import Any

from stripe_emulator.errors import catalog, parameters
from stripe_emulator.errors import discounts as errors
from stripe_emulator.objects.catalog.price_amounts import refuse_bad_currency

Document = dict[str, Any]


def terms_of(params: Document) -> Document:
    """Return the amount or the percentage, and the duration, as Stripe echoes them."""
    if "percent_off" not in params and "amount_off" not in params:
        raise errors.nothing_off()
    if "percent_off" in params and "amount_off" in params:
        raise errors.both_off()
    off = _percentage(params) if "percent_off" in params else _amount(params)
    return {**off, **_duration(params)}


def merge_currency_options(coupon: Document, options: Document) -> Document:
    """Change or add amounts in other currencies; the coupon's own stands among them and stays."""
    if coupon["amount_off"] is None:
        raise errors.options_without_amount()
    changed = {currency: _option(currency, option) for currency, option in options.items()}
    own = coupon["currency"]
    if changed.get(own, coupon["currency_options"][own]) != coupon["currency_options"][own]:
        raise errors.own_currency_fixed(own)
    return {**coupon["currency_options"], **changed}


def _percentage(params: Document) -> Document:
    if "currency_options" in params:
        raise parameters.exclusive(["currency_options", "percent_off"], "currency_options")
    percent = float(params["percent_off"])
    if percent < 0.01:
        raise errors.percent_too_small(percent)
    if percent > 100:
        raise errors.percent_too_large(percent)
    return {"amount_off": None, "currency": None, "currency_options": None, "percent_off": percent}


def _amount(params: Document) -> Document:
    if "currency" not in params:
        raise errors.no_currency()
    currency = params["currency"].lower()
    refuse_bad_currency(currency, "currency")
    _refuse_not_positive(params["amount_off"], "amount_off")
    off = {"amount_off": params["amount_off"], "currency": currency, "percent_off": None}
    own = {currency: {"amount_off": params["amount_off"]}}
    options = merge_currency_options({**off, "currency_options": own}, params.get("currency_options", {}))
    return {**off, "currency_options": options}


def _option(currency: str, given: Document) -> Document:
    if currency != currency.lower():
        raise catalog.upper_case_currency(currency)
    refuse_bad_currency(currency, f"currency_options[{currency}]")
    _refuse_not_positive(given["amount_off"], f"currency_options[{currency}][amount_off]")
    return {"amount_off": given["amount_off"]}


def _refuse_not_positive(amount: int, name: str) -> None:
    if amount < 1:
        raise parameters.invalid_positive(name)


def _duration(params: Document) -> Document:
    duration, months = params.get("duration", "once"), params.get("duration_in_months")
    if duration == "repeating" and months is None:
        raise errors.no_months()
    if duration != "repeating" and months is not None:
        raise errors.months_without_repetition(duration)
    if months is not None and months < 1:
        raise parameters.invalid_positive("duration_in_months")
    return {"duration": duration, "duration_in_months": months}
