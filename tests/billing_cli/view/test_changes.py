"""What differs between two values."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from billing_cli.view.changes import Changes, compare, compare_objects

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)


@given(JSON)
def test_nothing_differs_from_itself(value: Any) -> None:
    """An unchanged resource shows no change."""
    assert compare(value, value) is None


@given(JSON, JSON)
def test_what_differs_one_way_differs_the_other(old: Any, new: Any) -> None:
    """Whatever is added one way is deleted the other."""
    there, back = compare(old, new), compare(new, old)
    assert (there is None) is (back is None)
    if there is not None and back is not None and there.inner is not None and back.inner is not None:
        assert there.inner.added == back.inner.deleted


def test_where_it_differs() -> None:
    """Inside objects and lists the place is told."""
    changes = compare_objects({"a": [1, {"b": 2}], "gone": 1, "c": 3}, {"a": [1, {"b": 5}, 9], "new": 1, "c": 3})
    inner = changes.updated["a"].inner
    assert (changes.added, changes.deleted, changes.same) == ({"new": 1}, {"gone": 1}, {"c": 3})
    assert inner is not None
    assert (inner.added, list(inner.updated), inner.same) == ({2: 9}, [1], {0: 1})


def test_pulumis_own_properties_are_left_out() -> None:
    """The pickled provider is in every resource, and of no interest."""
    assert not compare_objects({"__provider": "a"}, {"__provider": "b"})


def test_yes_is_not_one() -> None:
    """1 and true are different, 1 and 1.0 are the same."""
    assert compare(1, True) is not None
    assert compare(1, 1.0) is None


def test_only_some_properties() -> None:
    """Those that the provider names."""
    changes = Changes(added={"a": 1}, updated={}, deleted={"b": 2})
    assert changes.only(["b"]) == Changes(deleted={"b": 2})
