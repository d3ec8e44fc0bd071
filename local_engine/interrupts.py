"""Ctrl-C and SIGTERM: the first ends an operation in good order, the second at once, as the Pulumi CLI has it."""

from __future__ import annotations

import signal
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from local_engine.run import Run

_HEARD = {signal.SIGINT: "^C", signal.SIGTERM: "SIGTERM"}


@contextmanager
def interruptible(run: Run) -> Iterator[None]:
    """Listen as long as an operation works; only the main thread can hear signals."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def hear(number: int, _frame: Any) -> None:
        # Not here: the main thread may hold a lock that is needed for it.
        threading.Thread(target=run.cancel, args=(_HEARD[signal.Signals(number)],)).start()

    previous: dict[int, Any] = {number: signal.signal(number, hear) for number in _HEARD}
    try:
        yield
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)
