"""A program that the engine ends because a resource failed: it stops without a KeyboardInterrupt traceback.

The engine has said what failed by then, and sends SIGINT to the program, which Python would answer with a traceback in
the middle of the user's diagnostics.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from typing import Any

from pulumi.runtime.settings import SETTINGS

SAID_ALREADY = 32
"""The exit code by which Pulumi's launcher says that nothing needs to be added."""


def end_quietly() -> None:
    """Take SIGINT over, in a program of its own process only; inline programs belong to somebody else's."""
    is_program = type(getattr(SETTINGS, "monitor", None)).__name__ == "ResourceMonitorStub"
    is_free = signal.getsignal(signal.SIGINT) is signal.default_int_handler
    if is_program and is_free and threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGINT, _end)


def _end(*_: Any) -> None:
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(SAID_ALREADY)
