"""Property values on the wire."""

from __future__ import annotations

from typing import Any

import pytest
from google.protobuf.json_format import MessageToDict
from google.protobuf.struct_pb2 import Struct
from hypothesis import given

from local_engine.errors import UnsupportedError
from local_engine.values import SECRET_MARK, SIGNATURE, UNKNOWN, UNKNOWN_TEXT, Reference, Secret, reveal
from local_engine.wire import from_struct, to_struct
from tests.local_engine import strategies


@given(strategies.properties)
def test_values_survive_the_wire(properties: dict[str, Any]) -> None:
    """Secrets, unknowns and everything else arrive as they were sent."""
    assert from_struct(to_struct(properties)) == properties


@given(strategies.properties)
def test_marks_can_be_left_out(properties: dict[str, Any]) -> None:
    """Whoever does not understand marks gets plain values."""
    assert from_struct(to_struct(properties, keep_secrets=False)) == reveal(properties)


def test_marks_are_the_ones_of_the_sdk() -> None:
    """A secret is an object with Pulumi's signature, an unknown is its text."""
    struct = to_struct({"s": Secret("x"), "u": UNKNOWN})
    assert MessageToDict(struct) == {"s": {SIGNATURE: SECRET_MARK, "value": "x"}, "u": UNKNOWN_TEXT}


def test_assets_are_refused() -> None:
    """An asset is refused by name, with the way out."""
    struct = Struct()
    struct.update({"file": {SIGNATURE: "c44067f5952c0a294b673a41bacd8c17", "path": "x"}})
    with pytest.raises(UnsupportedError, match=r"does not support assets.*use the Pulumi CLI"):
        from_struct(struct)


def test_references_can_be_left_out() -> None:
    """Whoever does not understand references gets the id of a resource, and the URN of a component."""
    urn = "urn:pulumi:dev::shop::x:y:Plan::team"
    properties = {"a": [Reference(urn, "th_1"), Reference(urn, UNKNOWN)], "b": Secret(Reference(urn))}
    found = from_struct(to_struct(properties, keep_references=False))
    assert found == {"a": ["th_1", UNKNOWN], "b": Secret(urn)}
