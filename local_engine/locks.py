"""Locks: one operation at a time changes a stack, whichever engine runs it."""

from __future__ import annotations

import getpass
import json
import os
import socket
import uuid
from contextlib import contextmanager
from typing import TYPE_CHECKING

from local_engine.backend import write_atomically
from local_engine.errors import LockedError
from local_engine.state import now

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from local_engine.backend import Backend


def lock_directory(backend: Backend, project: str, stack: str) -> Path:
    """Return where the locks of a stack lie."""
    return backend.root / "locks" / "organization" / project / stack


@contextmanager
def locked(backend: Backend, project: str, stack: str) -> Iterator[None]:
    """Hold the stack for one operation."""
    directory = lock_directory(backend, project, stack)
    mine = directory / f"{uuid.uuid4()}.json"
    _refuse_others(directory, mine)
    write_atomically(mine, json.dumps(_owner()))
    try:
        _refuse_others(directory, mine)  # two may have written at the same moment
        yield
    finally:
        mine.unlink(missing_ok=True)


def release(backend: Backend, project: str, stack: str) -> int:
    """Remove the locks that a killed operation left behind; return how many there were."""
    found = list(lock_directory(backend, project, stack).glob("*.json"))
    for path in found:
        path.unlink(missing_ok=True)
    return len(found)


def _owner() -> dict[str, object]:
    try:
        user = getpass.getuser()
    except (KeyError, OSError):  # a container without an entry for this user
        user = str(os.getuid())
    return {"pid": os.getpid(), "username": user, "hostname": socket.gethostname(), "timestamp": now()}


def _refuse_others(directory: Path, mine: Path) -> None:
    others = [path for path in sorted(directory.glob("*.json")) if path != mine]
    if others:
        lines = "".join(f"\n  {_describe(path)}" for path in others)
        raise LockedError(
            f"the stack is currently locked by {len(others)} lock(s). Either wait for the other process(es) to end or "
            f"delete the lock file with `pulumi cancel`.{lines}"
        )


def _describe(path: Path) -> str:
    try:
        owner = json.loads(path.read_text(encoding="utf-8"))
        who = f"{owner['username']}@{owner['hostname']} (pid {owner['pid']}) at {owner['timestamp']}"
    except (OSError, ValueError, KeyError, TypeError):
        return str(path)
    return f"{path}: created by {who}"
