"""The published JSON Schema: made from the declarations, and as strict as an editor can be."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from billing_resources._engine.fields import Shape, fields_of
from billing_resources.catalog.document import parse
from billing_resources.catalog.models import CatalogFile
from billing_resources.catalog.schema import FILE, as_text, catalog_schema
from tests.billing_resources.catalog.test_bad_input import price
from tests.billing_resources.catalog.test_forms import CATALOG as FORMS
from tests.billing_resources.catalog.test_manifest import CATALOG as SEVERAL

ROOT = Path(__file__).parents[3]
EXAMPLE = (ROOT / "stacks" / "catalog.yaml").read_text(encoding="utf-8")
BAD_PRICES = [
    "unit_amount: 12.50",
    'unit_amount: "1200"',
    "unit_amount: true",
    "unit_amount: -1",
    "unit_amount_decimal: 0.0015",
    'unit_amount_decimal: "0.1234567890123"',
    'unit_amount: 1\nunit_amount_decimal: "1"',
    "recurring: month",
    "unit_amount: 1\nrecurring: monthly",
    "unit_amount: 1\ntransform_usage: {divide_by: 5}",
    "unit_amount: 1\ncurrency: dollars",
    "unit_amount: 1\nlimits: {seats: lots}",
    "unit_amount: 1\nseats: follow",
    "recurring: month\ntiers: [{up_to: inf, unit_amount: 1}]",
]
BAD = [
    *(price(lines) for lines in BAD_PRICES),
    "{}",
    "version: 2",
    "version: 1\nplan: {}",
    "version: 1\nplans: {te.am: {name: T}}",
    "version: 1\nplans: {team: {}}",
    "version: 1\nplans: {team: {name: T, audience: [users]}}",
    "version: 1\nalerts: {a: {title: A, usage_threshold: {meter: m, gte: 1, recurrence: daily}}}",
    "version: 1\nwebhook_endpoints: {a: {url: 'https://a.com', enabled_events: ['*'], rotate: 0}}",
    "version: 1\nwebhook_endpoints: {a: {url: 'https://a.com', enabled_events: all}}",
]


@pytest.fixture(scope="module")
def schema() -> dict[str, Any]:
    """The schema as it is checked in."""
    found: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))
    return found


@pytest.fixture(scope="module")
def checked_in(schema: dict[str, Any]) -> Draft202012Validator:
    """What an editor does with it."""
    return Draft202012Validator(schema)


def test_it_is_made_from_the_declarations() -> None:
    """Nobody edits it: script/generate_schema.py writes what is checked in."""
    assert FILE.read_text(encoding="utf-8") == as_text(catalog_schema())


def test_it_is_a_schema(schema: dict[str, Any]) -> None:
    """It follows draft 2020-12, and says so."""
    Draft202012Validator.check_schema(schema)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"


def test_editors_find_it() -> None:
    """The first line of the example names it, relative to the file."""
    first = EXAMPLE.splitlines()[0]
    assert first.startswith("# yaml-language-server: $schema=")
    assert (ROOT / "stacks" / first.partition("=")[2]).resolve() == FILE.resolve()


@pytest.mark.parametrize("text", [EXAMPLE, FORMS, SEVERAL], ids=["example", "forms", "several"])
def test_good_catalogs_are_valid(checked_in: Draft202012Validator, text: str) -> None:
    """What the loader takes, an editor does not mark."""
    assert [error.message for error in checked_in.iter_errors(parse(text, "c.yaml").data)] == []


@pytest.mark.parametrize("text", BAD)
def test_bad_catalogs_are_marked(checked_in: Draft202012Validator, text: str) -> None:
    """What single fields say is known to the editor already."""
    assert not checked_in.is_valid(parse(text, "c.yaml").data)


def test_every_field_is_described(schema: dict[str, Any]) -> None:
    """Editors show a sentence on every field of every object."""
    assert list(undescribed(schema, "")) == []


def undescribed(schema: Any, path: str) -> Any:
    """The fields without a description."""
    if isinstance(schema, dict):
        for name, field in schema.get("properties", {}).items() if isinstance(schema.get("properties"), dict) else ():
            if not field.get("description"):
                yield f"{path}.{name}"
        for key, part in schema.items():
            yield from undescribed(part, f"{path}.{key}")
    elif isinstance(schema, list):
        for part in schema:
            yield from undescribed(part, path)


def test_every_declared_field_is_in_it(schema: dict[str, Any]) -> None:
    """The schema knows what the classes know."""
    defined = schema["$defs"]
    for section, name in (
        ("plans", "CatalogPlan"),
        ("portal", "PortalConfigurationArgs"),
        ("alerts", "AlertArgs"),
        ("meters", "MeterArgs"),
    ):
        shape = Shape(fields=fields_of(CatalogFile)).by_name[section].shape.value
        assert shape is not None
        assert set(defined[name]["properties"]) == set(shape.by_name)
