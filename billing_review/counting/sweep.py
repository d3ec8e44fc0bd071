"""Reads slices side by side, cuts what is left for whoever is idle, and hands every page over in one thread."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from math import ceil

from billing_review.counting.failures import Stopped
from billing_review.counting.listing import Listing, Page, Slice, rest_of

Ask = Callable[[Slice], Page]
Take = Callable[[Listing, Page], None]
Show = Callable[[int], None]


class Sweep:
    """One walk over some lists."""

    def __init__(self, ask: Ask, take: Take, *, side_by_side: int, show: Show = lambda _left: None) -> None:
        self._ask, self._take, self._show = ask, take, show
        self._most = side_by_side
        self._running: dict[Future[Page], Slice] = {}
        self._waiting: deque[Slice] = deque()
        self.stopped: dict[Listing, Stopped] = {}
        """What was not read to its end, and why."""
        self._over: Stopped | None = None
        self._seen: Counter[Listing] = Counter()

    def run(self, slices: Iterable[Slice], *, pages: int | None = None) -> list[Slice]:
        """Read to the end, or so many pages; answers what is left then."""
        self._waiting = deque(slices)
        begun = 0
        with ThreadPoolExecutor(self._most, thread_name_prefix="counting") as pool:
            while self._waiting or self._running:
                while self._may_begin(begun, pages):
                    read = self._waiting.popleft()
                    self._running[pool.submit(self._ask, read)] = read
                    begun += 1
                if not self._running:
                    break
                done, _ = wait(self._running, return_when=FIRST_COMPLETED)
                for future in done:
                    self._finish(future, self._running.pop(future))
                self._show(ceil(sum(one.pages for one in (*self._waiting, *self._running.values()))))
        return list(self._waiting)

    def _may_begin(self, begun: int, pages: int | None) -> bool:
        return bool(self._waiting) and len(self._running) < self._most and (pages is None or begun < pages)

    def _finish(self, future: Future[Page], read: Slice) -> None:
        try:
            page = future.result()
            self._take(read.listing, page)
        except Stopped as stopped:
            self._stop(read.listing, stopped)
            return
        self._seen[read.listing] += 1
        if not page.has_more:
            return
        if self._over is not None:
            self.stopped.setdefault(read.listing, self._over)
        if read.listing not in self.stopped:
            idle = self._most - len(self._running) - len(self._waiting) - 1
            self._waiting.extend(rest_of(read, page, idle, self._seen[read.listing]))

    def _stop(self, listing: Listing, stopped: Stopped) -> None:
        """Give the list up; with some reasons, everything that waits as well: what is running may still end well."""
        self.stopped.setdefault(listing, stopped)
        if stopped.for_all:
            self._over = stopped
            for other in self._waiting:
                self.stopped.setdefault(other.listing, stopped)
        self._waiting = deque(one for one in self._waiting if one.listing not in self.stopped)
