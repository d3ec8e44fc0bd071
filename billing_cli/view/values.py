"""One property value as Pulumi's console writes it; money in plain digits, never a secret."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

SECRET = "4dabf18193072939515e22adb298388d"  # noqa: S105 - the name under which Pulumi wraps a secret
UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
MASK = "[secret]"

_ESCAPES = {
    '"': '\\"',
    "\\": "\\\\",
    "\a": "\\a",
    "\b": "\\b",
    "\f": "\\f",
    "\n": "\\n",
    "\r": "\\r",
    "\t": "\\t",
    "\v": "\\v",
}


def is_secret(value: Any) -> bool:
    """Tell whether it may not be shown: masked by an engine, or still wrapped."""
    return value == MASK or (isinstance(value, dict) and SECRET in value)


def is_primitive(value: Any) -> bool:
    """Tell whether it is written on one line."""
    return is_secret(value) or not isinstance(value, dict | list)


def is_told(value: Any) -> bool:
    """Tell whether a property is worth a line; empty ones are not."""
    return value is not None and value not in ("", [], {})


def is_internal(name: str) -> bool:
    """Tell whether a property is Pulumi's own."""
    return name.startswith("__")


def primitive(value: Any) -> str:
    """Write it; whatever is not a text is written without quotes."""
    if is_secret(value):
        return MASK
    if value == UNKNOWN:
        return "[unknown]"
    if isinstance(value, str):
        return quoted(value)
    if isinstance(value, bool) or value is None:
        return {True: "true", False: "false", None: "<null>"}[value]
    return number(value)


def number(value: float) -> str:
    """Write it in plain digits: an amount in the notation 1.2e+06 is not read but guessed."""
    exact = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
    return f"{exact.to_integral_value() if exact == exact.to_integral_value() else exact:f}"


def quoted(text: str) -> str:
    """Write a text in quotes, on one line whatever is in it."""
    return '"' + "".join(map(_escaped, text)) + '"'


def visible(text: str) -> str:
    """Write a text without quotes; what would move the cursor or paint is written as what it is."""
    return "".join(character if character.isprintable() else _escaped(character) for character in text)


def _escaped(character: str) -> str:
    if character in _ESCAPES:
        return _ESCAPES[character]
    if character.isprintable():
        return character
    code = ord(character)
    if code < 0x80:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
