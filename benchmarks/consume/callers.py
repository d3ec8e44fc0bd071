"""So many callers, each of which waits for its answer before it asks again."""

from __future__ import annotations

import multiprocessing
import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from benchmarks.consume.rows import Keys, Row, middle, slow

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

    from benchmarks.consume.disk import Disk

ENTITIES = 1000
WARM_UP = 2.0  # until what is asked often is known, and lent out

Consume = Callable[[str], object]


class Way(Protocol):
    """One way to decide durably; it is sent to other processes, so it holds only addresses."""

    @property
    def name(self) -> str:
        """How it stands in the table."""
        ...

    def opened(self, callers: int) -> AbstractContextManager[Callable[[], Consume]]:
        """Ready for so many callers of this process; each asks once for what it then calls again and again."""
        ...


@dataclass(frozen=True)
class Load:
    """Who asks what."""

    callers: int
    keys: Keys
    seconds: float

    def entities(self, caller: int) -> list[str]:
        """The entities a caller consumes for, in its own order."""
        if self.keys == "hot":
            return ["org_0"]
        return [f"org_{(caller * 7919 + step * 389) % ENTITIES}" for step in range(ENTITIES)]


def measured(way: Way, load: Load, processes: int, disk: Disk) -> Row:
    """Let them all ask for some seconds."""
    found = disk.measured()
    if processes == 1:
        took, seconds = run(way, load, 0, lambda: None)
    else:
        took, seconds = _spread(way, load, processes)
    # A neighbour may have kept the disk busy either time: the better one is what it can do.
    found = max(found, disk.measured(), key=lambda one: one.rate)
    took.sort()
    figures = middle(took), slow(took), found.rate, found.p50_us
    return Row(way.name, load.keys, load.callers, processes, len(took), seconds, *figures)


def run(way: Way, load: Load, first: int, ready: Callable[[], object]) -> tuple[list[int], float]:
    """The nanoseconds of every decision of this process's callers, and how long it went on."""
    took: list[int] = []
    with way.opened(load.callers) as caller:
        clock = _Clock(load.seconds)
        begins = threading.Barrier(load.callers + 1, action=clock.begin)
        failures: list[BaseException] = []

        def work(number: int) -> None:
            try:
                consume, entities = caller(), load.entities(number)
                consume(entities[0])
                begins.wait()
                took.extend(_asked(consume, entities, clock))
            except BaseException as error:  # noqa: BLE001 - raised again by whoever started the thread
                failures.append(error)
                begins.abort()

        threads = [threading.Thread(target=work, args=(first + number,)) for number in range(load.callers)]
        for thread in threads:
            thread.start()
        ready()
        try:
            begins.wait()
        except threading.BrokenBarrierError:
            raise failures[0] from None
        for thread in threads:
            thread.join()
        if failures:
            raise failures[0]
        return took, clock.ended()


class _Clock:
    """When the measurement begins and ends; what is answered before it begins is not counted."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self.start = self.stop = self.last = 0

    def begin(self) -> None:
        """All are there."""
        self.start = time.perf_counter_ns() + int(WARM_UP * 1e9)
        self.stop = self.start + int(self._seconds * 1e9)

    def ended(self) -> float:
        """The seconds that were counted."""
        return (max(self.last, self.stop) - self.start) / 1e9


def _asked(consume: Consume, entities: list[str], clock: _Clock) -> list[int]:
    took, place, end, now = [], 0, 0, time.perf_counter_ns
    while end < clock.stop:
        entity = entities[place]
        place = place + 1 if place + 1 < len(entities) else 0
        begin = now()
        consume(entity)
        end = now()
        if begin >= clock.start:
            took.append(end - begin)
    clock.last = max(clock.last, end)
    return took


def _spread(way: Way, load: Load, processes: int) -> tuple[list[int], float]:
    """The same callers, divided between processes that begin together."""
    context = multiprocessing.get_context("spawn")
    begins = context.Barrier(processes)
    each = [load.callers // processes + (place < load.callers % processes) for place in range(processes)]
    links = []
    for place, callers in enumerate(each):
        ours, theirs = context.Pipe()
        part = Load(callers, load.keys, load.seconds)
        context.Process(target=_child, args=(way, part, sum(each[:place]), begins, theirs)).start()
        theirs.close()
        links.append(ours)
    answers = [link.recv() for link in links]
    return [one for took, _ in answers for one in took], max(seconds for _, seconds in answers)


def _child(way: Way, load: Load, first: int, begins: threading.Barrier, link: Connection) -> None:
    link.send(run(way, load, first, begins.wait))
