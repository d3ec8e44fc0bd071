"""The processes of a running operation: found in /proc, killed, waited for."""

from __future__ import annotations

import contextlib
import os
import signal
import time
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Process:
    """One process as /proc has it."""

    pid: int
    parent: int
    command: str

    def kill(self) -> None:
        """SIGKILL: no chance to end in good order."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)

    @property
    def ended(self) -> bool:
        """Whether it is gone; a zombie is."""
        stat = _read(Path(f"/proc/{self.pid}/stat"))
        return not stat or stat.rpartition(")")[2].split()[0] == "Z"


def below(pid: int) -> list[Process]:
    """A process and all that it started, directly or not."""
    everyone = [found for entry in Path("/proc").glob("[0-9]*") if (found := _process(entry))]
    family = [one for one in everyone if one.pid == pid]
    for one in family:
        family += [child for child in everyone if child.parent == one.pid and child not in family]
    return family


def host_of(pid: int) -> Process:
    """The provider host below an engine."""
    return next(one for one in below(pid) if is_host(one))


def is_host(process: Process) -> bool:
    """Whether it is a provider host."""
    return "-m billing_resources.host" in process.command


def working_in(directory: Path) -> list[Process]:
    """The processes whose working directory this is."""
    entries = [entry for entry in Path("/proc").glob("[0-9]*") if _target(entry / "cwd") == str(directory)]
    return [found for entry in entries if (found := _process(entry)) and not found.ended]


def wait_for_end(processes: list[Process]) -> None:
    """Return when all of them are gone; the time limit of the test is the only one."""
    while any(not one.ended for one in processes):
        time.sleep(0.01)


def _process(entry: Path) -> Process | None:
    stat = _read(entry / "stat")
    if not stat:
        return None
    command = _read(entry / "cmdline").replace("\0", " ")
    return Process(int(entry.name), int(stat.rpartition(")")[2].split()[1]), command)


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:  # it has ended meanwhile
        return ""


def _target(link: Path) -> str:
    try:
        return str(link.readlink())
    except OSError:  # it has ended meanwhile, or is somebody else's
        return ""
