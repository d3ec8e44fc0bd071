"""Refreshing: the state made equal to what is really there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from local_engine.errors import EngineError
from local_engine.executor import Executor, Outcome
from local_engine.steps import Step

if TYPE_CHECKING:
    from collections.abc import Sequence

    from local_engine.apply import Applier
    from local_engine.events import Events
    from local_engine.generator import Stack
    from local_engine.state import ResourceState
    from local_engine.targeting import Targeting


class Refresh:
    """Reads every resource, side by side; one that cannot be read stays as it was."""

    def __init__(
        self,
        stack: Stack,
        applier: Applier,
        events: Events,
        *,
        parallel: int,
        preview: bool,
        targeting: Targeting,
        preliminary: bool = False,
    ) -> None:
        self._stack = stack
        self._applier = applier
        self._events = events
        self._preview = preview
        self._targeting = targeting
        self._preliminary = preliminary
        self._failed = False
        self._cancelled = False
        self._executor = Executor(parallel, self._read, lambda: None)

    def cancel(self) -> None:
        """Start nothing new, because somebody asked for an end."""
        self._cancelled = True
        self._executor.stop()

    @property
    def succeeded(self) -> bool:
        """Tell whether every resource could be read."""
        return not (self._failed or self._cancelled)

    def run(self) -> list[ResourceState]:
        """Return the resources as they are now."""
        steps = [
            Step("refresh", state.urn, state, state, preliminary=self._preliminary) for state in self._stack.resources
        ]
        self._executor.run_all(step for step in steps if self._is_meant(step))
        self._executor.close()
        self._events.ending(preview=self._preview, failed=self._failed, cancelled=self._cancelled)
        return without_lost_links([step.new for step in steps if step.new is not None])

    def _is_meant(self, step: Step) -> bool:
        return step.old is not None and self._targeting.includes(step.old)

    def _read(self, step: Step) -> Outcome:
        self._events.step_started(step)
        try:
            self._applier.apply(step)
        except EngineError as error:
            step.new = step.old
            self._failed = True
            self._events.step_failed(step, str(error))
        else:
            step.shown_op = step.shown_op or "same"
            self._events.step_ended(step)
        return Outcome.DONE  # the others are looked at all the same


def without_lost_links(resources: Sequence[ResourceState]) -> list[ResourceState]:
    """Drop dependencies on resources that are gone, and the empty lists of properties that depend on nothing."""
    known: set[str] = set()
    for state in resources:
        _repair(state, known)
        known.add(state.urn)
    return list(resources)


def _repair(state: ResourceState, known: set[str]) -> None:
    state.dependencies = [urn for urn in state.dependencies if urn in known]
    kept = {key: [urn for urn in found if urn in known] for key, found in (state.property_dependencies or {}).items()}
    state.property_dependencies = {key: found for key, found in kept.items() if found}
    state.parent = state.parent if state.parent in known else ""
