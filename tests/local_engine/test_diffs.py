"""Differences: the provider's, and the engine's own."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given

from local_engine import structural_diff
from local_engine.diffs import Diff, invert, raise_to_replacement, reset_ignored, settle
from local_engine.values import Secret
from tests.local_engine import strategies


@given(strategies.known_properties)
def test_nothing_differs_from_itself(properties: dict[str, Any]) -> None:
    """Equal inputs have no difference."""
    assert structural_diff.compare(properties, properties) == ([], {})


@given(strategies.known_properties, strategies.known_properties)
def test_differences_name_the_keys_that_differ(old: dict[str, Any], new: dict[str, Any]) -> None:
    """Every key that is only on one side is named, and every named key differs."""
    keys, detailed = structural_diff.compare(old, new)
    assert set(keys) >= set(old) ^ set(new)
    assert bool(keys) == bool(detailed)


def test_paths_say_where_and_how() -> None:
    """Nested changes are named by their path, with the kind of the change."""
    old = {"label": "one", "tags": {"k": "v", "n": {"x": 1}}, "items": ["p", "q"]}
    new = {"label": "one", "tags": {"k": "w", "z": 1, "n": {}}, "items": ["p", "r", "s"]}
    keys, detailed = structural_diff.compare(old, new)
    kinds = {path: detail["kind"] for path, detail in detailed.items()}
    assert keys == ["items", "tags"]
    assert kinds == {"items[1]": "update", "items[2]": "add", "tags.k": "update", "tags.n.x": "delete", "tags.z": "add"}


def test_true_is_not_one() -> None:
    """A boolean differs from a number that Python takes for equal; a secret does not differ from its value."""
    assert structural_diff.compare({"a": True, "b": Secret("x")}, {"a": 1, "b": "x"})[0] == ["a"]


def test_only_an_unknown_difference_is_looked_for() -> None:
    """What a provider says stands; what it does not know is compared, and never replaces."""
    assert settle(Diff("none", replaces=["a"]), {"a": 1}, {"a": 2}).changes == "none"
    found = settle(Diff("unknown"), {"a": 1}, {"a": 2})
    assert (found.changes, found.keys, found.wants_replacement) == ("some", ["a"], False)
    assert settle(Diff("unknown"), {"a": 1}, {"a": 2}, ["a"]).changes == "none"


@pytest.mark.parametrize("detailed", [None, {"a.b": {"kind": "update", "inputDiff": True}}])
def test_named_changes_become_replacements(detailed: dict[str, Any] | None) -> None:
    """replace_on_changes raises the kind of a change and names its key as the reason."""
    raised = raise_to_replacement(Diff("some", keys=["a"], detailed=detailed), ["a"])
    assert raised.wants_replacement
    assert raised.replaces == ["a"]
    assert raise_to_replacement(Diff("some", keys=["a"], detailed=detailed), ["c"]).replaces == []


def test_ignored_paths_keep_their_old_value() -> None:
    """The inputs themselves are left alone; a path that cannot be read ignores nothing."""
    inputs = {"a": {"b": 2}, "c": 3}
    assert reset_ignored(inputs, {"a": {"b": 1}, "c": 0}, ["a.b", "c["]) == {"a": {"b": 1}, "c": 3}
    assert inputs == {"a": {"b": 2}, "c": 3}


def test_a_turned_difference_turned_again_is_itself() -> None:
    """What was added is deleted the other way round."""
    diff = Diff("some", detailed={"a": {"kind": "add"}, "b": {"kind": "delete-replace"}, "c": {"kind": "update"}})
    turned = invert(diff)
    assert [detail["kind"] for detail in (turned.detailed or {}).values()] == ["delete", "add-replace", "update"]
    assert invert(turned) == diff
    assert invert(Diff()) == Diff()
