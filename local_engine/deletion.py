"""The order of deletions: waves, each complete before the next begins."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from local_engine.state import ResourceState


def dependencies_of(resources: Sequence[ResourceState]) -> dict[ResourceState, set[ResourceState]]:
    """Return for each resource those it needs; the list is in an order in which they come first."""
    by_urn: dict[str, list[ResourceState]] = {}
    children: dict[str, list[ResourceState]] = {}
    found: dict[ResourceState, set[ResourceState]] = {}
    for state in resources:
        needed = {other for urn in state.links() for other in by_urn.get(urn, ())}
        # Whoever needs a component needs what it is made of.
        needed |= {child for urn in _dependencies(state) for child in _descendants(urn, children) if child in found}
        found[state] = needed - {state}
        by_urn.setdefault(state.urn, []).append(state)
        if state.parent:
            children.setdefault(state.parent, []).append(state)
    return found


def _dependencies(state: ResourceState) -> set[str]:
    return {*state.dependencies, *(urn for found in (state.property_dependencies or {}).values() for urn in found)}


def _descendants(urn: str, children: dict[str, list[ResourceState]]) -> Iterable[ResourceState]:
    for child in children.get(urn, ()):
        yield child
        if not child.custom:
            yield from _descendants(child.urn, children)


def waves(condemned: Iterable[ResourceState], resources: Sequence[ResourceState]) -> list[list[ResourceState]]:
    """Group the condemned so that everything goes before what it needs."""
    condemned = list(condemned)
    left = set(condemned)
    rank: dict[ResourceState, int] = {}  # how many others must outlive each, one after another
    for state, needed in dependencies_of(resources).items():
        if state in left:
            rank[state] = 1 + max((rank[other] for other in needed & left), default=0)
    found: dict[int, list[ResourceState]] = {}
    for state in condemned:
        found.setdefault(rank[state], []).append(state)
    return [found[number] for number in sorted(found, reverse=True)]


def everything_needed_by(
    roots: Iterable[ResourceState], needs: dict[ResourceState, set[ResourceState]]
) -> set[ResourceState]:
    """Return what some resources need, directly or not."""
    found: set[ResourceState] = set()
    left = list(roots)
    while left:
        fresh = needs[left.pop()] - found
        found |= fresh
        left.extend(fresh)
    return found


def dependents_of(root: ResourceState, resources: Sequence[ResourceState], ignored: set[str]) -> list[ResourceState]:
    """Return everything that came to need a resource, directly or not, in the order of the list."""
    names = {root.urn}
    found: list[ResourceState] = []
    after = resources.index(root) + 1 if root in resources else len(resources)  # just imported: nobody needs it yet
    for state in resources[after:]:
        needed = _dependencies(state) | {state.provider_urn}
        if state.urn not in ignored and needed & names:
            names.add(state.urn)
            found.append(state)
    return found
