"""What callers hand in, checked before anything is stored or sent."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from billing_runtime.errors import InvalidInput

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

ENTITY_LIMIT = 255
IDENTIFIER_LIMIT = 100
KINDS = ("user", "organization")
_RESERVED = "billing:"
_METADATA_KEYS, _METADATA_KEY, _METADATA_VALUE = 50, 40, 500
_OURS = 3
_URL = 2048
_UNITS, _DECIMALS = 10**15, 9


def entity(entity_id: str) -> str:
    """The application's id of a user or organization."""
    return _text("entity_id", entity_id, ENTITY_LIMIT)


def holder(value: str) -> str:
    """The application's id of a member or an invitation."""
    return _text("a member's id", value, ENTITY_LIMIT)


def actor(value: str) -> str:
    """The application's id of the user who asks."""
    return _text("actor", value, ENTITY_LIMIT)


def url(name: str, value: str) -> str:
    """An absolute web address of the application's."""
    try:
        parts = urlsplit(_text(name, value, _URL))
        # Headers and Stripe take it as it is: what is not ASCII must have been percent-encoded.
        fits = parts.scheme in {"http", "https"} and bool(parts.hostname) and value.isascii() and " " not in value
    except ValueError:
        fits = False
    if not fits:
        message = f"{name} must be an absolute http or https URL in ASCII of at most {_URL} characters."
        raise InvalidInput(message)
    return value


def name(value: str) -> str:
    """The name of a limit, an action or a receipt."""
    return _text("a name", value, ENTITY_LIMIT)


def source(value: str) -> str:
    """The application's word for why credits are given."""
    return _text("source", value, ENTITY_LIMIT)


def idempotency_key(value: str) -> str:
    """What names one call, however often it is made."""
    return _text("idempotency_key", value, ENTITY_LIMIT)


def units(what: str, value: int | Decimal, *, zero: bool = False) -> int | Decimal:
    """How much of something: more than 0 (or 0), at most 15 digits before the point and 9 after it; never a float."""
    if type(value) is int:
        number: int | Decimal = value
    elif isinstance(value, Decimal) and value.is_finite():
        number = int(value) if value == value.to_integral_value() else value
    else:
        message = f"{what} must be an int or a Decimal, not {type(value).__name__}."
        raise InvalidInput(message)
    if number < 0 or not (number or zero):
        message = f"{what} must be {'0 or more' if zero else 'more than 0'}: give units back with billing.refund."
        raise InvalidInput(message)
    if number >= _UNITS or (isinstance(number, Decimal) and int(number.as_tuple().exponent) < -_DECIMALS):
        message = f"{what} has at most 15 digits before the decimal point and {_DECIMALS} after it."
        raise InvalidInput(message)
    return number


def identifier(value: str) -> str:
    """The application's id of one use."""
    return _text("identifier", value, IDENTIFIER_LIMIT)


def kind(value: str) -> str:
    """User or organization."""
    if value not in KINDS:
        message = f"kind must be {' or '.join(map(repr, KINDS))}."
        raise InvalidInput(message)
    return value


def whole(name: str, value: int | Decimal) -> int:
    """A whole number; a float is refused even if it looks whole, since it may have been rounded on the way."""
    if isinstance(value, Decimal) and value.is_finite() and value == value.to_integral_value():
        return int(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    message = f"{name} must be a whole number (an int), not {type(value).__name__}: declare a smaller unit for parts."
    raise InvalidInput(message)


def metadata(given: Mapping[str, str] | None) -> dict[str, str]:
    """The application's own metadata, within Stripe's limits and clear of ours."""
    problems = list(_metadata_problems(given or {}))
    if problems:
        raise InvalidInput("; ".join(problems) + ".")
    return dict(given or {})


def _metadata_problems(given: Mapping[str, str]) -> Iterator[str]:
    if len(given) > _METADATA_KEYS - _OURS:
        yield f"metadata may have at most {_METADATA_KEYS - _OURS} keys"
    for key, value in given.items():
        if key.startswith(_RESERVED):
            yield f"metadata {key!r} begins with {_RESERVED!r}, which is reserved"
        if not 0 < len(key) <= _METADATA_KEY or "[" in key or "]" in key:
            yield f"metadata key {key!r} must have 1 to {_METADATA_KEY} characters and no brackets"
        if not isinstance(value, str) or len(value) > _METADATA_VALUE:
            yield f"metadata {key!r} must be a string of at most {_METADATA_VALUE} characters"


def _text(name: str, value: str, limit: int) -> str:
    if not isinstance(value, str) or not value.strip():
        message = f"{name} must be a string that is not empty."
        raise InvalidInput(message)
    if len(value) > limit or not value.isprintable():
        message = f"{name} must have at most {limit} printable characters."
        raise InvalidInput(message)
    return value
