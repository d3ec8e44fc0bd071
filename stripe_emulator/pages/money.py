"""Amounts, prices and dates as people read them."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

Document = dict[str, Any]

_SYMBOLS = {"usd": "$", "eur": "€", "gbp": "£", "jpy": "¥", "inr": "₹", "krw": "₩", "aud": "A$", "cad": "CA$"}
_WHOLE = (
    "bif", "clp", "djf", "gnf", "jpy", "kmf", "krw", "mga", "pyg", "rwf", "ugx", "vnd", "vuv", "xaf", "xof", "xpf",
)  # fmt: skip
_THOUSANDTHS = ("bhd", "jod", "kwd", "omr", "tnd")


def decimals(currency: str) -> int:
    """Return how many decimals a currency has. https://docs.stripe.com/currencies#zero-decimal."""
    return 0 if currency in _WHOLE else 3 if currency in _THOUSANDTHS else 2


def money(amount: int | str | Decimal, currency: str) -> str:
    """Write minor units: `$12.00`, `-€0.50`, `¥1,200`, `12.00 CHF`, and `$0.0042` where a unit costs so little."""
    exact = Decimal(amount).scaleb(-decimals(currency))
    shown = f"{abs(exact):,.{max(decimals(currency), _places(exact))}f}"
    sign = "-" if exact < 0 else ""
    symbol = _SYMBOLS.get(currency)
    return f"{sign}{symbol}{shown}" if symbol else f"{sign}{shown} {currency.upper()}"


def _places(exact: Decimal) -> int:
    exponent = exact.normalize().as_tuple().exponent
    return -exponent if isinstance(exponent, int) and exponent < 0 else 0


def interval(recurring: Document) -> str:
    """Write how often: `month`, `3 months`."""
    count = recurring["interval_count"]
    return str(recurring["interval"]) if count == 1 else f"{count} {recurring['interval']}s"


def price_text(price: Document, currency: str) -> str:
    """Write a price: `$12.00 per month`, `from $1.00 per month`, `by usage`."""
    option = price["currency_options"].get(currency, price)
    tiers = option.get("tiers") or []
    if price["billing_scheme"] == "tiered" and tiers:
        unit = tiers[0]["unit_amount_decimal"] or tiers[0]["flat_amount_decimal"] or 0
        text = f"from {money(unit, currency)}"
    else:
        text = money(option["unit_amount_decimal"] or 0, currency)
    divide = (price["transform_quantity"] or {}).get("divide_by")
    text += f" for {divide:,}" if divide else ""
    recurring = price["recurring"]
    if recurring is None:
        return text
    metered = ", by usage" if recurring["usage_type"] == "metered" else ""
    return f"{text} {'per' if recurring['interval_count'] == 1 else 'every'} {interval(recurring)}{metered}"


def date(moment: int) -> str:
    """Write a day: `31 January 2026`."""
    found = datetime.fromtimestamp(moment, UTC)
    return f"{found.day} {found:%B %Y}"


def time(moment: int) -> str:
    """Write a moment to the second."""
    return f"{datetime.fromtimestamp(moment, UTC):%Y-%m-%d %H:%M:%S}"
