"""YAML files as plain data with places: what is broken is one sentence with its line."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing_resources.catalog.document import parse, read_document
from billing_resources.catalog.problems import InvalidCatalog

BROKEN = {
    "version: 1\n\tplans: {}": "c.yaml:2:1: is not valid YAML: found character '\\t' that cannot start any token; "
    "indent with spaces, not with tabs",
    "plans: [1": "c.yaml:1:10: is not valid YAML: expected ',' or ']', but got '<stream end>'",
    "plans: *team": "c.yaml:1:8: is not valid YAML: found undefined alias 'team'",
    "a: 1\n---\nb: 2": "c.yaml:2:1: is not valid YAML: expected a single document in the stream but found another "
    "document",
    "a: &x\n  <<: *x": "c.yaml:1:1: is not valid YAML: it cannot be read",
}


@pytest.mark.parametrize("text", BROKEN)
def test_broken_yaml_is_one_sentence_with_a_line(text: str) -> None:
    """What the parser says is told once, with the place, without a traceback."""
    with pytest.raises(InvalidCatalog) as caught:
        parse(text, "c.yaml")
    assert caught.value.problems == [BROKEN[text]]


def test_every_duplicate_key_is_refused_with_both_lines() -> None:
    """A key that is written twice is a problem at its second place, wherever it is, and there may be several."""
    document = parse("a: 1\nb:\n  c: 1\n  c: 2\na: 3\n", "c.yaml")
    assert [str(one) for one in document.problems] == [
        "c.yaml:4:3: c is written twice here, first in line 3: keep one",
        "c.yaml:5:1: a is written twice here, first in line 1: keep one",
    ]


def test_values_know_where_they_were_written() -> None:
    """Keys and items have their own lines and columns; what is not there has those of what is around it."""
    document = parse("plans:\n  team:\n    tiers:\n      - {up_to: 5}\n", "c.yaml")
    assert document.spot(("plans", "team", "tiers", 0, "up_to")) == (4, 10)
    assert document.spot(("plans", "team", "tiers", 0)) == (4, 9)
    assert document.spot(("plans", "team", "name")) == (2, 3)
    assert document.spot(("meters",)) == (1, 1)


def test_data_is_plain() -> None:
    """What comes out is JSON's types only, with nothing of the parser left on them."""
    data = parse("a: {b: [1, 0.5, x, true, null, 'on']}", "c.yaml").data
    assert data == {"a": {"b": [1, 0.5, "x", True, None, "on"]}}
    assert [type(one) for one in data["a"]["b"]] == [int, float, str, bool, type(None), str]


def test_yaml_is_1_2() -> None:
    """Words such as on, off, yes and no are strings, 1:30 is no number of seconds, and a date is text, even no date."""
    assert parse("[on, off, yes, no, 1:30, 010]", "c.yaml").data == ["on", "off", "yes", "no", "1:30", 10]
    dates = ["2027-01-31", "2027-02-30", "2027-01-31T10:00:00Z"]
    assert parse(f"[{', '.join(dates)}]", "c.yaml").data == dates


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("a: !!timestamp 2026-01-01", "c.yaml:1:1: a: is read as a type of its own: put it into quotes"),
        ("a: !price 5", "c.yaml:1:1: a: is read as a type of its own: put it into quotes"),
        ("5: a", "c.yaml:1:1: 5: is no name: put keys that are not words into quotes"),
        ("- &a [*a]", "c.yaml:1:3: [0][0]: contains itself: an alias must not point at what it stands in"),
    ],
)
def test_what_json_does_not_have_is_refused(text: str, sentence: str) -> None:
    """Tags, odd keys and circles are problems at their place."""
    assert [str(one) for one in parse(text, "c.yaml").problems] == [sentence]


def test_aliases_and_merges_work() -> None:
    """Anchors may be used more than once, and merge keys fill in."""
    data = parse("base: &b {interval: month}\nx: *b\ny:\n  <<: *b\n  meter: m\n", "c.yaml").data
    assert data["x"] == {"interval": "month"}
    assert data["y"] == {"meter": "m", "interval": "month"}


def test_a_missing_file_is_one_sentence(tmp_path: Path) -> None:
    """The path is named."""
    with pytest.raises(InvalidCatalog, match=r"none\.yaml: there is no such file"):
        read_document(tmp_path / "none.yaml")


def test_a_file_in_another_encoding_is_one_sentence(tmp_path: Path) -> None:
    """Catalogs are UTF-8."""
    (tmp_path / "c.yaml").write_bytes(b"name: \xff\xfe")
    with pytest.raises(InvalidCatalog, match="cannot be read: it is not UTF-8 text"):
        read_document(tmp_path / "c.yaml")


@given(st.text(st.characters(codec="utf-8"), max_size=60) | st.text("-: \n\t[]{}&*a1!<'\"#|>%?@`", max_size=40))
def test_any_text_is_read_or_refused(text: str) -> None:
    """No text brings out anything but data or the refusal."""
    with suppress(InvalidCatalog):
        json.dumps(parse(text, "c.yaml").data)
