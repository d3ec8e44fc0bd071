"""Changed properties on one line each: path: old → new."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing_cli.view.detailed import parse
from billing_cli.view.property_changes import property_changes, written
from billing_cli.view.step import Step
from billing_cli.view.values import UNKNOWN
from tests.billing_cli.engine_events import metadata, state, urn

PRICE = urn("Price", "team.monthly")
PRINTABLE = st.characters(categories=["L", "N", "P", "S"])
SECRET = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "ciphertext": "[secret]"}


def told(old: dict[str, Any], new: dict[str, Any], op: str = "update", **more: Any) -> list[str]:
    """The lines of a step from inputs to inputs."""
    return lines(Step(metadata(op, PRICE, old=state(old), new=state(new), **more)))


def lines(step: Step) -> list[str]:
    """The lines of a step."""
    return [f"{one.path}: {one.old} → {one.new}{' (replaces)' * one.replaces}" for one in property_changes(step)]


def detailed(**kinds: str) -> dict[str, Any]:
    """A provider's answer."""
    return {"detailedDiff": {path: {"diffKind": kind, "inputDiff": True} for path, kind in kinds.items()}}


def test_old_and_new() -> None:
    """As the program had and has them; what forces a replacement is marked."""
    answer = detailed(unit_amount="update-replace", nickname="update")
    assert told(
        {"unit_amount": 1200, "nickname": "a"}, {"unit_amount": 1400, "nickname": "b"}, "replace", **answer
    ) == [
        'nickname: "a" → "b"',
        "unit_amount: 1200 → 1400 (replaces)",
    ]


def test_tiers_are_told_one_by_one() -> None:
    """A change of one amount is one line, a new tier is told whole."""
    old = {"tiers": [{"up_to": 10, "unit_amount_decimal": "5"}]}
    new = {"tiers": [{"up_to": 10, "unit_amount_decimal": "4"}, {"up_to": "inf", "unit_amount_decimal": "3.5"}]}
    assert told(old, new, "replace", **detailed(tiers="update-replace")) == [
        'tiers[0].unit_amount_decimal: "5" → "4" (replaces)',
        'tiers[1]: none → {unit_amount_decimal: "3.5", up_to: "inf"} (replaces)',
    ]


def test_what_is_added_and_what_is_removed() -> None:
    """One side is none."""
    answer = {"a.b": {"diffKind": "add", "inputDiff": True}, "c": {"diffKind": "delete"}}
    old, new = {**state({"a": {"x": 1}}), "outputs": {"c": 3}}, state({"a": {"x": 1, "b": 2}})
    step = Step(metadata("update", PRICE, old=old, new=new, detailedDiff=answer))
    assert lines(step) == ["a.b: none → 2", "c: 3 → none"]


def test_without_details_the_inputs_are_compared() -> None:
    """Only where the provider says that there is something; the key that replaces is marked all the same."""
    old, new = {"size": {"w": 1, "h": 2}, "label": "a"}, {"size": {"w": 1, "h": 3}, "label": "b"}
    assert told(old, new, "replace", diffs=["size"], keys=["size"]) == ["size.h: 2 → 3 (replaces)"]
    assert told(old, new) == ['label: "a" → "b"', "size.h: 2 → 3"]


def test_secrets_and_unknowns() -> None:
    """A secret that changes is told as such, never what it is."""
    assert told({"key": SECRET, "id": "p_1"}, {"key": SECRET, "id": UNKNOWN}, diffs=["key", "id"]) == [
        'id: "p_1" → [unknown]',
        "key: [secret] → [secret]",
    ]


def test_a_step_that_changes_nothing_has_no_lines() -> None:
    """Neither has one that makes or removes."""
    assert told({"a": 1}, {"a": 2}, "same") == []
    assert lines(Step(metadata("create", PRICE, new=state({"a": 1})))) == []


def test_long_values_are_cut_where_they_differ() -> None:
    """The part that differs is always shown."""
    [line] = told({"text": "x" * 200 + "a"}, {"text": "x" * 200 + "b"})
    assert line.startswith("text: …xxx")
    assert 'a" → …xxx' in line
    assert line.endswith('b"')
    [line] = told({"text": "a"}, {"text": "a" + "y" * 200})
    assert line.endswith("y…")


@pytest.mark.parametrize("path", ["a.b[1].c", 'tags["x.y"][0]', "0", '["a\\"b"].c', "a"])
def test_paths_are_written_as_pulumi_writes_them(path: str) -> None:
    """What is read is written again."""
    assert written(parse(path)) == path


@given(st.text(alphabet=PRINTABLE), st.lists(st.text(alphabet=PRINTABLE) | st.integers(min_value=0)))
def test_any_path_can_be_told(first: str, rest: list[str | int]) -> None:
    """Two different paths are never told alike."""
    assert parse(written([first, *rest])) == [first, *rest]


@given(st.text())
def test_a_property_cannot_forge_a_line(name: str) -> None:
    """What cannot be seen in a name is written so that it can."""
    assert written([name]).isprintable()


@given(
    st.text(),
    st.recursive(st.none() | st.integers(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)),
)
def test_any_path_in_any_value(path: str, value: Any) -> None:
    """Whatever a host names, showing it never fails."""
    told({"a": value}, {"a": 1}, **detailed(**{path: "update"}))
