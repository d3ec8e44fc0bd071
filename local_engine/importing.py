"""Importing: objects that exist come into the state, by name and id (https://www.pulumi.com/docs/iac/cli/commands/pulumi_import/)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from local_engine import import_plan, refusals, urns
from local_engine.apply import Applier
from local_engine.errors import EngineError, StepError
from local_engine.executor import Executor
from local_engine.goal import default_provider
from local_engine.state import ResourceState
from local_engine.steps import Step
from local_engine.worker import Worker

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from local_engine.events import Events
    from local_engine.generator import Stack
    from local_engine.import_plan import PlannedImport
    from local_engine.journal import Journal
    from local_engine.registry import Registry
    from local_engine.values import Properties


class _ImportApplier(Applier):
    """Imports what no program asked for: the inputs are those that were read."""

    def __init__(
        self, registry: Registry, warn: Callable[[str, str], None], olds: dict[str, ResourceState], *, preview: bool
    ) -> None:
        super().__init__(registry, warn, preview=preview)
        self._olds = olds
        self.there = set(olds)
        self.failure = ""

    def apply(self, step: Step) -> None:
        """Do what a step says, and remember why it could not be done."""
        try:
            super().apply(step)
        except EngineError as error:
            self.failure = self.failure or str(error)
            raise
        self.there.add(step.urn)

    def _import(self, step: Step) -> None:
        if step.urn in self._olds:
            raise StepError(f"resource '{step.urn}' already exists")
        new = step.state
        if new.parent not in self.there:
            raise StepError(f"unknown parent '{new.parent}' for resource '{new.urn}'")
        super()._import(step)
        self._validate(new)
        new.import_id = ""  # what a program imports again when it changes; here no program did

    def _validate(self, new: ResourceState) -> None:
        """Tell what the provider thinks of inputs it has read itself; they are kept all the same."""
        _, failures = self._registry.get(new.provider).check(new.urn, new.inputs, new.inputs)
        if failures:
            self._warn(new.urn, refusals.imported_inputs(new))
        for failure in failures:
            self._warn(new.urn, refusals.check_failure(new, failure, new.inputs))


class Importing:
    """Takes over one object after another, without the program."""

    def __init__(
        self,
        stack: Stack,
        registry: Registry,
        journal: Journal,
        events: Events,
        *,
        parallel: int,
        preview: bool,
        config: Properties,
    ) -> None:
        self._stack = stack
        self._registry = registry
        self._events = events
        self._preview = preview
        self._config = config
        self._olds = stack.live()
        self._cancelled = False
        self._problem = ""
        self._applier = _ImportApplier(registry, self._warn, self._olds, preview=preview)
        self._executor = Executor(parallel, Worker(self._applier, journal, events).run, lambda: None)

    def _warn(self, urn: str, message: str) -> None:
        self._events.diagnostic("warning", message, urn)

    def cancel(self) -> None:
        """Start nothing new, because somebody asked for an end."""
        self._cancelled = True
        self._executor.stop()

    @property
    def succeeded(self) -> bool:
        """Tell whether everything was taken over."""
        return not (self._executor.failed or self._problem or self._cancelled)

    def run(self, items: Sequence[PlannedImport], *, protect: bool) -> None:
        """Import in an order in which parents come first."""
        try:
            if items:
                self._import(items, protect=protect)
        except EngineError as error:
            self._problem = str(error)
        self._executor.close()
        self._end()

    def _import(self, items: Sequence[PlannedImport], *, protect: bool) -> None:
        for state in self._olds.values():
            self._do(Step("same", state.urn, state, state.copied()))
        self._make_stack()
        provider = self._provider()
        self._tell_of_doubles(items)
        for wave in import_plan.in_waves(item for item in items if not item.is_done(self._olds)):
            self._executor.run_all(_step(item, provider, protect=protect) for item in wave)

    def _do(self, step: Step) -> None:
        """Do what comes before the imports, one after the other."""
        if not self._executor.run_all([step]) and not step.state.custom:
            self._events.outputs_known(step)  # no program will tell of them

    def _make_stack(self) -> None:
        urn = self._stack.urn
        if urn not in self._olds:
            self._do(Step("create", urn, None, ResourceState(urn, urns.STACK_TYPE)))

    def _provider(self) -> str:
        """Return the default provider; one that the stack has not used yet is made."""
        goal = default_provider("pulumi-python", self._config)
        urn = urns.make(self._stack.name, self._stack.project, "", goal.kind, goal.name)
        found = self._olds.get(urn) or self._new_provider(goal.state(urn))
        return urns.provider_reference(urn, found.id)

    def _new_provider(self, new: ResourceState) -> ResourceState:
        new.inputs, failures = self._registry.check(new.urn, {}, new.inputs)
        if failures:
            raise StepError(" ".join(refusals.check_failure(new, failure, new.inputs) for failure in failures))
        self._do(Step("create", new.urn, None, new))
        return new

    def _tell_of_doubles(self, items: Sequence[PlannedImport]) -> None:
        """Warn of objects that would be managed under two names."""
        names = {(state.kind, state.id): state for state in self._olds.values() if state.custom}
        for item in items:
            other = names.get((item.spec.type, item.spec.id))
            if other is not None and other.urn != item.urn:
                self._warn(item.urn, refusals.imported_twice(item.spec.id, other))

    def _end(self) -> None:
        reason = self._problem or (self._applier.failure and f"step application failed: {self._applier.failure}")
        if reason:
            self._events.diagnostic("error", f"{'preview' if self._preview else 'update'} failed: {reason}")
        else:
            self._events.ending(preview=self._preview, failed=False, cancelled=self._cancelled)


def _step(item: PlannedImport, provider: str, *, protect: bool) -> Step:
    new = ResourceState(
        urn=item.urn,
        kind=item.spec.type,
        custom=True,
        parent=item.parent,
        protect=protect,
        provider=provider,
        import_id=item.spec.id,
    )
    return Step("import", item.urn, None, new)
