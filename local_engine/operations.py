"""The four operations: preview, up, refresh, destroy (https://www.pulumi.com/docs/iac/concepts/how-pulumi-works/)."""

from __future__ import annotations

import signal
import threading
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any

from local_engine import history, locks
from local_engine.errors import EngineError
from local_engine.operation import Operation
from local_engine.run import Options, Result, Run
from local_engine.stacks import open_stack

if TYPE_CHECKING:
    from collections.abc import Iterator


__all__ = ["destroy", "preview", "refresh", "up"]


def preview(run: Run, **options: Any) -> Result:
    """Tell what `up` would do with the same `run.Options`; nothing is changed, and nothing is written."""
    return _operate(run, "update", dry_run=True, options=Options(**options))


def up(run: Run, **options: Any) -> Result:
    """Make the world equal to the program; the keywords are those of `run.Options`."""
    return _operate(run, "update", dry_run=False, options=Options(**options))


def refresh(run: Run, *, dry_run: bool = False, **options: Any) -> Result:
    """Make the state equal to the world; the keywords are those of `run.Options`."""
    return _operate(run, "refresh", dry_run=dry_run, options=Options(**options))


def destroy(run: Run, *, dry_run: bool = False, **options: Any) -> Result:
    """Delete everything the stack made; the keywords are those of `run.Options`."""
    return _operate(run, "destroy", dry_run=dry_run, options=Options(**options))


def _operate(run: Run, kind: str, *, dry_run: bool, options: Options) -> Result:
    opened = open_stack(run.project, run.stack, run.environ, run.config_file)
    with ExitStack() as stack:
        if not dry_run:
            stack.enter_context(locks.locked(opened.backend, run.project.name, run.stack))
        stack.enter_context(_interruptible(run))
        return _carried_out(Operation(run, opened, dry_run=dry_run, options=options), kind)


def _carried_out(operation: Operation, kind: str) -> Result:
    operation.events.prelude(operation.opened.config.shown())
    started = history.now()
    if not operation.dry_run and kind != "refresh":
        _warn_of_pending(operation)
    verbs = {"update": operation.update, "destroy": operation.demolish, "refresh": operation.reread}
    try:
        succeeded = verbs[kind]()
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
            f"deployment.{lines}",
            operation.opened.urn,
        )


@contextmanager
def _interruptible(run: Run) -> Iterator[None]:
    """Turn Ctrl-C into an orderly end; only the main thread can hear it."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    previous: Any = signal.signal(signal.SIGINT, lambda *_: threading.Thread(target=run.cancel).start())
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, previous)
