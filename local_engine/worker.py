"""The worker: runs one step, with the journal written before and after it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from local_engine.errors import EngineError, ProtectedError
from local_engine.executor import Outcome
from local_engine.provider_errors import InitFailedError

if TYPE_CHECKING:
    from local_engine.apply import Applier
    from local_engine.events import Events
    from local_engine.journal import Journal
    from local_engine.steps import Step


class Worker:
    """Runs steps, writes the journal around each, and tells what happened."""

    def __init__(self, applier: Applier, journal: Journal, events: Events) -> None:
        self._applier = applier
        self._journal = journal
        self._events = events

    def run(self, step: Step) -> Outcome:
        """Run one step."""
        self._events.step_started(step)
        try:
            self._journal.begin(step)
            try:
                self._applier.apply(step)
            except EngineError as error:
                # What exists in spite of a failure is kept; anything else is as if nothing had happened.
                self._journal.end(step, succeeded=isinstance(error, InitFailedError))
                raise
            self._journal.end(step, succeeded=True)
        except EngineError as error:
            if self._journal.abandoned:
                return Outcome.FAILED  # it was ended by us, and nobody knows how far it had come
            self._events.step_failed(step, str(error))
            if step.failed is not None:
                step.failed()
            return Outcome.REFUSED if isinstance(error, ProtectedError) else Outcome.FAILED
        self._events.step_ended(step)
        if step.done is not None and step.new is not None:
            step.done(step.new)
        return Outcome.DONE
