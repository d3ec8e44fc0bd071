"""The order of deletions."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from local_engine import deletion
from local_engine.state import ResourceState


def _urn(number: int) -> str:
    return f"urn:pulumi:d::p::k::{number}"


@st.composite
def graphs(draw: st.DrawFn) -> list[ResourceState]:
    """Draw resources that need some of those before them."""
    found = []
    for number in range(draw(st.integers(0, 12))):
        before = st.lists(st.sampled_from(range(number)), max_size=3) if number else st.just([])
        parent = draw(st.none() | st.sampled_from(range(number))) if number else None
        state = ResourceState(_urn(number), "k", custom=True, dependencies=[_urn(n) for n in draw(before)])
        state.parent = "" if parent is None else _urn(parent)
        found.append(state)
    return found


@given(graphs())
def test_everything_goes_before_what_it_needs(resources: list[ResourceState]) -> None:
    """Each resource is in a wave before the waves of everything it needs, and in exactly one."""
    waves = deletion.waves(resources, resources)
    place = {state.urn: index for index, wave in enumerate(waves) for state in wave}
    assert sum(map(len, waves)) == len(resources)
    assert all(place[state.urn] < place[needed] for state in resources for needed in state.links())


@given(graphs())
def test_waves_are_as_few_as_can_be(resources: list[ResourceState]) -> None:
    """The level of a resource is its distance from those that need nothing, so the last wave is all of these."""
    waves = deletion.waves(resources, resources)
    free = [state for state in resources if not list(state.links())]
    assert not resources or waves[-1] == free


@given(graphs(), st.data())
def test_dependents_are_found_in_order(resources: list[ResourceState], data: st.DataObject) -> None:
    """Whoever depends on a resource, directly or through others, is found after it; a child alone is not."""
    if not resources:
        return
    root = data.draw(st.sampled_from(resources))
    names = {root.urn}
    expected = []
    for state in resources[resources.index(root) + 1 :]:
        if names & set(state.dependencies):
            names.add(state.urn)
            expected.append(state)
    assert deletion.dependents_of(root, resources, set()) == expected


def test_whoever_needs_a_component_needs_its_children() -> None:
    """A resource that depends on a component goes before the component's children."""
    component = ResourceState(_urn(1), "c")
    child = ResourceState(_urn(2), "k", custom=True, parent=_urn(1))
    user = ResourceState(_urn(3), "k", custom=True, dependencies=[_urn(1)])
    resources = [component, child, user]
    assert deletion.waves(resources, resources) == [[user], [child], [component]]


def test_everything_needed_is_found_through_others() -> None:
    """What a resource needs, and what that needs, must stay while it stays."""
    first, second, third = (ResourceState(_urn(n), "k", dependencies=[_urn(n - 1)] if n else []) for n in range(3))
    needs = deletion.dependencies_of([first, second, third])
    assert deletion.everything_needed_by([third], needs) == {first, second}
