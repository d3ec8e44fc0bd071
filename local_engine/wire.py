"""Property values on the wire: protobuf structs with Pulumi's marks for secrets and unknowns."""

from __future__ import annotations

from typing import Any

from google.protobuf.struct_pb2 import ListValue, Struct, Value

from local_engine.errors import UnsupportedError
from local_engine.values import SECRET_MARK, SIGNATURE, UNKNOWN, UNKNOWN_TEXT, Properties, Secret, refused_kind, reveal


def to_struct(properties: Properties, *, keep_secrets: bool = True) -> Struct:
    """Encode properties for a receiver that understands secret marks, or for one that does not."""
    struct = Struct()
    struct.update({key: _plain(value) for key, value in (properties if keep_secrets else reveal(properties)).items()})
    return struct


def _plain(value: Any) -> Any:
    if isinstance(value, Secret):
        return {SIGNATURE: SECRET_MARK, "value": _plain(value.value)}
    if value is UNKNOWN:
        return UNKNOWN_TEXT
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return value


def from_struct(struct: Struct) -> Properties:
    """Decode properties; marks become `Secret` and `UNKNOWN`."""
    return {key: _value(item) for key, item in struct.fields.items()}


def _value(value: Value) -> Any:
    kind = value.WhichOneof("kind")
    if kind == "struct_value":
        return _object(value.struct_value)
    if kind == "list_value":
        return _list(value.list_value)
    if kind == "string_value":
        return UNKNOWN if value.string_value == UNKNOWN_TEXT else value.string_value
    if kind == "number_value":
        return value.number_value
    return value.bool_value if kind == "bool_value" else None


def _list(values: ListValue) -> list[Any]:
    return [_value(item) for item in values.values]


def _object(struct: Struct) -> Any:
    found = from_struct(struct)
    if SIGNATURE not in found:
        return found
    if found[SIGNATURE] == SECRET_MARK:
        return Secret(found.get("value"))
    if (kind := refused_kind(found)) is not None:
        raise UnsupportedError.by_local_engine(f"{kind} in resource properties")
    return found
