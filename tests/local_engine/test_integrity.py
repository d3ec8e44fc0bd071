"""What must hold of a list of resources."""

from __future__ import annotations

from local_engine import integrity
from local_engine.state import ResourceState

A, B, PROVIDER = "urn:pulumi:d::p::k::a", "urn:pulumi:d::p::k::b", "urn:pulumi:d::p::pulumi:providers:x::default"


def test_a_good_order_has_no_problems() -> None:
    """A provider, a resource, the resource it replaces, and a dependent are fine."""
    provider = ResourceState(PROVIDER, "pulumi:providers:x", custom=True, id="1")
    new = ResourceState(A, "k", custom=True, provider=f"{PROVIDER}::1")
    old = ResourceState(A, "k", custom=True, delete=True)
    dependent = ResourceState(B, "k", parent=A, dependencies=[A], property_dependencies={"x": [A]})
    assert list(integrity.problems([provider, new, old, dependent])) == []


def test_every_link_must_lead_to_something_before() -> None:
    """A missing provider, parent or dependency is a problem each."""
    lost = ResourceState(B, "k", parent=A, provider=f"{PROVIDER}::1", property_dependencies={"x": [A]})
    found = list(integrity.problems([lost]))
    assert len(found) == 3
    assert any("unknown provider" in problem for problem in found)


def test_a_provider_with_another_id_is_another_provider() -> None:
    """The reference holds the id."""
    provider = ResourceState(PROVIDER, "pulumi:providers:x", custom=True, id="2")
    found = list(integrity.problems([provider, ResourceState(A, "k", provider=f"{PROVIDER}::1")]))
    assert found == [f"resource {A} refers to unknown provider {PROVIDER}::1"]


def test_two_live_resources_of_one_name_are_one_too_many() -> None:
    """Only resources that wait for deletion may share a URN."""
    assert list(integrity.problems([ResourceState(A, "k"), ResourceState(A, "k")])) == [f"duplicate resource {A}"]
