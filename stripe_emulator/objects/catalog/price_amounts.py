"""How a price's amount is written: whole minor units, or a decimal of at most 12 places."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from stripe_emulator.errors import catalog as errors
from stripe_emulator.errors import parameters

Document = dict[str, Any]

# https://docs.stripe.com/currencies
CURRENCIES = frozenset(
    """
    usd aed afn all amd ang aoa ars aud awg azn bam bbd bdt bgn bhd bif bmd bnd bob brl bsd bwp byn bzd cad cdf
    chf clp cny cop crc cve czk djf dkk dop dzd egp etb eur fjd fkp gbp gel gip gmd gnf gtq gyd hkd hnl hrk htg
    huf idr ils inr isk jmd jod jpy kes kgs khr kmf krw kwd kyd kzt lak lbp lkr lrd lsl mad mdl mga mkd mmk mnt
    mop mro mur mvr mwk mxn myr mzn nad ngn nio nok npr nzd omr pab pen pgk php pkr pln pyg qar ron rsd rub rwf
    sar sbd scr sek sgd shp sle sll sos srd std szl thb tjs tnd top try ttd twd tzs uah ugx uyu uzs vnd vuv wst
    xaf xcd xcg xof xpf yer zar zmw
    """.split()  # noqa: SIM905 - 140 quoted words would be unreadable
)


def refuse_bad_currency(currency: str, name: str) -> None:
    """Answer 400 for a currency Stripe does not support."""
    if currency not in CURRENCIES:
        raise errors.bad_currency(name, currency)


def amount_of(params: Document, prefix: str = "") -> Document:
    """Return `unit_amount` and `unit_amount_decimal` as Stripe echoes them."""
    if "unit_amount" in params and "unit_amount_decimal" in params:
        raise parameters.exclusive(["unit_amount", "unit_amount_decimal"], _named("unit_amount", prefix))
    custom = params.get("custom_unit_amount") or {"enabled": False}
    if params.get("billing_scheme") == "tiered" or params.get("tiers") or custom["enabled"]:
        return _no_amount_of_its_own(params, prefix)
    if "unit_amount" not in params and "unit_amount_decimal" not in params:
        raise errors.no_amount()
    return echo("unit_amount", params, prefix)


def echo(name: str, params: Document, prefix: str = "") -> Document:
    """Return an amount in both spellings: a fraction has no integer, an integer has a decimal."""
    value = params.get(name, params.get(f"{name}_decimal"))
    if value is None:
        return {name: None, f"{name}_decimal": None}
    amount = Decimal(value)
    if amount < 0:
        raise parameters.invalid_non_negative(_named(name if name in params else f"{name}_decimal", prefix))
    amount = amount.copy_abs()  # there is a -0 in decimals, and none in money
    return {name: int(amount) if amount == amount.to_integral_value() else None, f"{name}_decimal": plain(amount)}


def plain(amount: Decimal) -> str:
    """Write a decimal in plain digits, without zeros that say nothing."""
    text = format(amount, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def transform_of(params: Document) -> Document | None:
    """Return `transform_quantity`, which divides by something."""
    transform = params.get("transform_quantity")
    if transform and transform["divide_by"] < 1:
        raise parameters.invalid_positive("transform_quantity[divide_by]")
    return transform


def custom_amount(params: Document) -> Document | None:
    """Return `custom_unit_amount` without `enabled`, which Stripe does not echo."""
    custom = params.get("custom_unit_amount")
    if not custom or not custom["enabled"]:
        return None
    return {name: custom.get(name) for name in ("maximum", "minimum", "preset")}


def _no_amount_of_its_own(params: Document, prefix: str) -> Document:
    for name in ("unit_amount", "unit_amount_decimal"):
        if name in params:
            other = "custom_unit_amount" if "custom_unit_amount" in params else "tiers"
            raise parameters.exclusive([name, other], _named(name, prefix))
    return {"unit_amount": None, "unit_amount_decimal": None}


def _named(name: str, prefix: str) -> str:
    return f"{prefix}[{name}]" if prefix else name
