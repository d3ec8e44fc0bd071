"""Runs that are about some resources only."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from local_engine import EngineError
from local_engine.targeting import Targeting
from tests.local_engine.test_deletion import graphs

if TYPE_CHECKING:
    from local_engine.state import ResourceState
    from tests.local_engine.stage import Stage

CHAIN = """
a = Thing("a", label="one", size=1)
b = Thing("b", label=a.label, size=1)
c = Thing("c", label="free", size=1)
"""
CHANGED = CHAIN.replace("one", "two").replace("free", "other")


def urn(stage: Stage, name: str) -> str:
    """Name a resource as the options do."""
    return f"urn:pulumi:dev::{stage.project.name}::pulumi-python:dynamic/billing:Thing::{name}"


@pytest.fixture
def chain(stage: Stage) -> Stage:
    """Return a stage with three resources, of which the second needs the first."""
    stage.program(CHAIN)
    assert stage.up().exit_code == 0
    stage.program(CHANGED)
    return stage


@given(graphs(), st.data())
def test_nothing_is_deleted_from_under_something_else(resources: list[ResourceState], data: st.DataObject) -> None:
    """With targets whoever needs a target goes as well; with excludes all that an excluded one needs stays."""
    if not resources:
        return
    chosen = tuple(state.urn for state in data.draw(st.lists(st.sampled_from(resources), min_size=1)))
    for targeting in (Targeting(targets=chosen), Targeting(excludes=chosen)):
        going = targeting.deletable(resources)
        assert all(state.urn in going for state in resources if going & set(state.links()))


@pytest.mark.parametrize(
    ("pattern", "matches"), [("**", True), ("**::a", True), ("*::a", False), ("urn:pulumi:dev::*::*:*::a", False)]
)
def test_patterns_are_those_of_the_cli(chain: Stage, pattern: str, *, matches: bool) -> None:
    """Two stars stand for anything, one for anything without a colon."""
    assert ("update" in chain.preview(targets=[pattern]).changes) is matches


def test_what_is_not_meant_stays_as_it_is(chain: Stage) -> None:
    """Only the target is changed; the state of the others is what it was, and the next run changes the rest."""
    assert chain.up(targets=[urn(chain, "a")]).changes == {"same": 3, "update": 1}
    assert [chain.resources()[name]["inputs"]["label"] for name in "abc"] == ["two", "one", "free"]
    assert chain.up().changes == {"same": 2, "update": 2}


def test_what_a_resource_left_alone_needs_stays_before_it(chain: Stage) -> None:
    """When the program has dropped what an untouched resource still needs, both stay, in a valid order."""
    chain.program('Thing("b", label="x", size=1)\nThing("c", label="other", size=1)')
    assert chain.up(targets=[urn(chain, "c")]).exit_code == 0
    assert {"a", "b", "c"} <= set(chain.resources())
    assert chain.preview().exit_code == 0  # a state whose order does not hold is refused


def test_a_target_cannot_need_what_is_not_there(chain: Stage) -> None:
    """A target whose dependency was not asked for is refused by name, and nothing is made."""
    chain.program('n = Thing("n", label="x", size=1)\nThing("m", label=n.label, size=1)')
    result = chain.up(targets=[urn(chain, "m")])
    assert f"depends on '{urn(chain, 'n')}' which was was not specified in --target list" in chain.errors(result)[0]
    assert chain.calls("Create") == []


def test_destroying_a_target_takes_its_dependents_when_told(chain: Stage) -> None:
    """Without the option the dependent is named and nothing goes; with it both go, and the rest stays."""
    refused = chain.destroy(targets=[urn(chain, "a")])
    assert "but was not specified in --target list" in chain.errors(refused)[0]
    assert chain.calls("Delete") == []
    assert chain.destroy(targets=[urn(chain, "a")], target_dependents=True).changes == {"delete": 2}
    assert set(chain.resources()) == {"toy-dev", "default", "c"}


def test_excluding_keeps_what_is_needed(chain: Stage) -> None:
    """A destroy that excludes one resource keeps that one and all it needs."""
    assert chain.destroy(excludes=[urn(chain, "b")]).changes == {"delete": 1}
    assert {"a", "b"} <= set(chain.resources())


def test_a_refresh_can_look_at_one(chain: Stage) -> None:
    """Only the target is read."""
    chain.refresh(targets=[urn(chain, "c")])
    assert chain.calls("Read") == [("Read", "c")]


def test_a_replacement_can_be_forced(chain: Stage) -> None:
    """The resource is made anew and the old one deleted, although nothing about it has changed."""
    chain.program(CHAIN)
    assert chain.up(replaces=[urn(chain, "c")]).changes == {"same": 3, "replace": 1}
    assert chain.calls("Create", "Delete") == [("Create", "c"), ("Delete", "c")]


def test_targets_and_excludes_exclude_each_other(chain: Stage) -> None:
    """Asking for both is refused before anything starts."""
    with pytest.raises(EngineError, match="cannot specify both"):
        chain.up(targets=["**"], excludes=["**"])
    assert chain.lines() == []


def test_a_refresh_comes_first_when_asked(chain: Stage) -> None:
    """What has drifted is put right, and what is gone is made again, in one operation."""
    chain.program(CHAIN)
    chain.behave(read={"a": {"in": {"label": "x"}, "out": {"label": "x"}}, "c": {"gone": True}})
    assert chain.up(refresh=True).changes == {"same": 2, "update": 1, "create": 1}
    chain.behave(read={"c": {"error": {"msg": "no answer"}}})
    assert chain.up(refresh=True).exit_code == 1
    assert chain.calls("Check") == []


def test_carrying_on_leaves_out_what_needs_the_failed(chain: Stage) -> None:
    """After a failure everything else is done, and nothing that the failed resource still needs is deleted."""
    chain.program(
        'a = Thing("a", label="two", size=1)\nThing("c", label="other", size=1)\nThing("d", label="x", size=1)'
    )
    chain.behave(fail_update={"c": {"msg": "no"}})
    result = chain.up(continue_on_error=True)
    assert result.exit_code == 1
    assert {"a", "c", "d"} <= set(chain.resources())
    assert "b" not in chain.resources()


def test_pending_creates_are_forgotten_when_told(chain: Stage) -> None:
    """A refresh keeps an interrupted create in mind, unless it is told to clear it."""
    document = chain.state_file.read_text()
    pending = {"type": "creating", "resource": {"urn": urn(chain, "x"), "custom": True, "type": "t"}}
    whole = json.loads(document)
    whole["checkpoint"]["latest"]["pending_operations"] = [pending]
    chain.state_file.write_text(json.dumps(whole))
    chain.refresh()
    assert len(chain.state()["pending_operations"]) == 1
    chain.refresh(clear_pending_creates=True)
    assert "pending_operations" not in chain.state()


@pytest.mark.parametrize("option", ["targets", "replaces"])
def test_an_update_of_what_nobody_knows_fails(chain: Stage, option: str) -> None:
    """A URN that is neither in the program nor in the state is an error in the CLI's words, and nothing goes."""
    chain.program("")
    result = chain.up(**{option: [urn(chain, "typo")]})
    told = f"Target '{urn(chain, 'typo')}' could not be found in the stack. Did you forget to escape $ in your shell?"
    assert (result.exit_code, chain.errors(result)) == (1, [f"error: {told}"])
    assert chain.calls("Delete") == []


def test_a_target_may_be_new_or_about_to_go(chain: Stage) -> None:
    """What only the program has, and what only the state has, can be asked for."""
    chain.program(CHAIN.replace('c = Thing("c"', 'd = Thing("d"'))
    assert chain.up(targets=[urn(chain, "c"), urn(chain, "d")]).changes["delete"] == 1
    assert {"a", "b", "d"} <= set(chain.resources())


@pytest.mark.parametrize("verb", ["refresh", "destroy"])
def test_nothing_starts_for_what_is_not_in_the_state(chain: Stage, verb: str) -> None:
    """Refresh and destroy name every URN that the state does not have, and ask nobody anything."""
    with pytest.raises(EngineError) as raised:
        getattr(chain, verb)(targets=[urn(chain, "x"), urn(chain, "a"), urn(chain, "y")])
    assert str(raised.value) == "\n".join(f"no resource named '{urn(chain, name)}' found" for name in "xy")
    assert chain.lines() == []
