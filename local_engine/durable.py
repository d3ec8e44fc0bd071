"""Files that a crash leaves either as they were or as they should be."""

from __future__ import annotations

import os
import uuid
from typing import TYPE_CHECKING

from local_engine.errors import BackendError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def write_atomically(
    path: Path, text: str, *, waiting_room: Path | None = None, before: Callable[[Path], None] | None = None
) -> None:
    """Replace a file; the new one waits, whole and synced, beside it or in a directory of the same disk.

    `before` is called with the path when nothing but the last step can fail any more.
    """
    target = path.resolve()  # a link stays a link
    temporary = (waiting_room or target.parent) / f".{path.name}.{uuid.uuid4().hex}.tmp"
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        _write_synced(temporary, text, like=target)
        if before is not None:
            before(target)
        temporary.replace(target)
        sync_directory(target.parent)
    except OSError as error:
        raise BackendError(
            f"{path} cannot be written: {error.strerror}. Nothing of the old file was changed."
        ) from None
    finally:
        _forget(temporary)


def _write_synced(temporary: Path, text: str, like: Path) -> None:
    with temporary.open("w", encoding="utf-8", newline="") as file:
        if like.exists():
            temporary.chmod(like.stat().st_mode & 0o7777)
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def _forget(temporary: Path) -> None:
    try:
        temporary.unlink(missing_ok=True)
    except OSError:  # where nothing can be removed nothing was written either
        return


def sync_directory(directory: Path) -> None:
    """Make names given and taken in a directory as safe as the files."""
    handle = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def move(source: Path, target: Path) -> None:
    """Give a file another name, in a directory that may not be there yet."""
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        source.replace(target)
        sync_directory(target.parent)
        sync_directory(source.parent)
    except OSError as error:
        raise BackendError(f"{source} cannot be moved to {target}: {error.strerror}.") from None


def remove(path: Path) -> None:
    """Remove a file, if it is there."""
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        raise BackendError(f"{path} cannot be removed: {error.strerror}.") from None
