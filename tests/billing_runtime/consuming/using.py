"""Processes that use up what a plan allows, to be killed in the middle: begun by a server of forks, so within a moment.

What a worker does follows from its seed: so it is known what must have been counted of what was acknowledged, and one
that is started anew goes on with the first key that was not.
"""

from __future__ import annotations

import multiprocessing
import resource
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

from billing_runtime import Billing, Retries, StoreError

if TYPE_CHECKING:
    from collections.abc import Callable
    from multiprocessing.connection import Connection
    from multiprocessing.context import ForkServerProcess

Json = dict[str, Any]
ENTITIES = ("org_1", "org_2", "org_3")
THREADS = 3


@dataclass(frozen=True, slots=True)
class Use:
    """The use of this number by a thread of a worker: its key, and what must come of it."""

    key: str
    entity: str
    way: str
    asked: int
    used: int

    @classmethod
    def of(cls, seed: int, worker: int, thread: int, number: int) -> Use:
        """It follows from the seed."""
        rng = Random(f"{seed}/{worker}/{thread}/{number}")  # noqa: S311 - which is to be random, and no secret
        way = rng.choice(["consume", "consume", "consume", "reserve", "refund", "release"])
        asked = rng.randint(1, 9)
        used = {"consume": asked, "reserve": rng.randint(1, 12), "refund": rng.randint(0, asked - 1), "release": 0}[way]
        return cls(f"{worker}/{thread}/{number}", rng.choice(ENTITIES), way, asked, used)

    def do(self, billing: Billing) -> str:
        """Use it, as one does who may have begun it before; the receipt."""
        if self.way in {"consume", "refund"}:
            receipt = str(billing.consume(self.entity, "tokens", self.asked, idempotency_key=self.key).receipt)
            if self.way == "refund":
                billing.refund(receipt, self.asked - self.used, idempotency_key=f"{self.key}/back")
            return receipt
        held = billing.reserve(self.entity, "tokens", self.asked, idempotency_key=self.key)
        if self.way == "reserve":
            held.commit(self.used)
        else:
            held.release()
        return str(held.receipt)


def opened(settings: Json) -> Billing:
    """A Billing of a process of its own."""
    settings = dict(settings)
    now = datetime.fromisoformat(settings.pop("now"))
    impatient = Retries(attempts=5, first=0.001, longest=0.002)
    return Billing.open(**settings, clock=lambda: now, environ={}, api_key="sk_test_emulator", retries=impatient)


class _Said:
    """What a process tells its parent, whole or not at all."""

    def __init__(self, pipe: Connection) -> None:
        self._pipe, self._guard = pipe, threading.Lock()

    def __call__(self, *words: Any) -> None:
        """Say it."""
        with self._guard:
            self._pipe.send(words)


def use(settings: Json, pipe: Connection, seed: int, worker: int, first: list[int], ends: list[int] | None) -> None:
    """Use, each thread from its first number on, up to an end or for ever; tell of each use that is acknowledged."""
    said = _Said(pipe)
    billing = opened(settings)

    def thread(place: int) -> None:
        number = first[place]
        while ends is None or number < ends[place]:
            said(place, number, Use.of(seed, worker, place, number).do(billing))
            number += 1

    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(thread, range(THREADS)))
    billing.close()


def crowd(settings: Json, pipe: Connection, name: str, calls: int, threads: int) -> None:
    """So many calls side by side, when the parent says so; how many were allowed."""
    billing = opened(settings)
    pipe.send("ready")
    pipe.recv()
    with ThreadPoolExecutor(threads) as pool:
        entities = (ENTITIES[number % len(ENTITIES)] if name == "tokens" else "org_1" for number in range(calls))
        allowed = sum(map(bool, pool.map(lambda entity: billing.consume(entity, name), entities)))
    pipe.send(allowed)
    billing.close()


def tell(settings: Json, pipe: Connection) -> None:
    """Tell Stripe everything that is due."""
    billing = opened(settings)
    billing.usage.flush()
    pipe.send("told")
    billing.close()


_CONTEXT = multiprocessing.get_context("forkserver")
_CONTEXT.set_forkserver_preload([__name__, "billing_runtime._store.postgresql", "psycopg"])


def started(task: Callable[..., None], *arguments: Any) -> tuple[ForkServerProcess, Connection]:
    """A process at a task, and the end of its pipe; a task takes its settings and the other end first."""
    ours, theirs = _CONTEXT.Pipe()
    process = _CONTEXT.Process(target=task, args=(arguments[0], theirs, *arguments[1:]), daemon=True)
    process.start()
    theirs.close()
    return process, ours


def fill(settings: Json, pipe: Connection, room: int) -> None:
    """Use until no file may grow any more; then, with room again, repeat everything. How many there were, and why."""
    billing = opened(settings)
    path = settings["store"].removeprefix("sqlite:///")
    billing.consume("org_1", "tokens", 1, idempotency_key="key-0")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    most = max(file.stat().st_size for file in Path(path).parent.iterdir()) + room
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, hard))
    number, why = 1, ""
    while not why:
        try:
            billing.consume("org_1", "tokens", 1, idempotency_key=f"key-{number}")
            number += 1
        except StoreError as error:
            why = str(error)
    pipe.send((number, why, billing.consumption("org_1", "tokens").usage))
    resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    pipe.send(
        [billing.consume("org_1", "tokens", 1, idempotency_key=f"key-{again}").replayed for again in range(number + 1)]
    )
    billing.close()
