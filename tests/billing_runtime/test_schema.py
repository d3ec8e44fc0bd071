"""The manifest's JSON Schema, which both sides publish."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import jsonschema
import pytest

from billing_runtime import manifest_schema

ROOT = Path(__file__).parents[2]


def test_both_rooms_publish_the_same_bytes() -> None:
    """Provisioning and runtime must check against one and the same schema."""
    ours = (ROOT / "billing_runtime/manifest.schema.json").read_bytes()
    assert (ROOT / "billing_resources/catalog/manifest.schema.json").read_bytes() == ours


def test_the_schema_is_a_schema() -> None:
    """The published file must itself be valid JSON Schema 2020-12."""
    jsonschema.Draft202012Validator.check_schema(manifest_schema())


def test_an_example_passes(manifest_data: dict[str, Any]) -> None:
    """A complete manifest must pass."""
    jsonschema.validate(manifest_data, manifest_schema())


@pytest.mark.parametrize("place", [(), ("plans", "team"), ("prices", "team.monthly"), ("meters", "alpaca-ai-tokens")])
def test_unknown_fields_are_allowed_everywhere(manifest_data: dict[str, Any], place: tuple[str, ...]) -> None:
    """A newer writer may add fields without breaking an older reader."""
    target = manifest_data
    for step in place:
        target = target[step]
    target["invented_later"] = {"anything": 1}
    jsonschema.validate(manifest_data, manifest_schema())


def test_no_object_of_the_schema_is_closed() -> None:
    """Nowhere may the schema forbid additional properties."""
    assert '"additionalProperties": false' not in (ROOT / "billing_runtime/manifest.schema.json").read_text()
