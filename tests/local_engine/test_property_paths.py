"""Property paths."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from local_engine import property_paths
from tests.local_engine import strategies

paths = st.lists(strategies.keys | st.integers(0, 9), min_size=1, max_size=4).filter(
    lambda parts: isinstance(parts[0], str)
)


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("label", ("label",)),
        ("tags.k", ("tags", "k")),
        ("items[1].name", ("items", 1, "name")),
        ('tags["x.y"]', ("tags", "x.y")),
        ("tags[*].name", ("tags", "*", "name")),
    ],
)
def test_paths_are_read(text: str, path: tuple[Any, ...]) -> None:
    """Keys, indexes, quoted keys and wildcards are told apart."""
    assert property_paths.parse(text) == path


@given(paths)
def test_written_paths_are_read_again(parts: list[Any]) -> None:
    """A path that is written and read is the same path."""
    assert property_paths.parse(property_paths.join(tuple(parts))) == tuple(parts)


def test_a_path_that_makes_no_sense_is_refused() -> None:
    """An open bracket is not a path."""
    with pytest.raises(ValueError, match="tags"):
        property_paths.parse("tags[")


def test_a_path_contains_what_lies_below() -> None:
    """`tags` contains `tags.k`, not the other way round; a wildcard contains every index."""
    assert property_paths.contains(("tags",), ("tags", "k"))
    assert not property_paths.contains(("tags", "k"), ("tags",))
    assert property_paths.contains(("items", "*"), ("items", 3, "name"))


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (("a",), {"a": 1, "b": {"c": 20}, "d": [{"e": 50}, {"e": 60}]}),
        (("b", "c"), {"a": 10, "b": {"c": 2}, "d": [{"e": 50}, {"e": 60}]}),
        (("d", "*", "e"), {"a": 10, "b": {"c": 20}, "d": [{"e": 5}, {"e": 6}]}),
        (("d", 1), {"a": 10, "b": {"c": 20}, "d": [{"e": 50}, {"e": 6}]}),
    ],
)
def test_what_a_path_names_is_reset(path: property_paths.Path, expected: dict[str, Any]) -> None:
    """Only the named place gets its old value."""
    old = {"a": 1, "b": {"c": 2}, "d": [{"e": 5}, {"e": 6}]}
    new = {"a": 10, "b": {"c": 20}, "d": [{"e": 50}, {"e": 60}]}
    assert property_paths.reset(path, old, new)
    assert new == expected


def test_a_key_that_was_not_there_is_removed() -> None:
    """Ignoring an added key takes it away again; a path into nothing does not fit."""
    new: dict[str, Any] = {"a": 1, "b": 2}
    assert property_paths.reset(("b",), {"a": 1}, new)
    assert new == {"a": 1}
    assert not property_paths.reset(("x", "y"), {}, new)
