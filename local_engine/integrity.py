"""What must hold of every state file before it is used."""

from __future__ import annotations

from typing import TYPE_CHECKING

from local_engine import urns

if TYPE_CHECKING:
    from collections.abc import Iterator

    from local_engine.state import ResourceState


def problems(resources: list[ResourceState]) -> Iterator[str]:
    """Yield each way in which a list of resources is not a valid order of a graph."""
    seen: set[str] = set()
    providers: set[str] = set()
    live: set[str] = set()
    for state in resources:
        yield from _missing_links(state, seen, providers)
        if not state.delete and state.urn in live:
            yield f"duplicate resource {state.urn}"
        seen.add(state.urn)
        if not state.delete:
            live.add(state.urn)
        if urns.is_provider(state.kind):
            providers.add(urns.provider_reference(state.urn, state.id))


def _missing_links(state: ResourceState, seen: set[str], providers: set[str]) -> Iterator[str]:
    if state.provider and state.provider not in providers:
        yield f"resource {state.urn} refers to unknown provider {state.provider}"
    if state.parent and state.parent not in seen:
        yield f"child resource {state.urn}'s parent {state.parent} refers to missing resource"
    needed = {*state.dependencies, *(name for names in (state.property_dependencies or {}).values() for name in names)}
    for urn in sorted(needed - seen):
        yield f"resource {state.urn} dependency {urn} refers to missing resource"
