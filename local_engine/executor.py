"""The executor: runs chains of steps, several at a time."""

from __future__ import annotations

import threading
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from local_engine.steps import Step


class Executor:
    """Worker threads; after a failure nothing new starts, and what runs comes to its end."""

    def __init__(self, parallel: int, run: Callable[[Step], bool], on_stop: Callable[[], None]) -> None:
        self._pool = ThreadPoolExecutor(max_workers=parallel, thread_name_prefix="step")
        self._free = threading.Semaphore(parallel)
        self._run = run
        self._on_stop = on_stop
        self._running: set[Future[None]] = set()
        self.failed = False
        self.stopped = threading.Event()

    def submit(self, chain: list[Step]) -> Future[None]:
        """Run a chain in order; block while every worker is busy, so that decisions are never made far ahead."""
        self._free.acquire()
        future = self._pool.submit(self._run_chain, chain)
        self._running.add(future)
        future.add_done_callback(self._running.discard)
        return future

    def run_all(self, steps: Iterable[Step]) -> None:
        """Run steps side by side, and wait for all of them."""
        wait([self.submit([step]) for step in steps])

    def stop(self) -> None:
        """Start nothing new."""
        self.stopped.set()
        self._on_stop()

    def drain(self) -> None:
        """Wait for everything that runs."""
        wait(list(self._running))

    def close(self) -> None:
        """Wait for everything, and end the workers."""
        self._pool.shutdown()

    def _run_chain(self, chain: list[Step]) -> None:
        try:
            for step in chain:
                if self.stopped.is_set():
                    return
                if not self._run(step):
                    self.failed = True
                    self.stop()
                    return
        finally:
            self._free.release()
