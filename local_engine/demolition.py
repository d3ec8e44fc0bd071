"""Deleting: wave by wave, with or without the program."""

from __future__ import annotations

from typing import TYPE_CHECKING

from local_engine import deletion
from local_engine.apply import Applier
from local_engine.errors import EngineError
from local_engine.executor import Executor
from local_engine.generator import Generator
from local_engine.targeting import Targeting
from local_engine.worker import Worker

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from local_engine.events import Events
    from local_engine.generator import Stack
    from local_engine.journal import Journal
    from local_engine.registry import Registry
    from local_engine.run import Options
    from local_engine.state import ResourceState
    from local_engine.steps import Step


def delete_in_waves(
    steps: Iterable[Step],
    resources: Sequence[ResourceState],
    executor: Executor,
    staying: Iterable[ResourceState] = (),
) -> None:
    """Delete, but keep whatever a resource that has to stay still needs."""
    by_state = {step.old: step for step in steps if step.old is not None}
    needs = deletion.dependencies_of(resources)
    kept = deletion.everything_needed_by(staying, needs)
    for wave in deletion.waves(by_state, resources):
        outcomes = executor.run_all(by_state[state] for state in wave if state not in kept)
        if executor.stopped.is_set():
            return
        kept |= deletion.everything_needed_by((step.old for step in outcomes if step.old is not None), needs)


class Demolition:
    """Deletes everything of a stack, without its program."""

    def __init__(
        self,
        stack: Stack,
        registry: Registry,
        journal: Journal,
        events: Events,
        *,
        parallel: int,
        preview: bool,
        options: Options,
    ) -> None:
        self._stack = stack
        self._events = events
        self._preview = preview
        self._cancelled = False
        self._bailed = False
        self._generator = Generator(stack, registry, targeting=Targeting.of(options))
        worker = Worker(Applier(registry, lambda *_: None, preview=preview), journal, events)
        self._executor = Executor(parallel, worker.run, lambda: None, carry_on=options.continue_on_error)

    def cancel(self) -> None:
        """Start nothing new, because somebody asked for an end."""
        self._cancelled = True
        self._executor.stop()

    @property
    def succeeded(self) -> bool:
        """Tell whether nothing failed."""
        return not (self._executor.failed or self._cancelled or self._bailed)

    def run(self) -> None:
        """Delete wave by wave."""
        try:
            delete_in_waves(self._generator.deletes(), self._stack.resources, self._executor)
        except EngineError as error:
            self._bailed = True
            self._events.diagnostic("error", str(error), getattr(error, "urn", ""))
        self._executor.close()
        failed = self._executor.failed or self._bailed
        self._events.ending(preview=self._preview, failed=failed, cancelled=self._cancelled)
