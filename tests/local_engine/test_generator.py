"""The options of resources, each with what it does to the steps."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

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


ALIASES = {
    "of another parent": (
        'pulumi.Alias(parent=Plan("old"))',
        'Thing("price", label="x", size=1, opts=RO(parent=Plan("old")))',
    ),
    "of no parent": ("pulumi.Alias(parent=None)", 'Thing("price", label="x", size=1)'),
    "of another name": ('pulumi.Alias(name="cost", parent=None)', 'Thing("cost", label="x", size=1)'),
    "of a URN": (
        '"urn:pulumi:dev::toy::pulumi-python:dynamic/billing:Thing::cost"',
        'Thing("cost", label="x", size=1)',
    ),
}


@pytest.mark.parametrize("former", ALIASES)
def test_an_alias_leads_to_where_a_resource_was(stage: Stage, former: str) -> None:
    """Whatever changed, name or parent, in either direction: the object is kept, and found under its new URN."""
    alias, before = ALIASES[former]
    plans = (
        "class Plan(pulumi.ComponentResource):\n    def __init__(self, name):\n"
        '        super().__init__("billing:index:Plan", name)\n'
    )
    stage.program(plans + before)
    stage.up()
    [identifier] = [found["id"] for name, found in stage.resources().items() if name in {"price", "cost"}]
    stage.program(plans + f'Thing("price", label="x", size=1, opts=RO(parent=Plan("new"), aliases=[{alias}]))')
    assert stage.up().exit_code == 0
    assert stage.calls("Create", "Delete") == []
    assert stage.resources()["price"]["id"] == identifier
    assert "Plan$pulumi-python" in stage.resources()["price"]["urn"]


def test_a_dependency_is_not_a_property_dependency(stage: Stage) -> None:
    """What is used in a property is named there, what is only waited for is not; both are dependencies."""
    stage.program(
        'a = Thing("a", label="1", size=1)\nb = Thing("b", label="1", size=1)\n'
        'Thing("c", label=a.id, size=1, opts=RO(depends_on=[b]))'
    )
    stage.up()
    found = stage.resources()
    assert sorted(found["c"]["dependencies"]) == [found["a"]["urn"], found["b"]["urn"]]  # the SDK sends a set
    assert found["c"]["propertyDependencies"] == {"__provider": [], "label": [found["a"]["urn"]], "size": []}


def test_children_take_their_options_from_their_parent(stage: Stage) -> None:
    """Protection and the provider of a component are its children's."""
    stage.program(
        'class P(pulumi.ProviderResource):\n    pass\np = P("pulumi-python", "account", {"mode": "m1"})\n'
        'c = pulumi.ComponentResource("billing:index:Plan", "c", {}, RO(protect=True, providers=[p]))\n'
        'Thing("a", label="x", size=1, opts=RO(parent=c))'
    )
    stage.up()
    found = stage.resources()["a"]
    assert found["protect"]
    assert found["provider"].split("::")[-2] == "account"


def test_what_is_deep_inside_is_secret_or_unknown_on_its_own(stage: Stage) -> None:
    """A secret in a list in an object is encrypted alone; an id not yet known is unknown at its place only."""
    stage.program(
        'a = Thing("a", label="1", size=1)\n'
        'Thing("b", label="1", size=1, deep={"list": [pulumi.Output.secret("hush"), a.id, "open"]})'
    )
    stage.preview()
    [asked] = [
        line["request"]
        for line in stage.lines()
        if line.get("method") == "Create" and line["at"] == "start" and line["request"]["name"] == "b"
    ]
    secret, unknown, plain = asked["properties"]["deep"]["list"]
    assert (secret["value"], unknown, plain) == ("hush", "04da6b54-80e4-46f7-96ec-b56ff0331ba9", "open")
    stage.up()
    kept = stage.resources()["b"]["inputs"]["deep"]["list"]
    assert ("ciphertext" in kept[0], kept[1:]) == (True, [stage.resources()["a"]["id"], "open"])
