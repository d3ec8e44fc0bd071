"""Targeting: which resources a run is about, when it is not about all (https://www.pulumi.com/docs/cli/commands/pulumi_up/)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from local_engine import urns

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Sequence

    from local_engine.run import Options
    from local_engine.state import ResourceState


@dataclass
class Targeting:
    """Knows who is meant; dependents join as their dependencies come by, since those come first."""

    targets: tuple[str, ...] = ()
    excludes: tuple[str, ...] = ()
    replaces: tuple[str, ...] = ()
    with_dependents: bool = False
    _joined: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, options: Options) -> Targeting:
        """Return the targeting that a run's options ask for; what is to be replaced as a target is a target."""
        return cls(
            (*options.targets, *options.target_replaces),
            options.excludes,
            (*options.replaces, *options.target_replaces),
            options.target_dependents,
        )

    @property
    def constrained(self) -> bool:
        """Tell whether anything is left alone."""
        return bool(self.targets or self.excludes)

    def names(self, urn: str) -> bool:
        """Tell whether somebody asked for exactly this resource, or for everything."""
        return not self.targets or _matches(self.targets, urn)

    def includes(self, state: ResourceState) -> bool:
        """Tell whether a registered resource is meant; providers and the stack always are."""
        if urns.is_provider(state.kind) or state.kind == urns.STACK_TYPE:
            return True
        if self.targets:
            return self._is_target(state)
        return not _matches(self.excludes, state.urn)

    def _is_target(self, state: ResourceState) -> bool:
        meant = _matches(self.targets, state.urn) or (self.with_dependents and bool(self._joined & set(state.links())))
        if meant:
            self._joined.add(state.urn)
        return meant

    def replaces_anyway(self, urn: str) -> bool:
        """Tell whether a resource is replaced whatever the provider says."""
        return _matches(self.replaces, urn)

    def unknown(self, known: Container[str]) -> list[str]:
        """Return the URNs that were asked for and that nothing has; a pattern may match nothing, as with the CLI."""
        asked = dict.fromkeys((*self.targets, *self.replaces))
        return [urn for urn in asked if "*" not in urn and urn not in known]

    def deletable(self, states: Sequence[ResourceState]) -> set[str]:
        """Return what may be deleted: the targets and all that cannot be without them, or all but what must stay."""
        if not self.targets:
            return {state.urn for state in states} - self._staying(states)
        found: set[str] = set()
        for state in states:  # in an order in which what is needed comes first
            if _matches(self.targets, state.urn) or found & set(state.links()):
                found.add(state.urn)
        return found

    def _staying(self, states: Sequence[ResourceState]) -> set[str]:
        """Return what is excluded, and all that it needs."""
        found: set[str] = set()
        for state in reversed(states):
            if state.urn in found or _matches(self.excludes, state.urn):
                found |= {state.urn, *state.links()}
        return found


def _matches(patterns: Iterable[str], urn: str) -> bool:
    return any(pattern == urn or ("*" in pattern and _expression(pattern).fullmatch(urn)) for pattern in patterns)


def _expression(pattern: str) -> re.Pattern[str]:
    """Two stars stand for anything, one for anything within a part of a URN."""
    parts = re.split(r"(\*\*|\*)", pattern)
    return re.compile("".join({"**": ".*", "*": "[^:]*"}.get(part, re.escape(part)) for part in parts))
