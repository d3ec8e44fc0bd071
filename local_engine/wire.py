"""Property values on the wire: protobuf structs with Pulumi's marks for secrets and unknowns."""

from __future__ import annotations

from typing import Any

from google.protobuf.struct_pb2 import ListValue, Struct, Value

from local_engine import urns
from local_engine.errors import UnsupportedError
from local_engine.values import (
    REFERENCE_MARK,
    SECRET_MARK,
    SIGNATURE,
    UNKNOWN,
    UNKNOWN_TEXT,
    Properties,
    Reference,
    Secret,
    refused_kind,
    reveal,
)


def to_struct(properties: Properties, *, keep_secrets: bool = True, keep_references: bool = True) -> Struct:
    """Encode properties for a receiver that understands marks, or for one that does not."""
    told = properties if keep_secrets else reveal(properties)
    struct = Struct()
    struct.update({key: _plain(value, keep_references) for key, value in told.items()})
    return struct


def _plain(value: Any, keep_references: bool) -> Any:
    if isinstance(value, Secret):
        return {SIGNATURE: SECRET_MARK, "value": _plain(value.value, keep_references)}
    if isinstance(value, Reference):
        return _plain(_reference(value) if keep_references else value.plain, keep_references)
    if value is UNKNOWN:
        return UNKNOWN_TEXT
    if isinstance(value, dict):
        return {key: _plain(item, keep_references) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item, keep_references) for item in value]
    return value


def _reference(found: Reference) -> Properties:
    identifier = {} if found.id is None else {"id": found.id}
    place = {"urn": found.urn, "name": urns.name_of(found.urn), "type": urns.kind_of(found.urn)}
    return {SIGNATURE: REFERENCE_MARK, **place, **identifier}


def from_struct(struct: Struct) -> Properties:
    """Decode properties; marks become `Secret`, `Reference` and `UNKNOWN`."""
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
    if found[SIGNATURE] == REFERENCE_MARK:
        return Reference(str(found.get("urn")), found.get("id"))
    if (kind := refused_kind(found)) is not None:
        raise UnsupportedError.by_local_engine(f"{kind} in resource properties")
    return found
