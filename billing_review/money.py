"""Amounts as people write them, each currency in its own form. https://docs.stripe.com/currencies#minor-units"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal, localcontext

PRECISION = 60
"""Digits that no amount of ours reaches: 12 before the point, 12 after it, times a quantity."""
_NO_MINOR_UNIT = (
    "bif",
    "clp",
    "djf",
    "gnf",
    "jpy",
    "kmf",
    "krw",
    "mga",
    "pyg",
    "rwf",
    "vnd",
    "vuv",
    "xaf",
    "xof",
    "xpf",
)
"""Without ISK and UGX, which have no minor unit either but which Stripe takes in hundredths."""
_OF_A_THOUSAND = ("bhd", "jod", "kwd", "omr", "tnd")


def decimals(currency: str) -> int:
    """How many decimals the currency's amounts have at Stripe."""
    if currency in _NO_MINOR_UNIT:
        return 0
    return 3 if currency in _OF_A_THOUSAND else 2


def money(minor: Decimal | int, currency: str) -> str:
    """An exact amount in minor units, as people write it: 1200 of usd is ``12.00 USD``, 0.4 of it ``0.004 USD``."""
    return f"{figure(minor, currency)} {currency.upper()}"


def figure(minor: Decimal | int, currency: str) -> str:
    """The same without the currency's code."""
    places = decimals(currency)
    with localcontext(prec=PRECISION):
        major = Decimal(minor).scaleb(-places)
        digits = format(major.normalize(), "f")
        shown = max(places, len(digits.partition(".")[2]))
        return f"{major:,.{shown}f}"


def percent(old: Decimal | int, new: Decimal | int) -> str | None:
    """How much more or less the new amount is: ``+16.7 %``; None where the old one is nothing."""
    if not old:
        return None
    with localcontext(prec=PRECISION):
        exact = (Decimal(new) - Decimal(old)) * 100 / Decimal(old)
        found = exact.quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)
    if exact and not found:
        return f"below {'+' if exact > 0 else '-'}0.1 %"
    return f"{found:+,f} %" if found else "0.0 %"
