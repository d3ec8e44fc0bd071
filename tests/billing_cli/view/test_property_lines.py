"""Properties line by line, as Pulumi's diff view writes them."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from rich.text import Text

from billing_cli.view.changes import compare_objects
from billing_cli.view.property_lines import write_changes, write_object
from billing_cli.view.values import UNKNOWN
from billing_cli.view.writer import Writer
from tests.billing_cli.view.test_changes import JSON


def changed(old: Any, new: Any) -> list[str]:
    """The lines of one property that differs."""
    pen = Writer(Text(), 1)
    write_changes(pen, compare_objects({"a": old}, {"a": new}))
    return pen.out.plain.splitlines()


@pytest.mark.parametrize(
    ("old", "new", "lines"),
    [
        (1200, 1400, ["  ~ a: 1200 => 1400"]),
        (None, "x", ['  + a: "x"']),
        ("x", None, ['  - a: "x"']),
        ("x", {"b": 1}, ['  - a: "x"', "  + a: {", "      + b: 1", "    }"]),
        ("p_1", UNKNOWN, ['  ~ a: "p_1" => [unknown]']),
        ("", "x", ['  + a: "x"']),
        ({"b": 1, "c": 2}, {"b": 1, "c": 3}, ["  ~ a: {", "        b: 1", "      ~ c: 2 => 3", "    }"]),
        ([1, 2], [1, 3, 4], ["  ~ a: [", "        [0]: 1", "      ~ [1]: 2 => 3", "      + [2]: 4", "    ]"]),
        ('{"b": 1}', '{"b": 2}', ["  ~ a: (json) {", "      ~ b: 1 => 2", "    }"]),
        ('{"b": 1}', '{"b":1}', ['  ~ a: "{\\"b\\": 1}" => "{\\"b\\":1}"']),
        ("b: 1\nc: 1", "b: 1\nc: 2", ["  ~ a: (yaml) {", "        b: 1", "      ~ c: 1 => 2", "    }"]),
    ],
)
def test_a_change(old: Any, new: Any, lines: list[str]) -> None:
    """With the CLI's signs and indentation; documents in texts are compared as such."""
    assert changed(old, new) == lines


def test_texts_of_several_lines() -> None:
    """Only what differs, with two lines around it."""
    before = [f"line {number}" for number in range(12)]
    after = [*before[:6], "other", *before[7:]]
    assert changed("\n".join(before), "\n".join(after)) == [
        "  ~ a: ",
        "        ...",
        "        line 4",
        "        line 5",
        "      - line 6",
        "      + other",
        "        line 7",
        "        line 8",
        "        ...",
    ]


def test_names_are_aligned_and_pulumis_own_left_out() -> None:
    """The width is that of the longest name, as the CLI counts it."""
    pen = Writer(Text(), 0)
    write_object(pen, {"a": 1, "long": [], "__provider": "x", "none": {}})
    assert pen.out.plain.splitlines() == ["a         : 1", "long      : []", "none      : {}"]


def test_a_text_cannot_paint_or_forge_lines() -> None:
    """What would move the cursor is written as what it is, in texts of several lines too."""
    assert changed("a\n\x1b[2Jb", "a\nc") == ["  ~ a: ", "        a", "      - \\x1b[2Jb", "      + c"]


@given(JSON, JSON)
def test_any_change_can_be_written(old: Any, new: Any) -> None:
    """Whatever is in it, nothing but letters and spaces reaches the terminal."""
    assert all(line.isprintable() for line in changed(old, new))
