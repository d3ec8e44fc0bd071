"""The options of resources, each with what it does to the steps."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.local_engine.stage import Stage

COMPONENT = """
class Plan(pulumi.ComponentResource):
    def __init__(self, name, **opts):
        super().__init__("billing:index:Plan", name, {{}}, RO(**opts))
        Thing(f"{{name}}-price", label="x", size=1, opts=RO(parent=self))
{}
"""


def test_a_renamed_resource_is_the_same(stage: Stage) -> None:
    """An alias by name finds the old resource: nothing is made, nothing deleted, dependents follow."""
    stage.program('a = Thing("a", label="1", size=1)\nThing("b", label=a.id, size=1)')
    stage.up()
    stage.program(
        'a = Thing("z", label="1", size=1, opts=RO(aliases=[pulumi.Alias(name="a")]))\nThing("b", label=a.id, size=1)'
    )
    assert stage.up().changes == {"same": 3}
    assert stage.resources()["b"]["dependencies"] == [stage.resources()["z"]["urn"]]


def test_a_renamed_component_takes_its_children_along(stage: Stage) -> None:
    """Children inherit their parent's alias, also when they are named after it."""
    stage.program(COMPONENT.format('Plan("team")'))
    stage.up()
    identifier = stage.resources()["team-price"]["id"]
    stage.program(COMPONENT.format('Plan("crew", aliases=[pulumi.Alias(name="team")])'))
    assert stage.up().changes == {"same": 3}
    assert stage.resources()["crew-price"]["id"] == identifier


def test_an_alias_can_be_a_urn(stage: Stage) -> None:
    """A former URN, with another type or parent, finds the old resource."""
    stage.program(COMPONENT.format('Plan("team")'))
    stage.up()
    former = stage.resources()["team-price"]["urn"]
    stage.program(f'Thing("price", label="x", size=1, opts=RO(aliases=["{former}"]))')
    assert stage.up().changes == {"same": 2, "delete": 1}


def test_two_resources_cannot_have_been_one(stage: Stage) -> None:
    """The second one that claims a former name is refused."""
    stage.program('Thing("a", label="1", size=1)')
    stage.up()
    claim = 'Thing("{}", label="1", size=1, opts=RO(aliases=[pulumi.Alias(name="a")]))\n'
    stage.program(claim.format("x") + claim.format("y"))
    assert any("Duplicate resource alias" in message for message in stage.errors(stage.up()))
    assert "a" in stage.resources() or "x" in stage.resources() or "y" in stage.resources()


def test_a_resource_given_away_is_marked_for_deletion(stage: Stage) -> None:
    """A managed resource that becomes a look-up of another object is deleted, and the look-up stays external."""
    stage.program('Thing("a", label="1", size=1)')
    stage.up()
    stage.program('Thing("a", label=None, size=None, opts=RO(id="th_live"))')
    assert stage.up().changes["replace"] == 1
    assert stage.resources()["a"]["external"]
    assert ("Delete", "a") in stage.calls()


def test_a_look_up_becomes_managed(stage: Stage) -> None:
    """A resource that was only read is created, and the object that was read is never deleted."""
    stage.program('Thing("a", label=None, size=None, opts=RO(id="th_live"))')
    stage.up()
    stage.program('Thing("a", label="1", size=1)')
    assert stage.up().exit_code == 0
    assert stage.resources()["a"]["id"] != "th_live"
    assert ("Delete", "a") not in stage.calls()


def test_a_protected_dependent_stops_a_replacement(stage: Stage) -> None:
    """A resource that would be replaced together with another is refused when it is protected; nothing is deleted."""
    program = (
        'a = Thing("a", label="1", size={}, opts=RO(delete_before_replace=True))\n'
        'Thing("b", label="x", size=a.size, opts=RO(protect=True))\n'
    )
    stage.program(program.format(1))
    stage.up()
    stage.program(program.format(2))
    assert any('as part of replacing "urn' in message for message in stage.errors(stage.up()))
    assert stage.calls("Delete") == []


def test_dependents_are_replaced_along_the_chain(stage: Stage) -> None:
    """Delete first: the chain goes from its end, and comes back from its start."""
    program = (
        'a = Thing("a", label="1", size={}, opts=RO(delete_before_replace=True))\n'
        'b = Thing("b", label="x", size=a.size)\nThing("c", label="x", size=b.size)\n'
    )
    stage.program(program.format(1))
    stage.up()
    stage.program(program.format(2))
    assert stage.up().changes == {"replace": 3, "same": 1}
    assert stage.calls("Delete", "Create") == [
        ("Delete", "c"),
        ("Delete", "b"),
        ("Delete", "a"),
        ("Create", "a"),
        ("Create", "b"),
        ("Create", "c"),
    ]


def test_a_dependent_that_does_not_come_back_is_forgotten(stage: Stage) -> None:
    """What was deleted for a replacement that the program no longer wants leaves the state."""
    program = 'a = Thing("a", label="1", size={}, opts=RO(delete_before_replace=True))\n'
    stage.program(program.format(1) + 'Thing("b", label="x", size=a.size)\n')
    stage.up()
    stage.program(program.format(2))
    assert stage.up().exit_code == 0
    assert set(stage.resources()) == {"toy-dev", "default", "a"}
    assert len([call for call in stage.calls("Delete") if call[1] == "b"]) == 1


def test_secret_outputs_by_option(stage: Stage) -> None:
    """An output that the program calls secret is encrypted, and stays so in the next run."""
    stage.program('a = Thing("a", label="hush", size=1, opts=RO(additional_secret_outputs=["label"]))')
    stage.up()
    assert "ciphertext" in stage.resources()["a"]["outputs"]["label"]
    assert stage.up().changes == {"same": 2}
    assert "ciphertext" in stage.resources()["a"]["outputs"]["label"]


def test_timeouts_are_seconds(stage: Stage) -> None:
    """Durations are read as Go writes them, and reach the host and the state."""
    timeouts = "pulumi.CustomTimeouts(create='1h2m3s', update='90s', delete='1.5s')"
    stage.program(f'Thing("a", label="1", size=1, opts=RO(custom_timeouts={timeouts}))')
    stage.up()
    assert stage.resources()["a"]["customTimeouts"] == {"create": 3723, "update": 90, "delete": 1.5}
    assert next(line for line in stage.lines() if line.get("method") == "Create")["request"]["timeout"] == 3723
