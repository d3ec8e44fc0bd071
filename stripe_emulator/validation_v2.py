"""Check a v2 request against Stripe's published list: JSON values of the right type, every problem at once."""

from __future__ import annotations

from typing import Any

from stripe_emulator.errors import fields as errors
from stripe_emulator.parameters import Parameter

_METADATA_KEY = 40
_METADATA_VALUE = 500
_TYPES: dict[str, type] = {"string": str, "integer": int, "boolean": bool, "array": list, "object": dict, "map": dict}


def check_json(fields: dict[str, Parameter], raw: dict[str, Any]) -> dict[str, Any]:
    """Return the values as they are, or refuse them with every problem there is."""
    values = {name: _native(fields[name], value) if name in fields else value for name, value in raw.items()}
    problems = _of_object(fields, values, "")
    if problems:
        raise errors.invalid_fields(problems)
    return values


def _native(parameter: Parameter, value: Any) -> Any:
    """Give what came in a query its type: arrays are numbered there, and numbers are digits."""
    if parameter.type == "array" and isinstance(value, dict) and all(key.isdigit() for key in value):
        return [value[key] for key in sorted(value, key=int)]
    if parameter.type == "integer" and isinstance(value, str) and value.isascii() and value.isdigit():
        return int(value)
    return value


def _of_object(fields: dict[str, Parameter], values: dict[str, Any], at: str) -> list[str]:
    unknown = [f"{_below(at, name)}: {errors.UNKNOWN}" for name in values if name not in fields]
    missing = [
        f"{_below(at, name)}: {errors.REQUIRED}"
        for name, field in fields.items()
        if field.required and name not in values
    ]
    below = [_of_value(fields[name], value, _below(at, name)) for name, value in values.items() if name in fields]
    return [*unknown, *missing, *(problem for problems in below for problem in problems)]


def _of_value(parameter: Parameter, value: Any, at: str) -> list[str]:
    if value is None and parameter.clearable:
        return []
    kind = parameter.type
    # A boolean is an int to Python, and no number to JSON.
    if not isinstance(value, _TYPES[kind]) or isinstance(value, bool) is not (kind == "boolean"):
        return [f"{at}: {errors.not_a(kind)}"]
    reader = _BELOW.get(kind)
    return reader(parameter, value, at) if reader else []


def _of_fields(parameter: Parameter, value: Any, at: str) -> list[str]:
    return _of_object(parameter.fields, value, at)


def _of_elements(parameter: Parameter, value: Any, at: str) -> list[str]:
    if parameter.items is None:
        return []
    named = value.items() if isinstance(value, dict) else enumerate(value)
    places = [(f"{at}.{key}" if isinstance(value, dict) else f"{at}[{key}]", element) for key, element in named]
    problems = [problem for place, element in places for problem in _of_value(parameter.items, element, place)]
    return problems or (_of_metadata(value, at) if at == "metadata" else [])


def _of_metadata(metadata: dict[str, str | None], at: str) -> list[str]:
    long_keys = [f"{at}: {errors.too_long(_METADATA_KEY)}" for key in metadata if len(key) > _METADATA_KEY]
    long_values = [
        f"{at}.{key}: {errors.too_long(_METADATA_VALUE)}"
        for key, value in metadata.items()
        if len(value or "") > _METADATA_VALUE
    ]
    return [*long_keys, *long_values]


def _of_string(parameter: Parameter, value: Any, at: str) -> list[str]:
    if parameter.enum and value not in parameter.enum:
        return [f"{at}: {errors.not_one_of(value, parameter.enum)}"]
    return [f"{at}: {errors.too_long(parameter.longest)}"] if len(value) > parameter.longest else []


_BELOW = {"object": _of_fields, "array": _of_elements, "map": _of_elements, "string": _of_string}


def _below(at: str, name: str) -> str:
    return f"{at}.{name}" if at else name
