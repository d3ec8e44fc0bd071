"""The JSON form: what its published schema says, texts as they are, money never as a number."""

from __future__ import annotations

import json
import unicodedata
from copy import deepcopy
from decimal import Decimal
from importlib import resources
from typing import Any

import pytest
from hypothesis import given
from jsonschema import Draft202012Validator

from billing_review.formats.clean import without_secrets
from billing_review.formats.document import document, render
from billing_review.pricing import Pricing
from billing_review.report import Costs, Entry, Report
from tests.billing_review.formats.reports import EMPTY, GONE, HOSTILE, NEW_TOKENS, RICH, SEAT, VOLUME
from tests.billing_review.formats.texts import reports, texts

SCHEMA = json.loads(resources.files("billing_review").joinpath("report.schema.json").read_text(encoding="utf-8"))


def closed(schema: Any) -> Any:
    """The schema without room for fields that it does not name."""
    if isinstance(schema, list):
        return [closed(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    found = {name: closed(value) for name, value in schema.items()}
    return {**found, "additionalProperties": False} if found.get("type") == "object" else found


STRICT = Draft202012Validator(closed(SCHEMA))


def test_the_schema_is_one() -> None:
    """Version 1 of the format, as a valid schema of the current draft."""
    Draft202012Validator.check_schema(SCHEMA)
    assert SCHEMA["$id"] == "urn:billing-resources:review:1"
    assert SCHEMA["properties"]["version"] == {"const": 1, "description": "Version of this format"}


@pytest.mark.parametrize("report", [RICH, EMPTY], ids=["rich", "empty"])
def test_the_schema_names_every_field(report: Report) -> None:
    """A program can rely on the schema: there is no field beside it."""
    STRICT.validate(json.loads(render(report)))


@given(reports(texts))
def test_any_text_comes_back_unchanged(report: Report) -> None:
    """The document is valid, safe to print, and a program reads the texts that were written."""
    shown = render(report)
    read = json.loads(shown)
    STRICT.validate(read)
    assert not {unicodedata.category(char) for char in set(shown) - {"\n"}} & {"Cc", "Cf", "Cs", "Zl", "Zp"}
    entry, given_entry = read["entries"][0], report.entries[0]
    assert entry["headline"] == without_secrets(given_entry.headline)
    assert entry["facts"][0]["note"] == without_secrets(given_entry.facts[0].note or "")
    assert read["findings"][0]["key"] == without_secrets(report.findings[0].key)


@pytest.mark.parametrize(
    ("spoil", "complaint"),
    [
        (lambda read: read.update(version=2), "version"),
        (lambda read: read["revenue_touched"][0].update(amount=100), "amount"),
        (lambda read: read["revenue_touched"][0].update(amount="1,200.00"), "amount"),
        (lambda read: read["findings"][0].update(severity="terrible"), "severity"),
        (lambda read: read["entries"][0].pop("headline"), "headline"),
        (lambda read: read["entries"][1]["costs"][0]["new"]["tiers"][2].update(up_to=None), "up_to"),
    ],
    ids=["newer version", "a number", "written out", "unknown severity", "no headline", "tier without end"],
)
def test_the_schema_refuses_what_is_not_a_review(spoil: Any, complaint: str) -> None:
    """The published schema is worth validating against."""
    read = json.loads(json.dumps(document(RICH)))
    spoil(read)
    faults = [
        f"{error.json_path} {error.message} {error.context}" for error in Draft202012Validator(SCHEMA).iter_errors(read)
    ]
    assert any(complaint in fault for fault in faults)


def test_money_is_minor_units_and_a_text() -> None:
    """12.00 USD is 1200 of usd; parts of a cent have decimals; yen have none; nothing is 1.2E+3."""
    costs = document(Report(EMPTY.source, (SEAT, NEW_TOKENS, VOLUME, GONE)))["entries"]
    assert costs[0]["costs"][0]["old"]["unit"] == {"currency": "usd", "amount": "1200", "text": "12.00 USD"}
    assert costs[0]["costs"][1]["new"]["unit"] == {"currency": "jpy", "amount": "1800", "text": "1,800 JPY"}
    assert costs[1]["costs"][0]["new"]["unit"] == {"currency": "usd", "amount": "0.04", "text": "0.0004 USD"}
    assert costs[1]["costs"][0]["old"] is None
    assert costs[2]["costs"][0]["stretches"] == [{"from": 1, "trend": "dearer"}, {"from": 51, "trend": "cheaper"}]
    assert costs[2]["costs"][0]["new"]["tiers"][2]["up_to"] == "inf"
    assert costs[3]["costs"][0]["stretches"] is None
    large = Costs("usd", None, Pricing("usd", Decimal("1.20E+3")))
    written = document(Report(EMPTY.source, (Entry("Price", "x", "create", "t", "h", costs=(large,)),)))
    assert written["entries"][0]["costs"][0]["new"]["unit"]["amount"] == "1200"


def test_a_document_is_not_escaped_for_another_form() -> None:
    """Programs get the name itself, not what a page or a comment would make of it."""
    read = json.loads(render(RICH))
    assert read["entries"][7]["title"] == HOSTILE
    assert deepcopy(read) == document(RICH)
