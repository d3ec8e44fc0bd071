"""Values as they are compared and shown: numbers exact, secrets masked, bookkeeping left out."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

SECRET = "[secret]"  # noqa: S105 - what is shown instead of one
UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
"""What Pulumi writes for a value that is there only after the update."""
LATER = "[known after the update]"
"""What is shown for it where nothing says which object it is of."""
BOOKKEEPING = frozenset({"__provider", "_key", "_stack", "adopt"})
"""Inputs that say nothing about what is sold."""
_MOST_DIGITS = 40
"""Beyond it a number is somebody's trick: 1e999999999 written out would fill the memory."""
_ENVELOPE = "4dabf18193072939515e22adb298388d"
_KEYS = re.compile(r"\b(?:[sr]k_(?:live|test)_|sk_org_|whsec_)[A-Za-z0-9_]+")


def clean(value: Any) -> Any:
    """A value without secrets, without nulls, and with whole numbers whole: Pulumi hands them back as floats."""
    if isinstance(value, Mapping):
        if _ENVELOPE in value:
            return SECRET
        return {str(key): clean(part) for key, part in value.items() if part is not None}
    if isinstance(value, (list, tuple)):
        return [clean(part) for part in value]
    if isinstance(value, (float, Decimal)):
        return _number(value)
    return masked(value) if isinstance(value, str) else value


def declared(inputs: Any) -> dict[str, Any]:
    """The fields that a program declares."""
    found = clean(inputs) if isinstance(inputs, Mapping) else {}
    return {name: value for name, value in found.items() if name not in BOOKKEEPING} if isinstance(found, dict) else {}


def masked(text: str) -> str:
    """A text without what looks like a key of Stripe, wherever somebody wrote one."""
    return _KEYS.sub(SECRET, text)


def _number(value: float | Decimal) -> int | Decimal:
    exact = value if isinstance(value, Decimal) else Decimal(repr(value))
    is_sane = exact.is_finite() and exact.adjusted() < _MOST_DIGITS
    return int(exact) if is_sane and exact == exact.to_integral_value() else exact
