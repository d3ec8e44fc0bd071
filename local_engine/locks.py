"""Locks: one operation at a time changes a stack, whichever engine runs it."""

from __future__ import annotations

import getpass
import json
import os
import socket
import uuid
from contextlib import contextmanager
from typing import TYPE_CHECKING

from local_engine.backend import COMPANION
from local_engine.durable import remove, write_atomically
from local_engine.errors import BackendError, LockedError
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
    _make(directory)
    # Not in the directory itself: the CLI stumbles over half a lock.
    write_atomically(mine, json.dumps(_owner()), waiting_room=directory.parent)
    try:
        _refuse_others(directory, mine)  # two may have written at the same moment
        yield
    finally:
        remove(mine)


def release(backend: Backend, project: str, stack: str) -> int:
    """Remove the locks that a killed operation left behind; return how many there were."""
    directory = lock_directory(backend, project, stack)
    found = _locks(directory)
    for path in found:
        remove(path)
        remove(path.with_name(f"{path.name}{COMPANION}"))
    return len(found)


def _make(directory: Path) -> None:
    try:
        directory.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise BackendError(f"{directory} cannot be made: {error.strerror}. Nothing was changed.") from None


def _locks(directory: Path) -> list[Path]:
    """List the locks: any file counts, as it does for the CLI, but not what its storage layer notes beside one."""
    try:
        found = sorted(directory.iterdir())
    except FileNotFoundError:
        return []
    except OSError as error:
        raise BackendError(f"{directory} cannot be read: {error.strerror}. Nothing was changed.") from None
    return [path for path in found if path.suffix != COMPANION]


def _owner() -> dict[str, object]:
    try:
        user = getpass.getuser()
    except (KeyError, OSError):  # a container without an entry for this user
        user = str(os.getuid())
    return {"pid": os.getpid(), "username": user, "hostname": socket.gethostname(), "timestamp": now()}


def _refuse_others(directory: Path, mine: Path) -> None:
    others = [path for path in _locks(directory) if path != mine]
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
