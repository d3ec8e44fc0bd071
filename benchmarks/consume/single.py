"""Figures that are one number: a read, a start, memory over a long run, a day's usage on its way to Stripe."""

from __future__ import annotations

import multiprocessing
import sqlite3
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any, Literal

import stripe

from benchmarks.consume.callers import ENTITIES
from benchmarks.consume.ours import NAME, opened, subscribe
from benchmarks.consume.rows import Figure
from billing_runtime import Billing, Reporting
from stripe_emulator import EmulatorClient
from tests.billing_runtime.outbox.conftest import Time, shop

MANY = 1_000_000
EVENTS_OF_A_DAY, MINUTES = 10_000_000, 1440
LIVE_CALLS = 200  # what a process of ours makes at most in live mode


def reading(folder: Path) -> list[Figure]:
    """What an entity may do: the middle of 20,000 reads, of a thousand entities."""
    with opened(f"sqlite:///{folder}/read.db") as billing:
        subscribe(billing)
        names = [f"org_{place}" for place in range(ENTITIES)]
        for name in names:
            billing.limits(name)
        took = []
        for number in range(20_000):
            begin = time.perf_counter_ns()
            billing.limits(names[number % ENTITIES])
            took.append(time.perf_counter_ns() - begin)
    middle = statistics.median(took) / 1000
    return [Figure("billing.limits(entity), p50", middle, "µs", "≤ 20", middle <= 20)]


def opening(folder: Path) -> list[Figure]:
    """Until the first decision is there: with a million counters in the store, beside an empty one."""
    empty, full = folder / "empty.db", folder / "full.db"
    for path in (empty, full):
        with opened(f"sqlite:///{path}") as billing:
            subscribe(billing, 1)
            billing.consume("org_0", NAME)
    with closing(sqlite3.connect(full)) as connection, connection:
        names = [row[1] for row in connection.execute("PRAGMA table_info(counter)")]
        copied = ", ".join("'org_' || number" if name == "entity_id" else name for name in names)
        numbers = "WITH RECURSIVE n(number) AS (SELECT 1 UNION ALL SELECT number + 1 FROM n WHERE number < ?)"
        filled = f"INSERT INTO counter {numbers} SELECT {copied} FROM n, counter"  # noqa: S608 - our own
        connection.execute(filled, (MANY - 1,))
    took = {path: statistics.median(_opened(path) for _ in range(9)) for path in (empty, full)}
    ratio = took[full] / took[empty]
    return [
        Figure("open and decide, empty store", took[empty] * 1000, "ms"),
        Figure("open and decide, 1,000,000 counters", took[full] * 1000, "ms", "≤ 2× the empty one", ratio <= 2),
    ]


def _opened(path: Path) -> float:
    begin = time.perf_counter()
    with opened(f"sqlite:///{path}") as billing:
        billing.consume("org_0", NAME)
        return time.perf_counter() - begin


def memory(folder: Path, decisions: int) -> list[Figure]:
    """Memory of a process of 64 callers, after a tenth of a long run, after half of it, and at its end."""
    url = f"sqlite:///{folder}/memory.db"
    with opened(url) as billing:
        subscribe(billing)
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    context.Process(target=_long, args=(url, decisions, theirs)).start()
    theirs.close()
    tenth, half, end = ours.recv()
    flat = end <= tenth * 1.1
    return [
        Figure(f"memory after a tenth of {decisions:,} decisions", tenth, "MB"),
        Figure("after half of them", half, "MB"),
        Figure("at the end", end, "MB", "≤ 1.1× a tenth's", flat),
    ]


def _long(url: str, decisions: int, link: Any) -> None:
    sizes = []
    with opened(url) as billing:
        for part in (0.1, 0.4, 0.5):
            each = int(decisions * part) // 64

            def use(caller: int, each: int = each) -> None:
                for step in range(each):
                    billing.consume(f"org_{(caller * 7919 + step * 389) % ENTITIES}", NAME)

            threads = [threading.Thread(target=use, args=(caller,)) for caller in range(64)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
            sizes.append(pages * 4096 / 1e6)
    link.send(sizes)


def day(folder: Path) -> list[Figure]:
    """Ten million uses of a day, told to Stripe: the calls they become, and how long those take within its limits.

    Sent here: five minutes of 200 entities (1,000 rows), by an emulated Stripe that answers at once. A row is what one
    entity used of one meter in a minute, so calls depend on who is active, not on how much they use.
    """
    figures = []
    busy = 1000
    rows = busy * MINUTES  # each of a thousand entities uses something in every minute of the day
    ways: tuple[tuple[Literal["v1", "stream"], int], ...] = (("v1", 1), ("stream", 100))
    for api, together in ways:
        sent, calls, seconds = _sent(folder, api)
        figures.append(Figure(f"{api}: rows told in a second here, one worker", sent / seconds, "rows/s"))
        needed = rows * calls / sent
        hours = needed / LIVE_CALLS / 3600
        what = f"{api}: calls for {EVENTS_OF_A_DAY:,} uses of {busy:,} entities in a day ({together} a call)"
        figures.append(Figure(what, needed, "calls"))
        at_once = f"{api}: time for them at {LIVE_CALLS} calls a second"
        figures.append(Figure(at_once, hours, "h", "≤ 24", hours <= 24))
    return figures


def _sent(folder: Path, api: Literal["v1", "stream"]) -> tuple[int, int, float]:
    with _stripe() as emulator:
        client = stripe.StripeClient(emulator.key, base_addresses={"api": emulator.url})
        clock = Time(emulator)
        settings: Any = {"store": f"sqlite:///{folder}/day-{api}.db", "api_base": emulator.url, "clock": clock}
        with Billing.open(
            manifest=shop(client), api_key=emulator.key, environ={}, reporting=Reporting(api=api), **settings
        ) as billing:
            for place in range(200):
                billing.customers.ensure(f"org_{place}", kind="organization")
            for _ in range(5):
                for place in range(200):
                    billing.consume(f"org_{place}", "tokens", 7)
                clock.set(clock.now + timedelta(seconds=60))
            emulator.clear_requests()
            begin, told = time.perf_counter(), 0
            while done := billing._outbox.work():  # noqa: SLF001 - the worker's own call, without its pauses
                told += done
            return 1000, len(emulator.requests()), time.perf_counter() - begin


@contextmanager
def _stripe() -> Iterator[EmulatorClient]:
    """The emulated Stripe as a process of its own."""
    command = [sys.executable, "-m", "stripe_emulator", "--port", "0"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        yield EmulatorClient(process.stdout.readline().split()[-1])
    finally:
        process.terminate()
        process.wait()
        process.stdout.close()
