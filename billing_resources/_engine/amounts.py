"""Amounts: minor units as ``int``, finer ones as quoted decimal strings; never a float.

https://docs.stripe.com/api/prices/create#create_price-unit_amount_decimal
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Annotated, Any

from annotated_types import Ge, Le
from pydantic import BeforeValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

MOST_DECIMALS = 12
PERCENT_DECIMALS = 4
MOST_MINOR_UNITS = 999_999_999_999
_PLAIN = re.compile(r"[0-9]{1,15}(\.[0-9]+)?")


def plain(value: int | str | Decimal) -> str:
    """One spelling for equal amounts: digits only, without an exponent or trailing zeros."""
    text = format(Decimal(value), "f")
    return (text.rstrip("0").rstrip(".") if "." in text else text) or "0"


def _minor_units(value: Any) -> Any:
    if isinstance(value, (bool, float, str, Decimal)):
        raise PydanticCustomError("amount", "is a whole number in minor units: 1200, not 12.00 or '1200'")
    return value


def _decimal_digits(value: Any) -> Any:
    if isinstance(value, bool) or not isinstance(value, str):
        raise PydanticCustomError("decimal", 'is a decimal in minor units, written as a quoted string: "0.0015"')
    if value.startswith("-"):
        raise PydanticCustomError("negative", "must not be negative")
    if not _PLAIN.fullmatch(value):
        raise PydanticCustomError("decimal", 'takes plain digits only: "0.0015", no exponent, sign or separator')
    if len(value.partition(".")[2].rstrip("0")) > MOST_DECIMALS:
        raise PydanticCustomError("decimals", "has more than 12 decimal places, the most that Stripe keeps")
    if Decimal(value) > MOST_MINOR_UNITS:  # as `unit_amount` is refused: however it is written, it is one amount
        most = {"most": MOST_MINOR_UNITS}
        raise PydanticCustomError("most", "must not be above {most}, the most that Stripe takes", most)
    return value


def _percentage(value: Any) -> Any:
    digits = str(value)
    if isinstance(value, (bool, float)) or not isinstance(value, (int, str)) or not _PLAIN.fullmatch(digits):
        raise PydanticCustomError("percent", 'is a percentage: a whole number or a quoted decimal, 25 or "12.5"')
    if Decimal(digits) > 100:
        raise PydanticCustomError("percent", "must not be above 100")
    if len(digits.partition(".")[2].rstrip("0")) > PERCENT_DECIMALS:
        raise PydanticCustomError("percent", "has more than 4 decimal places, the most that Stripe keeps")
    return value


MinorUnits = Annotated[int, Ge(0), Le(MOST_MINOR_UNITS), BeforeValidator(_minor_units)]
"""A whole amount in the currency's minor unit: 1200 is 12.00 USD."""

_DECIMAL_SCHEMA = {"type": "string", "pattern": rf"^[0-9]{{1,15}}(\.[0-9]{{1,{MOST_DECIMALS}}}0*)?$"}
DecimalString = Annotated[str, BeforeValidator(_decimal_digits), WithJsonSchema(_DECIMAL_SCHEMA)]
"""An amount in minor units with up to 12 decimals, as a string of plain digits."""

_PERCENT_SCHEMA = {
    "anyOf": [
        {"type": "integer", "minimum": 0, "maximum": 100},
        {"type": "string", "pattern": rf"^[0-9]{{1,3}}(\.[0-9]{{1,{PERCENT_DECIMALS}}}0*)?$"},
    ]
}
Percent = Annotated[int | str, BeforeValidator(_percentage), WithJsonSchema(_PERCENT_SCHEMA)]
"""A percentage out of 100, exactly: a whole number, or a decimal as a string of plain digits."""
