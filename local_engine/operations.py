"""The operations: preview, up, refresh, destroy, import (https://www.pulumi.com/docs/iac/concepts/how-pulumi-works/)."""

from __future__ import annotations

from contextlib import ExitStack
from functools import partial
from typing import TYPE_CHECKING, Any

from local_engine import history, locks
from local_engine.errors import EngineError
from local_engine.import_plan import planned
from local_engine.interrupts import interruptible
from local_engine.operation import Operation
from local_engine.run import Options, Result, Run
from local_engine.stacks import backend_of, open_stack

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from contextlib import AbstractContextManager

    from local_engine.import_plan import ImportSpec


__all__ = ["destroy", "import_resources", "preview", "refresh", "up"]


_UNKNOWN_STATE = (
    "These resources are in an unknown state because an earlier run was interrupted while it waited for them. "
    "`refresh` brings the state in line with what is there; with `--clear-pending-creates` it forgets interrupted "
    "creates, once you have looked whether they made something."
)


def preview(run: Run, **options: Any) -> Result:
    """Tell what `up` would do with the same `run.Options`; nothing is changed, and nothing is written."""
    return _operate(run, "update", Operation.update, dry_run=True, options=Options(**options))


def up(run: Run, **options: Any) -> Result:
    """Make the world equal to the program; the keywords are those of `run.Options`."""
    return _operate(run, "update", Operation.update, dry_run=False, options=Options(**options))


def refresh(run: Run, *, dry_run: bool = False, **options: Any) -> Result:
    """Make the state equal to the world; the keywords are those of `run.Options`."""
    return _operate(run, "refresh", Operation.reread, dry_run=dry_run, options=Options(**options))


def destroy(run: Run, *, dry_run: bool = False, **options: Any) -> Result:
    """Delete everything the stack made; the keywords are those of `run.Options`."""
    return _operate(run, "destroy", Operation.demolish, dry_run=dry_run, options=Options(**options))


def import_resources(run: Run, imports: Sequence[ImportSpec], *, protect: bool = True, dry_run: bool = False) -> Result:
    """Bring objects that exist into the state, as `pulumi import` does; the program and the world stay as they are."""
    items = planned(imports, run.stack, run.project.name)
    take_over = partial(Operation.take_over, items=items, protect=protect)
    return _operate(run, "resource-import", take_over, dry_run=dry_run, options=Options())


def _operate(run: Run, kind: str, work: Callable[[Operation], bool], *, dry_run: bool, options: Options) -> Result:
    with ExitStack() as stack:
        stack.enter_context(interruptible(run))  # before the lock, which a signal would leave behind
        if not dry_run:
            stack.enter_context(_alone(run))
        opened = open_stack(run.project, run.stack, run.environ, run.config_file)
        return _carried_out(Operation(run, opened, dry_run=dry_run, options=options), kind, work)


def _alone(run: Run) -> AbstractContextManager[None]:
    """Lock the stack before its state is read, so that nobody goes on from what another run has changed since."""
    backend = backend_of(run.project, run.environ)
    backend.read(run.project.name, run.stack)  # an unknown stack is not locked
    return locks.locked(backend, run.project.name, run.stack)


def _carried_out(operation: Operation, kind: str, work: Callable[[Operation], bool]) -> Result:
    operation.events.prelude(operation.opened.config.shown())
    started = history.now()
    if not operation.dry_run and kind != "refresh":
        _warn_of_pending(operation)
    try:
        succeeded = work(operation)
    finally:
        operation.close()
    result = operation.result(succeeded=succeeded)
    if not operation.dry_run:
        _keep_history(operation, kind, result, started)
    return result


def _keep_history(operation: Operation, kind: str, result: Result, started: int) -> None:
    """Write down what was done; what cannot be written down was done all the same."""
    try:
        history.record(operation.opened, kind, operation.run, result, started)
    except (EngineError, OSError) as error:
        operation.tell("warning", f"the history of this run was not kept: {error}")


def _warn_of_pending(operation: Operation) -> None:
    pending = operation.opened.snapshot.pending
    if pending:
        lines = "".join(f"\n  * {item.resource.urn}, interrupted while {item.kind}" for item in pending)
        operation.tell(
            "warning",
            f"Attempting to deploy or update resources with {len(pending)} pending operations from previous "
            f"deployment.{lines}\n{_UNKNOWN_STATE}",
            operation.opened.urn,
        )
