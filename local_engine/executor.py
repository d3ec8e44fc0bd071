"""The executor: runs chains of steps, several at a time."""

from __future__ import annotations

import threading
from concurrent.futures import Future, ThreadPoolExecutor, wait
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from local_engine.steps import Step


class Outcome(Enum):
    """How a step ended."""

    DONE = "done"
    FAILED = "failed"
    REFUSED = "refused"  # nothing was done, and nothing else need stop because of it


class Executor:
    """Worker threads; after a failure nothing new starts (unless told to carry on), and what runs comes to its end."""

    def __init__(
        self, parallel: int, run: Callable[[Step], Outcome], on_stop: Callable[[], None], *, carry_on: bool = False
    ) -> None:
        self._pool = ThreadPoolExecutor(max_workers=parallel, thread_name_prefix="step")
        self._free = threading.Semaphore(parallel)
        self._run = run
        self._on_stop = on_stop
        self._carry_on = carry_on
        self._running: set[Future[Outcome]] = set()
        self._mistake: BaseException | None = None
        self.failed = False
        self.stopped = threading.Event()

    def submit(self, chain: list[Step]) -> Future[Outcome]:
        """Run a chain in order; block while every worker is busy, so that decisions are never made far ahead."""
        self._free.acquire()
        future = self._pool.submit(self._run_chain, chain)
        self._running.add(future)
        future.add_done_callback(self._running.discard)
        return future

    def run_all(self, steps: Iterable[Step]) -> list[Step]:
        """Run steps side by side, and wait for all of them; return those that were not done."""
        futures = {step: self.submit([step]) for step in steps}
        return [step for step, future in futures.items() if future.result() is not Outcome.DONE]

    def stop(self) -> None:
        """Start nothing new."""
        self.stopped.set()
        self._on_stop()

    def drain(self) -> None:
        """Wait for everything that runs."""
        wait(list(self._running))

    def close(self) -> None:
        """Wait for everything, and end the workers; a mistake of the engine itself is raised here."""
        self._pool.shutdown()
        if self._mistake is not None:
            raise self._mistake

    def _run_chain(self, chain: list[Step]) -> Outcome:
        outcome = Outcome.DONE
        try:
            for step in chain:
                outcome = Outcome.REFUSED if self.stopped.is_set() else self._run_one(step)
                if outcome is not Outcome.DONE:
                    break
        except BaseException as error:  # noqa: BLE001 - a mistake of our own: nobody may wait for an answer for ever
            self.failed, self._mistake = True, error
            self.stop()
        finally:
            self._free.release()
        return outcome

    def _run_one(self, step: Step) -> Outcome:
        outcome = self._run(step)
        if outcome is not Outcome.DONE:
            self.failed = True
        if outcome is Outcome.FAILED and not self._carry_on:
            self.stop()
        return outcome
