"""Ctrl-C and SIGTERM: the first ends an operation in good order, the second at once, as the Pulumi CLI has it."""

from __future__ import annotations

import os
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
    """Listen as long as an operation works; only the main thread can ask for signals."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    reader, writer = os.pipe()
    os.set_blocking(writer, False)
    threading.Thread(target=_listen, args=(reader, run), daemon=True).start()
    # Handlers in Python run in the main thread, which may have gone to sleep a moment before and not hear them.
    previous_writer = signal.set_wakeup_fd(writer, warn_on_full_buffer=False)
    previous: dict[int, Any] = {number: signal.signal(number, _leave_it_to_the_listener) for number in _HEARD}
    try:
        yield
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)
        signal.set_wakeup_fd(previous_writer)
        os.close(writer)


def _leave_it_to_the_listener(_number: int, _frame: Any) -> None:
    return


def _listen(reader: int, run: Run) -> None:
    """Read the number of each signal until the operation is over."""
    with os.fdopen(reader, "rb", buffering=0) as signals:
        while number := signals.read(1):
            if number[0] in _HEARD:
                by = _HEARD[signal.Signals(number[0])]
                threading.Thread(target=run.cancel, args=(by,), daemon=True).start()  # the next is heard meanwhile
