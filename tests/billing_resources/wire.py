"""Pulumi's wire values for tests: structs of plain data, secrets and unknowns by their signatures."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from google.protobuf import json_format, struct_pb2

UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
_SIGNATURE = "4dabf18193072939515e22adb298388d"
_SECRET = "1b47061264138c4ac30d75fd1eb44270"
Props = dict[str, Any]


def struct(values: Mapping[str, Any]) -> struct_pb2.Struct:
    """A dictionary as the engine sends it."""
    made = struct_pb2.Struct()
    json_format.ParseDict({key: value for key, value in values.items() if value is not None}, made)
    return made


def plain(values: struct_pb2.Struct) -> Props:
    """A struct as data: numbers are floats, secrets stay wrapped."""
    found: Props = json_format.MessageToDict(values)
    return found


def secret(value: Any) -> Props:
    """A value as a secret on the wire."""
    return {_SIGNATURE: _SECRET, "value": value}


def is_secret(value: Any) -> bool:
    """Whether a value is wrapped as a secret."""
    return isinstance(value, dict) and value.get(_SIGNATURE) == _SECRET


def revealed(value: Any) -> Any:
    """The value without secret wrappers: what a host without ``accept_secrets`` is sent."""
    if isinstance(value, dict):
        return revealed(value["value"]) if is_secret(value) else {key: revealed(part) for key, part in value.items()}
    return [revealed(part) for part in value] if isinstance(value, list) else value
