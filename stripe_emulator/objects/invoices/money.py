"""Amounts: rounded once, half away from zero, to what a currency can be charged in, and written as on an invoice.

https://docs.stripe.com/currencies
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

ZERO_DECIMAL = frozenset("bif clp djf gnf jpy kmf krw mga pyg rwf vnd vuv xaf xof xpf".split())  # noqa: SIM905
THREE_DECIMAL = frozenset("bhd jod kwd omr tnd".split())  # noqa: SIM905
_WHOLE_ONLY = frozenset("isk ugx".split())  # noqa: SIM905 - written with two decimals that are always 00

_SIGNS = {"usd": "$", "eur": "€", "gbp": "£", "jpy": "¥", "aud": "A$", "cad": "CA$"}


def rounded(exact: Fraction | Decimal | int, currency: str) -> int:
    """Return an amount that the currency can be charged in."""
    step = step_of(currency)
    steps = abs(Fraction(exact)) / step
    whole = int(steps + Fraction(1, 2)) * step
    return whole if exact >= 0 else -whole


def step_of(currency: str) -> int:
    """Return the smallest amount in minor units: the last digit of three is 0, króna and shilling have no cents."""
    if currency in THREE_DECIMAL:
        return 10
    return 100 if currency in _WHOLE_ONLY else 1


def decimals_of(currency: str) -> int:
    """Return how many digits of an amount stand behind the point."""
    if currency in ZERO_DECIMAL:
        return 0
    return 3 if currency in THREE_DECIMAL else 2


def written(amount: Decimal | int | str, currency: str) -> str:
    """Return an amount as descriptions show it: `$12.00`, `$0.0004`, `¥500`."""
    places = decimals_of(currency)
    units = Decimal(amount).scaleb(-places).normalize()
    exponent = units.as_tuple().exponent
    behind = max(places, -exponent if isinstance(exponent, int) else 0)
    text = f"{abs(units):,.{behind}f}"
    sign = _SIGNS.get(currency)
    shown = f"{sign}{text}" if sign else f"{currency.upper()} {text}"
    return f"-{shown}" if units < 0 else shown


def shared(total: int, weights: list[int]) -> list[int]:
    """Share an amount in proportion, to the last cent: what rounding leaves goes where it is missed most."""
    whole = sum(weights)
    if whole == 0:
        return [0] * len(weights)
    parts = [total * weight // whole for weight in weights]
    missed = sorted(range(len(weights)), key=lambda one: (-((total * weights[one]) % whole), one))
    for one in missed[: total - sum(parts)]:
        parts[one] += 1
    return parts
