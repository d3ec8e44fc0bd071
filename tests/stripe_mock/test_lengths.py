"""How long a string may be: the emulator's table is written by hand, so Stripe's specification judges it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from stripe_emulator.parameters import Parameter, operations
from tests.stripe_mock.schema import Schema, schema_of

pytestmark = pytest.mark.usefixtures("specification")


def too_long(parameter: Parameter, known: Schema, name: str) -> Iterator[str]:
    """Name what the emulator takes and the specification finds too long."""
    if parameter.type == "object":
        for field, below in parameter.fields.items():
            yield from too_long(below, known.below(field), f"{name}[{field}]")
    elif parameter.items is not None:
        yield from too_long(parameter.items, known.below(""), f"{name}[]")
    elif parameter.type == "string" and not parameter.enum and known.longest and parameter.longest > known.longest:
        yield f"{name}: {known.longest}"


def test_emulator_takes_no_longer_string_than_stripe() -> None:
    """A name that passes here is not refused there."""
    assert operations()
    found = {
        f"{operation} {wrong}"
        for operation, fields in operations().items()
        for name, parameter in fields.items()
        for wrong in too_long(parameter, (schema_of(operation) or Schema([])).below(name), name)
    }
    assert found == set()
