"""Check a request's parameters against Stripe's published list, and give them their types."""

from __future__ import annotations

import re
from typing import Any

from stripe_emulator.errors import parameters as errors
from stripe_emulator.parameters import Parameter

_INTEGER = re.compile(r"-?[0-9]+")
_DECIMAL = re.compile(r"-?[0-9]+(\.[0-9]+)?")
_METADATA_KEY = 40
_METADATA_VALUE = 500


def check(fields: dict[str, Parameter], raw: dict[str, Any]) -> dict[str, Any]:
    """Return typed values: int, bool, list, dict, decimals as strings, None where a value is to be unset."""
    unknown = sorted(_unknown(fields, raw, ""))
    if unknown:
        raise errors.unknown(unknown)
    return _object(fields, raw, "")


def _inside(prefix: str, name: str) -> str:
    return f"{prefix}[{name}]" if prefix else name


def _unknown(fields: dict[str, Parameter], raw: dict[str, Any], prefix: str) -> list[str]:
    """Name every parameter that Stripe does not have, at any depth."""
    names = [_inside(prefix, name) for name in raw if name not in fields]
    for name, value in raw.items():
        if name in fields:
            names += _unknown_below(fields[name], value, _inside(prefix, name))
    return names


def _unknown_below(parameter: Parameter, value: Any, name: str) -> list[str]:
    if parameter.type == "object" and isinstance(value, dict):
        return _unknown(parameter.fields, value, name)
    if parameter.items is None:
        return []
    if isinstance(value, list):
        value = {str(index): element for index, element in enumerate(value)}
    if not isinstance(value, dict):
        return []
    below = (_unknown_below(parameter.items, element, _inside(name, key)) for key, element in value.items())
    return [found for names in below for found in names]


def _object(fields: dict[str, Parameter], raw: dict[str, Any], prefix: str) -> dict[str, Any]:
    values = {name: _value(fields[name], value, _inside(prefix, name)) for name, value in raw.items()}
    for name, parameter in fields.items():
        if parameter.required and name not in values:
            raise errors.missing(_inside(prefix, name))
    return values


def _value(parameter: Parameter, raw: Any, name: str) -> Any:
    if raw == "":
        return _unset(parameter, name)
    return _READERS[parameter.type](parameter, raw, name)


def _unset(parameter: Parameter, name: str) -> Any:
    """Stripe reads an empty string as an attempt to unset."""
    if parameter.clearable or name == "metadata":
        return None
    raise errors.cannot_be_unset(name)


def _scalar(raw: Any, name: str) -> str:
    if not isinstance(raw, str):
        raise errors.invalid_string(name)
    return raw


def _string(parameter: Parameter, raw: Any, name: str) -> str:
    value = _scalar(raw, name)
    if parameter.enum and value not in parameter.enum:
        raise errors.not_one_of(name, parameter.enum)
    if len(value) > parameter.longest:
        raise errors.too_long(name, value, parameter.longest)
    return value


def _integer(_parameter: Parameter, raw: Any, name: str) -> int:
    value = _scalar(raw, name)
    if not _INTEGER.fullmatch(value) or len(value) > 19:  # a 64-bit number has 19 digits
        raise errors.invalid_integer(name, value)
    return int(value)


def _number(parameter: Parameter, raw: Any, name: str) -> int | float:
    """Read what Stripe echoes as a JSON number: weights and percentages, never money."""
    value = _decimal(parameter, raw, name)
    return float(value) if "." in value else int(value)


def _decimal(_parameter: Parameter, raw: Any, name: str) -> str:
    value = _scalar(raw, name)
    if not _DECIMAL.fullmatch(value):
        raise errors.invalid_number(name, value)
    if len(value.partition(".")[2]) > 12:
        raise errors.too_many_decimals(name, value)
    return value


def _boolean(_parameter: Parameter, raw: Any, name: str) -> bool:
    value = _scalar(raw, name)
    if value not in ("true", "false"):
        raise errors.invalid_boolean(name, value)
    return value == "true"


def _hash(parameter: Parameter, raw: Any, name: str) -> dict[str, Any]:
    if not isinstance(raw, dict):
        raise errors.invalid_object(name)
    return _object(parameter.fields, raw, name)


def _map(parameter: Parameter, raw: Any, name: str) -> dict[str, Any]:
    if not isinstance(raw, dict) or parameter.items is None:
        raise errors.invalid_object(name)
    if parameter.items.type != "string":
        return {key: _value(parameter.items, value, _inside(name, key)) for key, value in raw.items()}
    if name.endswith(("metadata", "metadata]")):
        _check_metadata(raw)
    # An empty string inside a map of strings unsets one key (metadata) or is the value itself (payload).
    return {key: _scalar(value, _inside(name, key)) for key, value in raw.items()}


def _check_metadata(raw: dict[str, Any]) -> None:
    for key, value in raw.items():
        if len(key) > _METADATA_KEY:
            raise errors.metadata_too_large("keys", f"{_METADATA_KEY} characters")
        if len(_scalar(value, f"metadata[{key}]")) > _METADATA_VALUE:
            raise errors.metadata_too_large("values", f"{_METADATA_VALUE} characters")


def _array(parameter: Parameter, raw: Any, name: str) -> list[Any]:
    if isinstance(raw, dict) and all(key.isascii() and key.isdigit() for key in raw):
        raw = [raw[key] for key in sorted(raw, key=int)]
    if not isinstance(raw, list) or parameter.items is None:
        raise errors.invalid_array(name)
    return [_value(parameter.items, value, _inside(name, str(index))) for index, value in enumerate(raw)]


def _any_of(parameter: Parameter, raw: Any, name: str) -> Any:
    """Take the first alternative of the value's shape, so that `now` and `1700000000` both find theirs."""
    enums = [value for choice in parameter.any_of for value in choice.enum]
    if raw in enums:
        return raw
    fitting = [choice for choice in parameter.any_of if not choice.enum and _fits(choice, raw)]
    if not fitting:
        raise errors.invalid_object(name)
    return _value(fitting[0], raw, name)


def _fits(choice: Parameter, raw: Any) -> bool:
    return isinstance(raw, str) == (choice.type not in ("object", "map", "array"))


_READERS = {
    "string": _string,
    "integer": _integer,
    "number": _number,
    "decimal": _decimal,
    "boolean": _boolean,
    "object": _hash,
    "map": _map,
    "array": _array,
    "any_of": _any_of,
}
