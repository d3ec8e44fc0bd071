"""Child processes: started apart from the terminal, ended with us, even when we are killed."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
from collections import deque
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

_PATIENCE = 5.0  # seconds between the polite signal and the other one, as the CLI waits
_LAST_WORDS = 1.0  # seconds for what a process said before its end to arrive

# Reads "+pid" and "-pid" lines. The end of its input means that the engine is gone: whoever is left must go too.
_KEEPER = """
import os, signal, sys, time
left = set()
for line in sys.stdin:
    (left.add if line[0] == "+" else left.discard)(int(line[1:]))
def reached(pid, sign):
    try:
        os.killpg(pid, sign)
    except OSError:
        return False
    return True
left = [pid for pid in left if reached(pid, signal.SIGINT)]
for _ in range(40):
    left = [pid for pid in left if reached(pid, 0)]
    if not left:
        break
    time.sleep(0.05)
for pid in left:
    reached(pid, signal.SIGKILL)
"""


class Child:
    """One child process, whose output is handed on line by line."""

    def __init__(self, process: subprocess.Popen[bytes], on_line: Callable[[str, bool], None], *, skip: int) -> None:
        self.process = process
        self.first_lines: deque[str] = deque(maxlen=skip)
        self.last_errors: deque[str] = deque(maxlen=20)
        self._on_line = on_line
        self._skip = skip
        self._ready = threading.Condition()
        self._ended = False
        self._readers = [self._read(process.stdout, error=False), self._read(process.stderr, error=True)]

    def _read(self, stream: IO[bytes] | None, *, error: bool) -> threading.Thread:
        thread = threading.Thread(target=self._pump, args=(stream, error), daemon=True)
        thread.start()
        return thread

    def _pump(self, stream: IO[bytes], error: bool) -> None:
        with stream:
            for raw in stream:
                self._take(raw.decode(errors="replace").rstrip("\n"), error=error)
        if not error:
            self._note_end()

    def _take(self, line: str, *, error: bool) -> None:
        if error:
            self.last_errors.append(line)
        elif len(self.first_lines) < self._skip:
            with self._ready:
                self.first_lines.append(line)
                self._ready.notify_all()
            return
        self._on_line(line, error)

    def _note_end(self) -> None:
        with self._ready:
            self._ended = True
            self._ready.notify_all()

    def first_line(self, timeout: float) -> str | None:
        """Wait for the first line on stdout; nothing means that there was none."""
        with self._ready:
            self._ready.wait_for(lambda: self.first_lines or self._ended, timeout)
        return self.first_lines[0] if self.first_lines else None

    def exit_code(self, patience: float) -> int | None:
        """Return how the process ended, if it does within some seconds; then what it said is known as well."""
        try:
            code = self.process.wait(patience)
        except subprocess.TimeoutExpired:
            return None
        self._hear_out(_LAST_WORDS)
        return code

    def wait(self) -> int:
        """Wait for the process and for the end of its output."""
        code = self.process.wait()
        self._hear_out(_PATIENCE)
        return code

    def _hear_out(self, patience: float) -> None:
        """Wait for the end of the output, which may be held open by somebody whom the process left behind."""
        for reader in self._readers:
            reader.join(timeout=patience)

    def signal(self, number: int) -> None:
        """Send a signal to the process and everything it started."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, number)

    def stop(self) -> int:
        """Ask the process to end, and see to it that it does."""
        if self.process.poll() is None:
            self.signal(signal.SIGINT)
        try:
            self.process.wait(timeout=_PATIENCE)
        except subprocess.TimeoutExpired:
            self.signal(signal.SIGKILL)
        return self.wait()


class Children:
    """All child processes of one operation."""

    def __init__(self) -> None:
        self._left: set[Child] = set()
        self._lock = threading.Lock()
        self._keeper = subprocess.Popen(  # noqa: S603 - our own text, our own interpreter
            [sys.executable, "-I", "-S", "-c", _KEEPER],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    def start(
        self,
        command: Sequence[str],
        *,
        directory: Path,
        environ: Mapping[str, str],
        on_line: Callable[[str, bool], None],
        skip: int = 0,
    ) -> Child:
        """Start a process in its own group, so that Ctrl-C in the terminal reaches only the engine."""
        process = subprocess.Popen(  # noqa: S603 - what the user's project names
            list(command),
            cwd=directory,
            env=dict(environ),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
        child = Child(process, on_line, skip=skip)
        with self._lock:
            self._left.add(child)
            self._tell(f"+{process.pid}\n")
        return child

    def stop(self, child: Child) -> int:
        """End one child."""
        code = child.stop()
        self.forget(child)
        return code

    def forget(self, child: Child) -> None:
        """Note that a child has ended."""
        with self._lock:
            if child in self._left:
                self._left.remove(child)
                self._tell(f"-{child.process.pid}\n")

    def _tell(self, line: str) -> None:
        if self._keeper.stdin is not None:
            self._keeper.stdin.write(line.encode())
            self._keeper.stdin.flush()

    def close(self) -> None:
        """End whoever is left, then the keeper."""
        for child in list(self._left):
            self.stop(child)
        self._keeper.communicate()
