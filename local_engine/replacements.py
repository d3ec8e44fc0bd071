"""Which dependents must be replaced together with a resource that is deleted first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from local_engine import plan, urns
from local_engine.deletion import dependents_of
from local_engine.diffs import raise_to_replacement, settle

if TYPE_CHECKING:
    from collections.abc import Sequence

    from local_engine.registry import Registry
    from local_engine.state import ResourceState


def dependent_replacements(
    root: ResourceState, resources: Sequence[ResourceState], registry: Registry, decided: set[str]
) -> list[ResourceState]:
    """Ask the provider of each dependent what it makes of not knowing what is being replaced."""
    replaced = {root.urn}
    found: list[ResourceState] = []
    for state in dependents_of(root, resources, decided):
        if _must_go(state, replaced, registry):
            replaced.add(state.urn)
            found.append(state)
    return found


def _must_go(state: ResourceState, replaced: set[str], registry: Registry) -> bool:
    if not state.custom or state.external or urns.is_provider(state.kind):
        return False
    if state.provider_urn in replaced:
        return True
    inputs = plan.with_unknown_dependencies(state, replaced)
    if inputs is None:
        return False
    answer = settle(registry.get(state.provider).diff(state, inputs, state.ignore_changes), state.inputs, inputs)
    return raise_to_replacement(answer, state.replace_on_changes).wants_replacement
