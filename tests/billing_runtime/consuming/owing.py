"""Processes that allow uses while the store is away, or are killed while they count them afterwards."""

from __future__ import annotations

import os
import signal
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

from billing_runtime import FailureSettings
from billing_runtime.consuming.journal import Journal
from tests.billing_runtime.consuming.using import opened

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

Json = dict[str, Any]


def owe(settings: Json, pipe: Connection, journal: str, worker: int, uses: int) -> None:
    """Use without a store, side by side; then, when it is back, once more. What was answered."""
    billing = opened(settings | {"failure": FailureSettings("open", journal)})
    pipe.send("open")
    pipe.recv()
    with ThreadPoolExecutor(4) as pool:
        keys = (f"{worker}/{number}" for number in range(uses))
        answers = pool.map(lambda key: billing.consume("org_1", "tokens", 1, idempotency_key=key), keys)
        pipe.send([(answer.allowed, answer.reason, answer.receipt) for answer in answers])
    pipe.recv()
    pipe.send(billing.consume("org_1", "tokens", 1).reason)
    billing.close()


def settle_and_die(settings: Json, pipe: Connection, journal: str) -> None:
    """Opened, it counts what is owed; killed before it can write that down."""
    pipe.close()
    Journal.settled = lambda *_: os.kill(os.getpid(), signal.SIGKILL)  # type: ignore[method-assign]
    opened(settings | {"failure": FailureSettings(journal=journal)})
