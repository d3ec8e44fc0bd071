"""Decisions about one resource."""

from __future__ import annotations

from dataclasses import replace

import pytest

from local_engine import plan
from local_engine.diffs import Diff
from local_engine.goal import Goal
from local_engine.state import ResourceState
from local_engine.values import UNKNOWN

NONE, SOME = Diff("none"), Diff("some", keys=["label"])
REPLACE = Diff("some", replaces=["size"])
FIRST = Diff("some", replaces=["size"], delete_before_replace=True)


def _state(**facts: object) -> ResourceState:
    return ResourceState("urn:pulumi:d::p::k::x", "k", custom=True).copied(**facts)


@pytest.mark.parametrize(
    ("diff", "delete_first", "action"),
    [
        (NONE, None, "same"),
        (Diff("none", replaces=["size"]), None, "same"),
        (SOME, None, "update"),
        (Diff("some", detailed={"a": {"kind": "update-replace"}}), None, "create-before-delete"),
        (REPLACE, None, "create-before-delete"),
        (REPLACE, True, "delete-before-create"),
        (FIRST, None, "delete-before-create"),
        (FIRST, False, "create-before-delete"),
    ],
)
def test_the_provider_says_what_and_the_program_in_which_order(
    diff: Diff, delete_first: bool | None, action: plan.Action
) -> None:
    """No difference wins over reasons to replace; the program's order wins over the provider's."""
    assert plan.decide(_state(), diff, delete_first=delete_first) == action


@pytest.mark.parametrize(
    ("old", "wanted"),
    [
        (None, True),
        (_state(id="th_live"), False),
        (_state(id="th_now", import_id="th_live"), False),
        (_state(id="th_live", import_id="th_other"), True),
        (_state(id="th_live", external=True), True),
    ],
)
def test_what_is_imported(old: ResourceState | None, wanted: bool) -> None:
    """What is not there, what came from another id, and what was only looked up; never without the option."""
    goal = Goal("k", "x", custom=True, import_id="th_live")
    assert plan.is_import(goal, old) is wanted
    assert not plan.is_import(replace(goal, import_id=""), old)
    assert not plan.is_import(replace(goal, custom=False), old)


def test_an_import_in_the_place_of_another() -> None:
    """The new one is taken over first, and the old one is marked for the end."""
    taken, told = plan.import_(_state(id="1"), _state())
    assert (taken.op, taken.deletes_old_later, told.op) == ("import-replacement", True, "replace")
    assert [step.op for step in plan.import_(None, _state())] == ["import"]


def test_after_an_import_only_differences_are_left() -> None:
    """A resource that is as the program wants it needs no further step."""
    assert plan.after_import(plan.same(_state(), _state())) == []
    assert [step.op for step in plan.after_import(plan.update(_state(), _state(), SOME, []))] == ["update"]


def test_what_did_not_come_to_its_end_is_tried_again() -> None:
    """Without a difference, init errors are reason enough to update, and a deletion is one to make the replacement."""
    assert plan.decide(_state(init_errors=["not ready"]), NONE, delete_first=None) == "update"
    assert plan.decide(_state(pending_replacement=True), NONE, delete_first=None) == "delete-before-create"


def test_a_replacement_is_made_before_it_is_told_of() -> None:
    """Create first: the new resource, then the logical step; the old one is left for the end."""
    steps = plan.create_before_delete(_state(), _state(), REPLACE)
    assert [step.op for step in steps] == ["create-replacement", "replace"]
    assert steps[0].deletes_old_later
    assert steps[1].replace_keys == ["size"]


def test_dependents_go_first_and_backwards() -> None:
    """Delete first: dependents from the last to the first, then the resource, then the new one."""
    old, first, second = _state(id="old"), _state(id="first"), _state(id="second")
    steps = plan.delete_before_create(old, _state(), FIRST, [first, second])
    assert [(step.op, step.old.id) for step in steps if step.old] == [
        ("delete-replaced", "second"),
        ("delete-replaced", "first"),
        ("delete-replaced", "old"),
        ("replace", "old"),
        ("create-replacement", "old"),
    ]


def test_what_was_deleted_already_is_not_deleted_again() -> None:
    """A resource that is pending replacement is only made."""
    steps = plan.delete_before_create(_state(pending_replacement=True), _state(), FIRST, [])
    assert [step.op for step in steps] == ["replace", "create-replacement"]


@pytest.mark.parametrize(
    ("facts", "seen", "op"),
    [
        ({}, True, None),
        ({}, False, "delete"),
        ({"delete": True}, True, "delete-replaced"),
        ({"external": True}, False, "discard"),
        ({"external": True, "delete": True}, True, "discard-replaced"),
        ({"pending_replacement": True}, False, "remove-pending-replace"),
    ],
)
def test_what_becomes_of_a_resource_at_the_end(facts: dict[str, bool], seen: bool, op: str | None) -> None:
    """What the program no longer names goes, and what waits for deletion goes in any case."""
    step = plan.final_step(_state(**facts), seen=seen)
    assert (step.op if step else None) == op


def test_only_properties_that_depend_on_what_goes_become_unknown() -> None:
    """A dependency without a property is nothing the provider need be asked about."""
    state = _state(inputs={"a": 1, "b": 2}, property_dependencies={"a": ["urn:x"], "b": []})
    assert plan.with_unknown_dependencies(state, {"urn:x"}) == {"a": UNKNOWN, "b": 2}
    assert plan.with_unknown_dependencies(state, {"urn:y"}) is None
