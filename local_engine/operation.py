"""One operation on one stack: its processes, its state, and what it can do."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

from local_engine import refusals
from local_engine.apply import Applier
from local_engine.children import Children
from local_engine.demolition import Demolition
from local_engine.deployment import Deployment
from local_engine.errors import StackError
from local_engine.events import Events
from local_engine.generator import Stack
from local_engine.importing import Importing
from local_engine.journal import Journal
from local_engine.messages import ProgramEnded
from local_engine.monitor import EngineLog, Monitor, serve
from local_engine.preview_json import PreviewDocument
from local_engine.program import start_program
from local_engine.provider_process import start_provider
from local_engine.refreshing import Refresh
from local_engine.registry import Registry
from local_engine.run import TERMINATED, Options, Result, Run
from local_engine.stacks import OpenStack, outputs_of
from local_engine.state import Snapshot
from local_engine.targeting import Targeting

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import grpc

    from local_engine.import_plan import PlannedImport
    from local_engine.messages import Message
    from local_engine.program import Program
    from local_engine.provider_process import ProviderProcess


class Operation:
    """One operation, from the open stack to the result."""

    def __init__(self, run: Run, opened: OpenStack, *, dry_run: bool, options: Options) -> None:
        self.run = run
        self.opened = opened
        self.dry_run = dry_run
        self.options = options
        self.document = PreviewDocument() if dry_run else None
        secrets = [opened.config.values[key] for key in opened.config.secret_keys]
        self.events = Events(run.on_event, self.document, secrets)
        self.stack = Stack(opened.name, opened.project.name, opened.snapshot.resources)
        self.journal = Journal(opened.snapshot, None if dry_run else opened.write)
        self.children = Children()
        self.address = ""
        self._deployment: Deployment  # there before the program is
        self.registry = Registry(self._start_provider, self.stack.live(), preview=dry_run)

    def close(self) -> None:
        """End every process of this operation."""
        self.registry.close()
        self.children.close()

    def tell(self, severity: str, message: str, urn: str = "") -> None:
        """Pass on what a program or a host says."""
        self.events.diagnostic(severity, message, urn)

    def line(self, text: str, error: bool) -> None:
        """Pass on a line of output."""
        if text:
            self.tell("info#err" if error else "info", text)

    def _start_provider(self) -> ProviderProcess:
        return start_provider(
            self.children,
            self.opened.project,
            address=self.address,
            config=self.opened.config,
            environ=self.run.environ,
            on_line=self.line,
        )

    @contextmanager
    def serving(self, monitor: Monitor | None) -> Iterator[grpc.Server]:
        """Serve the program and the hosts."""
        server, self.address = serve(monitor, EngineLog(self.tell), self.run.parallel)
        try:
            yield server
        finally:
            if monitor is not None:
                monitor.end()
            server.stop(grace=1).wait()

    def update(self) -> bool:
        """Run the program and do what it wants."""
        monitor = Monitor(
            self._post,
            stack=self.opened.name,
            project=self.opened.project.name,
            directory=str(self.opened.project.directory),
            config=self.opened.config,
            parallel=self.run.parallel,
            dry_run=self.dry_run,
        )
        with self.serving(monitor):
            if self.options.refresh and not self._look(preliminary=True):
                return False
            deployment = self._deployment = Deployment(
                self.stack,
                self.registry,
                self.journal,
                self.events,
                parallel=self.run.parallel,
                preview=self.dry_run,
                options=self.options,
            )
            self.run.watch(lambda: self._cancel(deployment))
            program = self._start_program()
            _announce_end(program, deployment)
            self._finish(program, deployment)
        return deployment.succeeded

    def _post(self, message: Message) -> None:
        self._deployment.post(message)

    def _cancel(self, work: Deployment | Demolition | Importing | Refresh) -> None:
        work.cancel()
        if self.run.terminated:
            self.journal.abandon()
        self.registry.cancel(insist=self.run.terminated)

    def _start_program(self) -> Program:
        return start_program(
            self.children,
            self.opened.project,
            stack=self.opened.name,
            address=self.address,
            config=self.opened.config,
            parallel=self.run.parallel,
            dry_run=self.dry_run,
            environ=self.run.environ,
            on_line=self.line,
        )

    def _finish(self, program: Program, deployment: Deployment) -> None:
        try:
            last = deployment.run()
            if last is not None:
                last.set_result(None)
                program.wait()
            self.journal.close()
        finally:
            program.stop()

    def demolish(self) -> bool:
        """Delete everything."""
        self._refuse_unknown_targets()
        with self.serving(None):
            if self.options.refresh and not self._look(preliminary=True):
                return False
            demolition = Demolition(
                self.stack,
                self.registry,
                self.journal,
                self.events,
                parallel=self.run.parallel,
                preview=self.dry_run,
                options=self.options,
            )
            self.run.watch(lambda: self._cancel(demolition))
            demolition.run()
            self.journal.close()
        return demolition.succeeded

    def take_over(self, items: Sequence[PlannedImport], *, protect: bool) -> bool:
        """Bring what exists into the state."""
        importing = Importing(
            self.stack,
            self.registry,
            self.journal,
            self.events,
            parallel=self.run.parallel,
            preview=self.dry_run,
            config=self.opened.config.as_properties(),
        )
        with self.serving(None):
            self.run.watch(lambda: self._cancel(importing))
            importing.run(items, protect=protect)
            self.journal.close()
        return importing.succeeded

    def _refuse_unknown_targets(self) -> None:
        missing = Targeting.of(self.options).unknown({state.urn for state in self.stack.resources})
        if missing:
            raise StackError(refusals.unknown_targets(missing))

    def reread(self) -> bool:
        """Look at everything, and believe it."""
        self._refuse_unknown_targets()
        with self.serving(None):
            return self._look(preliminary=False)

    def _look(self, *, preliminary: bool) -> bool:
        """Read what is really there; an update or destroy that comes after it goes on from what was found."""
        applier = Applier(self.registry, lambda urn, text: self.tell("warning", text, urn), preview=self.dry_run)
        looking = Refresh(
            self.stack,
            applier,
            self.events,
            parallel=self.run.parallel,
            preview=self.dry_run,
            targeting=Targeting.of(self.options),
            preliminary=preliminary,
        )
        self.run.watch(lambda: self._cancel(looking))
        self.stack.resources = looking.run()
        before = self.opened.snapshot
        pending = [] if self.options.clear_pending_creates else before.pending
        self.journal.rebase(Snapshot(self.stack.resources, pending, before.metadata))
        if not preliminary or not looking.succeeded:
            self.journal.close()
        self.registry.rebase(self.stack.live())
        return looking.succeeded

    def result(self, *, succeeded: bool) -> Result:
        """Put together what came out."""
        events, shown = self.events, self.opened.config.shown()
        events.summary(preview=self.dry_run, result="succeeded" if succeeded else "failed")
        found = None if self.document is None else self.document.finish(shown, events.changes, events.diagnostics)
        outputs = outputs_of(self.journal.snapshot(), self.opened.urn, show_secrets=False)
        failed = TERMINATED if self.run.terminated else 1
        return Result(0 if succeeded else failed, dict(events.changes), events.diagnostics, outputs, found)


def _announce_end(program: Program, deployment: Deployment) -> None:
    """Tell the deployment when the program's process is gone, however that came about."""
    threading.Thread(target=lambda: deployment.post(ProgramEnded(program.wait())), daemon=True).start()
