"""What the disk itself can do: append 4 KiB to a file that grows, and wait until it is there."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from pathlib import Path

from benchmarks.consume.rows import middle

_PAGE = b"x" * 4096


@dataclass(frozen=True)
class Synced:
    """How often in a second, and how long the middle one took."""

    rate: float
    p50_us: float


class Disk:
    """The disk that a folder is on."""

    def __init__(self, folder: Path, seconds: float) -> None:
        self._file, self._seconds = folder / "disk", seconds

    def measured(self) -> Synced:
        """As it is now: a busy neighbour changes it from minute to minute."""
        took: list[int] = []
        handle = os.open(self._file, os.O_CREAT | os.O_WRONLY | os.O_TRUNC)
        begin = end = time.perf_counter_ns()
        while end - begin < self._seconds * 1e9:
            before = end
            os.write(handle, _PAGE)
            os.fdatasync(handle)
            end = time.perf_counter_ns()
            took.append(end - before)
        os.close(handle)
        self._file.unlink()
        return Synced(len(took) * 1e9 / (end - begin), middle(sorted(took)))
