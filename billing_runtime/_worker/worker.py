"""`billing.worker()`: works on the inbox and does the chores, in threads of this process."""

from __future__ import annotations

import logging
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from billing_runtime.errors import BillingError

if TYPE_CHECKING:
    from collections.abc import Callable

    from billing_runtime._inbox.processing import Processing
    from billing_runtime._worker.chores import Chores

_log = logging.getLogger("billing_runtime.worker")

# Other processes take webhooks in too, so nobody wakes us: so long until we look again.
_IDLE_SECONDS = 1.0
_LONGEST_PAUSE = 60.0


class Worker:
    """Any number may run at once, in threads, processes and on machines that share a store."""

    def __init__(
        self,
        processing: Processing,
        chores: Chores,
        report: Callable[[], int] = lambda: 0,
        notify: Callable[[], int] = lambda: 0,
        *,
        threads: int = 4,
    ) -> None:
        self._processing, self._chores, self._report, self._threads = processing, chores, report, threads
        self._notify = notify
        self._wake = threading.Event()
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self.done = 0
        """How many events this worker has worked on."""

    def once(self) -> int:
        """Do everything that is due now, then return; how many events were worked on.

        Raises StripeUnavailable, StoreError, or what is wrong with the key; what is not done yet is due again later.
        """
        self._chores.run_due()
        while self._notify():  # first: it does not need Stripe, which may be away
            pass
        done = 0
        while worked := self._round():
            done += worked
            self.done += worked
        while self._report():
            pass
        return done

    def run(self, stop: threading.Event | None = None) -> None:
        """Work until told to stop; what is begun is finished. What keeps it from working is waited out, and logged."""
        stop = stop or self._stop
        failures = 0
        while not stop.is_set():
            pause = _IDLE_SECONDS
            try:
                self.once()
                failures = 0
            except BillingError as error:
                failures += 1
                pause = min(_LONGEST_PAUSE, 2.0 ** min(failures, 6))
                _log.warning("waiting %.0f s: %s", pause, error)
            self._wait(stop, pause, wakeful=not failures)

    def start(self) -> None:
        """Work in a thread of its own; nothing happens if there is one."""
        if self._thread is None or not self._thread.is_alive():
            self._stop.clear()
            self._thread = threading.Thread(target=self.run, name="billing-worker", daemon=True)
            self._thread.start()

    def stop(self) -> None:
        """End the thread after what it has begun."""
        self._stop.set()
        self._wake.set()
        if self._thread is not None:
            self._thread.join()
            self._thread = None

    def wake(self) -> None:
        """Something came in: look at once."""
        self._wake.set()

    def _round(self) -> int:
        """Work on some keys side by side; how many events that were."""
        keys = self._processing.due(self._threads * 4)
        if len(keys) <= 1:
            return sum(map(self._processing.work_on, keys))
        with ThreadPoolExecutor(min(self._threads, len(keys)), thread_name_prefix="billing-worker") as pool:
            jobs = [pool.submit(self._processing.work_on, key) for key in keys]
        return sum(job.result() for job in jobs)  # raises the first failure; the other jobs are through by now

    def _wait(self, stop: threading.Event, seconds: float, *, wakeful: bool) -> None:
        """Until something comes in, or for so long; while Stripe is away, what comes in is no reason to try again."""
        (self._wake if wakeful else stop).wait(seconds)
        self._wake.clear()
