"""What is to be imported: names, parents, order, and what is wrong with it."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from local_engine import EngineError, ImportSpec
from local_engine.import_plan import in_waves, planned
from local_engine.state import ResourceState

THING = "pulumi-python:dynamic/billing:Thing"
STACK = "urn:pulumi:dev::toy::pulumi:pulumi:Stack::toy-dev"


@st.composite
def _families(draw: st.DrawFn) -> list[ImportSpec]:
    """Imports, each below the stack or below an earlier one, in any order."""
    count = draw(st.integers(0, 12))
    parents = [draw(st.one_of(st.none(), st.integers(0, number - 1))) if number else None for number in range(count)]
    specs = [
        ImportSpec(THING, f"n{number}", f"id{number}", None if parent is None else f"n{parent}")
        for number, parent in enumerate(parents)
    ]
    return draw(st.permutations(specs))


def _refused(*specs: ImportSpec) -> list[str]:
    with pytest.raises(EngineError) as caught:
        planned(specs, "dev", "toy")
    return str(caught.value).splitlines()


@given(_families())
def test_each_comes_once_and_after_its_parent(specs: list[ImportSpec]) -> None:
    """Nothing is left out or done twice, and a parent is there before its children begin."""
    items = planned(specs, "dev", "toy")
    done = {STACK}
    for wave in in_waves(items):
        assert wave
        assert all(item.parent in done for item in wave)
        done |= {item.urn for item in wave}
    assert len(done) == len(specs) + 1


def test_parents_are_part_of_the_name() -> None:
    """A parent is the stack, a URN, or another import; its type is in the URN of the child."""
    mother = f"urn:pulumi:dev::toy::{THING}::mother"
    specs = [
        ImportSpec(THING, "kid", "1", "mother"),
        ImportSpec(THING, "mother", "2"),
        ImportSpec(THING, "x", "3", STACK),
    ]
    assert [(item.urn, item.parent) for item in planned(specs, "dev", "toy")] == [
        (f"urn:pulumi:dev::toy::{THING}${THING}::kid", mother),
        (mother, STACK),
        (f"urn:pulumi:dev::toy::{THING}::x", STACK),
    ]


def test_every_gap_is_told_at_once() -> None:
    """A missing type, name and id of any import, and a type that is none, are all in one answer."""
    assert _refused(ImportSpec("", "", ""), ImportSpec("Price", "p", "1"), ImportSpec(THING, "x", "")) == [
        "resource '0' has no type.",
        "resource '0' has no name.",
        "resource '0' has no ID.",
        'import type "Price" is not a valid resource type token; type tokens have the form <package>:<module>:<type>.',
        "resource 'x' has no ID.",
    ]


def test_other_packages_are_for_the_cli() -> None:
    """What no dynamic provider in Python serves is refused by its name."""
    [said] = _refused(ImportSpec("aws:s3/bucket:Bucket", "b", "1"))
    assert re.search("aws:s3/bucket:Bucket.*Pulumi CLI", said)


def test_a_name_is_given_once() -> None:
    """Two imports of one type and name under one parent are refused; under another parent the name is another."""
    [said] = _refused(ImportSpec(THING, "x", "1"), ImportSpec(THING, "x", "2"))
    assert said == f"resource 'x' of type '{THING}' is imported 2 times; give each import a name of its own."
    assert len(planned([ImportSpec(THING, "x", "1"), ImportSpec(f"{THING}s", "x", "2")], "dev", "toy")) == 2


@pytest.mark.parametrize(
    ("specs", "says"),
    [
        ([ImportSpec(THING, "x", "1", "nobody")], "neither a URN nor the name of another import"),
        ([ImportSpec(THING, "x", "1", "x")], "has itself above it"),
        ([ImportSpec(THING, "x", "1", "y"), ImportSpec(THING, "y", "2", "x")], "has itself above it"),
        (
            [ImportSpec(THING, "x", "1", "y"), ImportSpec(THING, "y", "2"), ImportSpec(f"{THING}s", "y", "3")],
            "could be any of 2 imports",
        ),
    ],
)
def test_a_parent_that_is_not_to_be_found(specs: list[ImportSpec], says: str) -> None:
    """Unknown, ambiguous and circular parents are refused before anything is read."""
    assert any(says in line for line in _refused(*specs))


def test_what_is_there_already_is_done() -> None:
    """The id it came with counts; where it did not come by import, the id it has."""
    [item] = planned([ImportSpec(THING, "x", "1")], "dev", "toy")
    state = ResourceState(item.urn, THING, custom=True, id="1")
    assert not item.is_done({})
    assert item.is_done({item.urn: state})
    assert not item.is_done({item.urn: state.copied(id="2")})
    assert item.is_done({item.urn: state.copied(id="2", import_id="1")})
