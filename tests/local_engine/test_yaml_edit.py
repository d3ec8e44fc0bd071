"""One value of a YAML text changed in place."""

from __future__ import annotations

import difflib
import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from local_engine.yaml_edit import EditError, Path, put, take, with_value
from local_engine.yaml_text import entry

WRITTEN = """\
# the shop
config:
    # where
    shop:a: 'eu'   # Frankfurt

    shop:e:
    shop:b: |
      x

      y
    # why
    shop:c: {q: 1, r: [2]}  # one line
    shop:d:
    - 1
    - x: 2
      y: 3   # three
    # tail
encryptionsalt: v1 # salt
"""
LOADED: dict[str, Any] = YAML(typ="safe", pure=True).load(WRITTEN)
PATHS: list[tuple[Path, set[str]]] = [
    (("config", "shop:a"), {"    shop:a: 'eu'   # Frankfurt"}),
    (("config", "shop:e"), {"    shop:e:"}),
    (("config", "shop:b"), {"    shop:b: |", "      x", "", "      y"}),
    (("config", "shop:c"), {"    shop:c: {q: 1, r: [2]}  # one line"}),
    (("config", "shop:c", "q"), {"    shop:c: {q: 1, r: [2]}  # one line"}),
    (("config", "shop:d", 0), {"    - 1"}),
    (("config", "shop:d", 1, "x"), {"    - x: 2", "      y: 3   # three"}),
    (("config", "shop:d", 1, "y"), {"      y: 3   # three"}),
    (("encryptionsalt",), {"encryptionsalt: v1 # salt"}),
]
ADDED: list[Path] = [("config", "shop:new"), ("config", "shop:d", 2), ("config", "shop:d", 1, "z", "u", 0), ("other",)]
VALUES = [True, 5, "us", {"secure": "v1:a:b"}, {"k": ["x", {"y": "1"}]}, "two\nlines", ""]
TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"], include_characters="\n\t"), max_size=12)
TREES = st.recursive(
    st.booleans() | st.integers() | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=8,
)


def _load(text: str) -> Any:
    return YAML(typ="safe", pure=True).load(text)


def _touched(new: str) -> tuple[set[str], list[str]]:
    """The lines that are gone, and those that came."""
    found = list(difflib.ndiff(WRITTEN.splitlines(), new.splitlines()))
    gone = {line[2:] for line in found if line.startswith("- ")}
    return gone, [line[2:] for line in found if line.startswith("+ ")]


@pytest.mark.parametrize(("path", "own"), PATHS)
@pytest.mark.parametrize("value", VALUES)
def test_only_the_lines_of_a_value_change(path: Path, own: set[str], value: Any) -> None:
    """Whatever is set, every line but its own stays byte for byte."""
    new = put(WRITTEN, path, value)
    assert _load(new) == with_value(LOADED, path, value)
    assert _touched(new)[0] <= own


@pytest.mark.parametrize("path", ADDED)
@pytest.mark.parametrize("value", VALUES)
def test_what_is_new_only_adds_lines(path: Path, value: Any) -> None:
    """No line goes or moves for a new value."""
    new = put(WRITTEN, path, value)
    assert _load(new) == with_value(LOADED, path, value)
    assert _touched(new)[0] == set()


@pytest.mark.parametrize(("path", "own"), PATHS)
def test_removing_takes_only_the_lines_of_a_value(path: Path, own: set[str]) -> None:
    """The comments around stay."""
    assert _touched(take(WRITTEN, path))[0] <= own


def test_what_is_not_there_is_removed_already() -> None:
    """The text is the same."""
    assert take(WRITTEN, ("config", "shop:nope", "x")) == WRITTEN


@pytest.mark.parametrize(
    "text", ["", "# only\n", "# x", "{}\n", "config: {}\n", "config:\n", "config:", "a: 1", "---\n"]
)
def test_a_text_without_configuration_gets_one(text: str) -> None:
    """Whatever the file is, the value stands in it afterwards, and the comments are still there."""
    new = put(text, ("config", "s:k"), "v")
    assert _load(new)["config"] == {"s:k": "v"}
    assert re.findall("#.*", new) == re.findall("#.*", text)


def test_line_ends_stay() -> None:
    """A file written on Windows keeps its line ends."""
    text = "config:\r\n  s:a: x # c\r\n  s:b: y\r\n"
    assert put(text, ("config", "s:a"), "z") == text.replace("x", "z")


@pytest.mark.parametrize(
    ("path", "why"),
    [
        (("config", "shop:d", 3), r"\[3\] is behind the end of the list, which has 2 items"),
        (("config", "shop:d", "x"), "'x' names no item of a list"),
        (("config", "shop:new", 1), r"\[1\] is behind the end"),
    ],
)
def test_a_place_that_cannot_be(path: Path, why: str) -> None:
    """A list has no gaps and no names."""
    with pytest.raises(EditError, match=why):
        put(WRITTEN, path, 1)


def test_what_cannot_be_changed_in_place_is_refused() -> None:
    """An anchor that others use is not broken silently."""
    with pytest.raises(EditError, match="change it in an editor"):
        put("config:\n  a: &x {k: 1}\n  b: *x\n", ("config", "a"), 2)


@settings(deadline=None)
@given(TREES)
def test_any_value_survives_the_writing(value: Any) -> None:
    """Quotes, lines and look-alikes are written so that they are read again as they were."""
    assert _load(entry("k", value)) == {"k": value}


@settings(deadline=None)
@given(st.dictionaries(TEXTS, TREES, max_size=4), st.data())
def test_edits_of_any_text_do_what_they_say(tree: dict[str, Any], data: st.DataObject) -> None:
    """Setting and removing anything changes that, and nothing else."""
    text = "".join(f"{entry(key, value)}\n" for key, value in tree.items())
    path = data.draw(st.lists(st.sampled_from(sorted(tree)) if tree else TEXTS, min_size=1, max_size=2).map(tuple))
    value = data.draw(TREES)
    try:
        wanted = with_value(tree, path, value)
    except EditError:
        return
    new = put(text, path, value)
    assert _load(new) == wanted
    assert not _load(take(new, path[:1])) or path[0] not in _load(take(new, path[:1]))


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("one", "one"),
        ("5", '"5"'),
        ("true", '"true"'),
        ("on", '"on"'),
        ("~", '"~"'),
        ("2020-01-01", '"2020-01-01"'),
        ("0x1f", '"0x1f"'),
        ("1:30", '"1:30"'),
        ("1e3", '"1e3"'),
        ("a: b", "'a: b'"),
        ("a # b", "'a # b'"),
        (" lead", "' lead'"),
        ('"q"', "'\"q\"'"),
        ("it's", "it's"),
        ("*x", "'*x'"),
        ("héé", "héé"),
        ("a\nb", "|-\n  a\n  b"),
        ("", '""'),
        (True, "true"),
        ({"x": [1, "n"]}, '\n  x:\n    - 1\n    - "n"'),
    ],
)
def test_values_are_quoted_as_the_cli_quotes_them(value: Any, written: str) -> None:
    """The file is the one that `pulumi config set` would have written."""
    assert entry("k", value).removeprefix("k:").removeprefix(" ") == written
