"""Property values: secret, unknown, shown."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given

from local_engine.values import (
    UNKNOWN,
    Secret,
    annotate_secrets,
    contains_unknowns,
    mark_secret_outputs,
    reveal,
    show,
    tidy_number,
)
from tests.local_engine import strategies


@given(strategies.values)
def test_nothing_secret_is_shown(value: Any) -> None:
    """What people see of a secret is a mask, whatever is inside."""
    assert show({"key": Secret(value)}) == {"key": "[secret]"}


@given(strategies.properties)
def test_what_is_shown_is_json(value: dict[str, Any]) -> None:
    """Any properties can be shown as JSON."""
    json.dumps(show(value))


@given(strategies.known_properties)
def test_revealed_values_have_no_marks(value: dict[str, Any]) -> None:
    """After revealing, no secret mark is left at any depth."""
    assert "[secret]" not in repr(reveal(value)).replace(repr("[secret]"), "")


def test_unknowns_are_found_at_any_depth() -> None:
    """An unknown inside a secret inside a list is found."""
    assert contains_unknowns({"a": [1, Secret({"b": UNKNOWN})]})
    assert not contains_unknowns({"a": [1, Secret({"b": 2})]})


def test_whole_numbers_are_written_without_a_point() -> None:
    """Only doubles that are whole, and not enormous, become integers."""
    assert [repr(tidy_number(value)) for value in (3.0, 2.5, True, 1e300)] == ["3", "2.5", "True", "1e+300"]


def test_outputs_are_secret_when_asked_for_or_when_the_input_was() -> None:
    """Both the program's wish and a secret input of the same name mark an output."""
    marked = mark_secret_outputs({"a": 1, "b": 2, "c": 3}, {"b": Secret(2)}, ["a"])
    assert marked == {"a": Secret(1), "b": Secret(2), "c": 3}


def test_marks_return_at_the_same_place() -> None:
    """A provider that sees no marks gets them back where the inputs had them."""
    like = {"tags": {"k": Secret("v"), "p": "q"}, "list": [Secret(1), 2]}
    plain = {"tags": {"k": "v", "p": "q"}, "list": [1, 2], "new": 3}
    assert annotate_secrets(plain, like) == {**like, "new": 3}
