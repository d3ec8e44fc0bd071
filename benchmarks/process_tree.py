"""What a command costs: its time, and the CPU time and peak memory of each process it starts (Linux)."""

from __future__ import annotations

import os
import subprocess
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

_TICKS = os.sysconf("SC_CLK_TCK")
_INTERVAL = 0.05  # seconds between two looks; the system keeps peaks and sums, so only the very last moment is missed


class CommandFailedError(RuntimeError):
    """A command that is measured must succeed."""


@dataclass(frozen=True)
class Usage:
    """What one process, or all of one kind, used."""

    cpu: float = 0.0
    mib: float = 0.0

    def __add__(self, other: Usage) -> Usage:
        """Take two processes together."""
        return Usage(self.cpu + other.cpu, self.mib + other.mib)


@dataclass(frozen=True)
class Cost:
    """What one command cost, by kind of process; the command itself is "engine"."""

    seconds: float
    used: Mapping[str, Usage]


def measure(command: Sequence[str], *, environ: Mapping[str, str], directory: Path, kinds: Mapping[str, str]) -> Cost:
    """Run a command; the kind of a child is that of the first text that is in its command line."""
    began = time.perf_counter()
    with (
        tempfile.TemporaryFile("w+") as output,
        subprocess.Popen(command, cwd=directory, env=environ, stdout=output, stderr=output) as process,
        _Watch(process.pid, kinds) as watch,
    ):
        os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)  # while it is not reaped its times can be read
        seconds = time.perf_counter() - began
        watch.look()
        if process.wait():
            output.seek(0)
            raise CommandFailedError(f"{' '.join(command)} ended with {process.returncode}:\n{output.read()}")
    return Cost(seconds, watch.used())


class _Watch:
    """Looks at a process and its descendants again and again."""

    def __init__(self, root: int, kinds: Mapping[str, str]) -> None:
        self._root = root
        self._kinds = kinds
        self._seen: dict[int, tuple[str, Usage]] = {}
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._over.wait(_INTERVAL):
            self.look()

    def look(self) -> None:
        """Note what every process has used until now."""
        for pid in _descendants(self._root):
            known, before = self._seen.get(pid, ("", Usage()))
            kind = "engine" if pid == self._root else self._kind_of(pid) or known  # the dead have no command line
            memory = before.mib if kind == known else 0.0  # until then it was a copy of the one that started it
            self._seen[pid] = (kind, Usage(max(before.cpu, _cpu(pid)), max(memory, _peak(pid))))

    def _kind_of(self, pid: int) -> str:
        words = _read(pid, "cmdline").replace("\0", " ")
        return next((kind for text, kind in self._kinds.items() if text in words), "")

    def used(self) -> dict[str, Usage]:
        """Sum up by kind."""
        found: dict[str, Usage] = {}
        for kind, usage in self._seen.values():
            if kind:
                found[kind] = found.get(kind, Usage()) + usage
        return found


def _descendants(root: int) -> list[int]:
    children: dict[int, list[int]] = {}
    for pid in (int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()):
        if fields := _stat(pid):
            children.setdefault(int(fields[1]), []).append(pid)
    found = [root]
    for pid in found:  # which grows meanwhile
        found.extend(children.get(pid, ()))
    return found


def _read(pid: int, name: str) -> str:
    try:
        return Path(f"/proc/{pid}/{name}").read_text(encoding="utf-8", errors="replace")
    except OSError:  # it has ended meanwhile
        return ""


def _stat(pid: int) -> list[str]:
    """Return state, parent and so on: what follows the name, which may contain anything."""
    return _read(pid, "stat").rpartition(")")[2].split()


def _cpu(pid: int) -> float:
    fields = _stat(pid)
    return (int(fields[11]) + int(fields[12])) / _TICKS if fields else 0.0


def _peak(pid: int) -> float:
    line = next((line for line in _read(pid, "status").splitlines() if line.startswith("VmHWM:")), "VmHWM: 0 kB")
    return int(line.split()[1]) / 1024
