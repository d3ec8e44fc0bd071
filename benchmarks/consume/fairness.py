"""Eight processes that write to one SQLite file as often as they can: how evenly they come to their turn."""

from __future__ import annotations

import multiprocessing
import time
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from benchmarks.consume.rows import Figure
from billing_runtime import Scope
from billing_runtime._store.sqlite import SqliteStore

PROCESSES, SECONDS = 8, 4.0
_SCOPE = Scope("acct_1", livemode=False)


def fairness(folder: Path) -> list[Figure]:
    """As SQLite does it by itself, and in line."""
    figures = []
    for what, line in (("without a line", False), ("in line", True)):
        written, waited = _measured(folder / f"fair-{line}.db", line=line)
        ratio = max(written) / max(1, min(written))
        target, met = ("≤ 3", ratio <= 3) if line else ("", None)
        name = f"{PROCESSES} writers, {what}:"
        figures += [
            Figure(f"{name} commits of the busiest per one of the idlest", ratio, "×", target, met),
            Figure(f"{name} longest wait for a commit", waited * 1000, "ms"),
            Figure(f"{name} commits of all of them", sum(written) / SECONDS, "per second"),
        ]
    return figures


def _measured(path: Path, *, line: bool) -> tuple[list[int], float]:
    SqliteStore(path).close()
    context = multiprocessing.get_context("spawn")
    begins, links = context.Barrier(PROCESSES), []
    for place in range(PROCESSES):
        ours, theirs = context.Pipe()
        context.Process(target=_write, args=(path, place, line, begins, theirs)).start()
        theirs.close()
        links.append(ours)
    answers = [link.recv() for link in links]
    return [written for written, _ in answers], max(waited for _, waited in answers)


def _write(path: Path, place: int, line: bool, begins: Any, link: Any) -> None:
    store: Any = SqliteStore(path)
    if not line:
        store._turns.taken = nullcontext  # noqa: SLF001 - as it would be without
    begins.wait()
    end, written, waited = time.perf_counter() + SECONDS, 0, 0.0
    while (begin := time.perf_counter()) < end:
        with store.transaction(_SCOPE) as change:
            for number in range(20):
                change.run("begin_chore", name=f"{place} {written} {number}", due_at=1, now=0)
        written, waited = written + 1, max(waited, time.perf_counter() - begin)
    store.close()
    link.send((written, waited))
