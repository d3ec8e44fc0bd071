"""Working through what is to be moved: in batches, side by side, and no further than a failure allows."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from billing_runtime.errors import StripeCallError, StripeRefused
from billing_runtime.migration.moving import Mover
from billing_runtime.migration.policy import Pacing
from billing_runtime.migration.steps import Move

Progress = Callable[[Move], None]


@dataclass
class Run:
    """One run through the moves; `sentences` says why some of them failed, by subscription."""

    mover: Mover
    pacing: Pacing
    sleep: Callable[[float], None]
    progress: Progress
    sentences: dict[str, str] = field(default_factory=dict)
    _stop: threading.Event = field(default_factory=threading.Event)

    def go(self, moves: Sequence[Move]) -> None:
        """Take them all; after a failure nothing new begins, unless it is to go on."""
        batches = list(_batches(moves, self.pacing.batch))
        for number, batch in enumerate(batches, 1):
            self._together(batch)
            if self._stop.is_set():
                return
            if number < len(batches) and self.pacing.pause:
                self.sleep(self.pacing.pause)

    def _together(self, batch: Sequence[Move]) -> None:
        if self.pacing.at_once == 1:
            for move in batch:
                self._take(move)
            return
        with ThreadPoolExecutor(self.pacing.at_once) as pool:
            try:
                list(pool.map(self._take, batch))
            except BaseException:
                self._stop.set()  # also for Ctrl-C: what runs comes to its end, nothing new begins
                raise

    def _take(self, move: Move) -> None:
        if self._stop.is_set():
            return
        try:
            self.mover.take(move)
        except StripeCallError as failure:
            self._failed(move, failure)
        except BaseException:
            self._stop.set()
            raise
        self.progress(move)

    def _failed(self, move: Move, failure: StripeCallError) -> None:
        refused_key = isinstance(failure, StripeRefused) and failure.status == 401
        if refused_key or not self.pacing.keep_going:
            self._stop.set()
        if refused_key:
            raise failure  # every other subscription would fail as well
        self.mover.note_failure(move, failure)
        self.sentences[move.subscription] = str(failure)


def _batches(moves: Sequence[Move], size: int) -> Iterator[Sequence[Move]]:
    return (moves[start : start + size] for start in range(0, len(moves), size))
