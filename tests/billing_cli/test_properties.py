"""Properties in words: paths, values, secrets, what is not known yet."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing_cli.properties import SECRET, UNKNOWN, at, changes, declared, worded
from tests.billing_cli.engine_events import metadata, state, urn

PRICE = urn("Price", "team.monthly")


def change(path: str, old: Any, new: Any, **how: Any) -> str:
    """One change, as people read it."""
    told = metadata(
        "update", PRICE, old=old, new=new, detailedDiff={path: {"kind": "update", "inputDiff": True, **how}}
    )
    [found] = changes(told)
    return f"{found.path}: {found.old} → {found.new}"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1200, "1200"),
        (True, "true"),
        ("Team", '"Team"'),
        ("Grüße\n", '"Grüße\\n"'),
        ({"a": [1, "inf"]}, '{"a": [1, "inf"]}'),
        (UNKNOWN, "(known after up)"),
        ({"meter": UNKNOWN}, '{"meter": (known after up)}'),
        ("[secret]", "[secret]"),
        ({SECRET: "1b47061264138c4ac30d75fd1eb44270", "value": "whsec_1"}, "[secret]"),
        ([{"deep": {SECRET: "1b47061264138c4ac30d75fd1eb44270", "ciphertext": "v1:x"}}], '[{"deep": [secret]}]'),
    ],
)
def test_a_value_in_words(value: Any, text: str) -> None:
    """JSON, with secrets masked at any depth."""
    assert worded(value) == text


DOCUMENT = {"a": {"b": [{"c": 1}, {"c": 2}]}, "tags": {"x.y": 3, 'q"q': 4}, "0": 5}


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("a.b[1].c", 2),
        ("a.b[7].c", None),
        ('tags["x.y"]', 3),
        ("a.b", [{"c": 1}, {"c": 2}]),
        ("a.z.c", None),
        ("a.b.c", None),
        ("0", 5),
    ],
)
def test_a_value_at_a_path(path: str, value: Any) -> None:
    """Pulumi's property paths; where there is nothing, nothing is found."""
    assert at(DOCUMENT, path) == value


@given(
    st.text(),
    st.recursive(st.none() | st.integers(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)),
)
def test_any_path_in_any_value(path: str, value: Any) -> None:
    """Whatever a host names, showing it never fails."""
    at(value, path)


def test_a_change_is_read_from_the_inputs() -> None:
    """Old and new as the program had and has them."""
    old, new = state({"limits": {"seats": {"included": 5}}}), state({"limits": {"seats": {"included": 6}}})
    assert change("limits.seats.included", old, new) == "limits.seats.included: 5 → 6"


def test_drift_is_read_from_the_outputs() -> None:
    """Where the host says that the inputs are equal, the old value is what Stripe had."""
    old = {**state({"active": True}), "outputs": {"active": False}}
    assert change("active", old, state({"active": True}), inputDiff=False) == "active: false → true"


def test_what_is_removed_and_what_is_added() -> None:
    """One side is none; the CLI's spelling of the kind is understood as well as the local engine's."""
    assert change("nickname", state({"nickname": "a"}), state({}), kind="delete") == 'nickname: "a" → none'
    assert change("nickname", state({}), state({"nickname": "a"}), diffKind="add") == 'nickname: none → "a"'


def test_what_forces_a_replacement() -> None:
    """Is known from the kind of the change."""
    detailed = {"b": {"diffKind": "update-replace"}, "a": {"kind": "update"}}
    found = changes(metadata("replace", PRICE, detailedDiff=detailed))
    assert [(one.path, one.replaces) for one in found] == [("a", False), ("b", True)]


def test_a_step_without_details() -> None:
    """Shows nothing."""
    assert changes(metadata("update", PRICE)) == []


def test_what_is_declared_of_one_that_goes() -> None:
    """Its old inputs, in order of their names."""
    gone = metadata("delete", PRICE, old=state({"b": 1, "a": "x", "_stack": "s"}), new=None)
    assert declared(gone) == [("a", '"x"'), ("b", "1")]
