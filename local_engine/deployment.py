"""A deployment: what the program wants, decided one resource at a time, carried out several at a time."""

from __future__ import annotations

import queue
from typing import TYPE_CHECKING, Literal

from local_engine import urns
from local_engine.apply import Applier
from local_engine.demolition import delete_in_waves
from local_engine.errors import EngineError
from local_engine.executor import Executor
from local_engine.generator import Generator
from local_engine.messages import (
    Answer,
    Imported,
    OutputsRegistered,
    ProgramDone,
    ProgramEnded,
    Reading,
    Refused,
    Registration,
    Stop,
)
from local_engine.refusals import RegistrationError
from local_engine.steps import IMPORTING
from local_engine.targeting import Targeting
from local_engine.worker import Worker

if TYPE_CHECKING:
    from concurrent.futures import Future

    from local_engine.events import Events
    from local_engine.generator import Stack
    from local_engine.journal import Journal
    from local_engine.messages import Message
    from local_engine.registry import Registry
    from local_engine.run import Options
    from local_engine.steps import Step
    from local_engine.values import Properties


class Deployment:
    """Takes messages from the program until it has ended, or until something failed."""

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
        self._journal = journal
        self._events = events
        self._preview = preview
        self._inbox: queue.SimpleQueue[Message] = queue.SimpleQueue()
        complain = self._complain if preview else None
        self._generator = Generator(stack, registry, complain, Targeting.of(options))
        worker = Worker(Applier(registry, self._warn, preview=preview), journal, events)
        self._carry_on = options.continue_on_error
        self._executor = Executor(parallel, worker.run, self._wake, carry_on=self._carry_on)
        self._fallen: dict[str, Step] = {}  # what failed although the run goes on, and what needed it
        self._registered: dict[str, Step] = {}
        self._stack_outputs: Properties | None = None
        self._bailed = False
        self._complained = False
        self._cancelled = False

    def post(self, message: Message) -> None:
        """Take a message from any thread."""
        self._inbox.put(message)

    def cancel(self) -> None:
        """Start nothing new, because somebody asked for an end."""
        self._cancelled = True
        self._executor.stop()

    def _warn(self, urn: str, message: str) -> None:
        self._events.diagnostic("warning", message, urn)

    def _complain(self, severity: str, urn: str, problem: str) -> None:
        """Tell of a problem that a preview shows together with what leads to it."""
        self._complained = self._complained or severity == "error"
        self._events.diagnostic(severity, problem, urn)

    def _wake(self) -> None:
        self._inbox.put(Stop())

    def _bail(self, problems: list[str], urn: str = "") -> None:
        for problem in problems:
            self._events.diagnostic("error", problem, urn)
        self._bailed = True
        self._executor.stop()

    def run(self) -> Future[None] | None:
        """Work until the end; return the program's last call, if it waits for an answer."""
        last = self._take_messages()
        self._executor.drain()
        self._executor.close()
        self._finish_stack_outputs()
        failed = (self._executor.failed and not (self._carry_on and self._bailed)) or self._complained
        self._events.ending(preview=self._preview, failed=failed, cancelled=self._cancelled and not self._bailed)
        return last if self.succeeded else None

    @property
    def succeeded(self) -> bool:
        """Tell whether nothing failed."""
        return not (self._executor.failed or self._bailed or self._complained or self._cancelled)

    def _take_messages(self) -> Future[None] | None:
        while not self._executor.stopped.is_set():
            message = self._inbox.get()
            if self._executor.stopped.is_set():
                break
            if isinstance(message, ProgramDone | ProgramEnded):
                return self._end_of_program(message)
            self._take(message)
        return None

    def _end_of_program(self, message: ProgramDone | ProgramEnded) -> Future[None] | None:
        if isinstance(message, ProgramEnded) and message.report is not None:
            self._bail([message.report] if message.report else [])
            return None
        self._executor.drain()
        self._delete_the_rest()
        return message.reply if isinstance(message, ProgramDone) else None

    def _take(self, message: Message) -> None:
        if isinstance(message, Registration | Reading | Imported):
            self._decide(message)
        elif isinstance(message, OutputsRegistered):
            self._keep_outputs(message)
        elif isinstance(message, Refused):
            self._bail([message.reason])

    def _decide(self, message: Registration | Reading | Imported) -> None:
        asked = message.registration if isinstance(message, Imported) else message
        try:
            steps = self._steps(message)
        except RegistrationError as error:
            self._bail(error.problems, error.urn)
        except EngineError as error:
            self._bail([str(error)], self._urn(asked))
        else:
            if steps:
                self._submit(steps, asked)
            elif isinstance(message, Imported):
                asked.reply.set_result(Answer(message.state))

    def _steps(self, message: Registration | Reading | Imported) -> list[Step]:
        if isinstance(message, Imported):
            return self._generator.after_import(message.registration.goal, message.state)
        if isinstance(message, Reading):
            return self._generator.read(message.goal)
        return self._generator.registration(message.goal)

    def _urn(self, message: Registration | Reading) -> str:
        goal = message.goal
        return urns.make(self._stack.name, self._stack.project, goal.parent, goal.kind, goal.name)

    def _submit(self, steps: list[Step], message: Registration | Reading) -> None:
        # The program gets its answer from the step that makes the new state, as soon as it is saved.
        maker = next(step for step in steps if step.op != "replace" and step.new is not None)
        unknown = maker.skipped and maker.old is None
        maker.done = lambda state: message.reply.set_result(Answer(state, unknown=unknown))
        if self._carry_on and not self._stands(maker, message):
            return
        if isinstance(message, Registration):
            self._registered[maker.urn] = maker
            self._look_again_after_import(maker, steps[-1], message)
        self._executor.submit(steps)

    def _look_again_after_import(self, maker: Step, last: Step, message: Registration) -> None:
        """Decide again when it is known what is there; until then the program waits."""
        if maker.op in IMPORTING:
            maker.done = None
            last.done = lambda state: self.post(Imported(message, state))

    def _stands(self, maker: Step, message: Registration | Reading) -> bool:
        """Tell whether everything a step needs is there; otherwise the program hears that it was left out."""
        maker.failed = lambda: self._fall(maker, message, "fail")
        if not set(maker.state.links()) & self._fallen.keys():
            return True
        self._fall(maker, message, "skip")
        return False

    def _fall(self, maker: Step, message: Registration | Reading, result: Literal["fail", "skip"]) -> None:
        self._fallen[maker.urn] = maker
        message.reply.set_result(Answer(maker.state, unknown=True, result=result))

    def _keep_outputs(self, message: OutputsRegistered) -> None:
        if message.urn == self._stack.urn:
            self._stack_outputs = message.outputs  # kept until it is known whether all went well
        else:
            self._set_outputs(message.urn, message.outputs)
        message.reply.set_result(None)

    def _set_outputs(self, urn: str, outputs: Properties) -> None:
        step = self._registered.get(urn)
        if step is None or step.new is None:
            self._bail([f"cannot complete a resource '{urn}' whose registration isn't pending"], urn)
            return
        changed = step.op == "create" or step.new.outputs != outputs
        step.new.outputs = outputs
        self._events.outputs_known(step)
        if changed:
            self._journal.outputs_changed()

    def _finish_stack_outputs(self) -> None:
        """After a failure a missing output says nothing, so the old ones stay."""
        if self._stack_outputs is None or self._stack.urn not in self._registered:
            return
        old = self._stack.live().get(self._stack.urn)
        kept = old.outputs if old is not None and not self.succeeded else {}
        self._set_outputs(self._stack.urn, {**kept, **self._stack_outputs})

    def _delete_the_rest(self) -> None:
        try:
            self._generator.refuse_unknown_targets()
            steps = self._generator.deletes()
        except RegistrationError as error:
            self._bail(error.problems, error.urn)
        except EngineError as error:
            self._bail([str(error)])
        else:
            needed = [step.old for step in self._fallen.values() if step.old is not None]
            delete_in_waves(steps, self._stack.resources, self._executor, needed)
