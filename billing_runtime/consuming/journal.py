"""Uses that were allowed while the store was away, in a file beside the process: lines are added, flushed to the disk.

A line that was torn by a kill was answered to nobody, and is left out. What was counted since is told by a line of its
own; once nothing is owed any more the file is emptied.
"""

from __future__ import annotations

import json
import logging
import os
import sys
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if sys.platform != "win32":
    import fcntl

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_log = logging.getLogger("billing_runtime")
_VERSION = 1


@dataclass(frozen=True, slots=True)
class Debt:
    """A use that is to be counted: of an account and mode, as it was asked for, at a second of the clock."""

    account: str
    livemode: bool
    entity_id: str
    name: str
    amount: str
    member: str | None
    action: str | None
    enforce: bool
    key: str
    at: int

    @property
    def place(self) -> tuple[str, bool, str, str]:
        """What makes it count once."""
        return self.account, self.livemode, self.entity_id, self.key


class Journal:
    """The file. Any number of threads and processes may write it."""

    def __init__(self, path: str | os.PathLike[str]) -> None:
        # Absolute: the program may go to another folder.
        self.path = Path(path).absolute()

    def owe(self, debt: Debt) -> None:
        """Add a debt; it is on disk when this returns. Raises OSError."""
        self._add([{"version": _VERSION, "owed": asdict(debt)}])

    def settled(self, debts: Sequence[Debt]) -> None:
        """These are counted; without any other the file is emptied. Raises OSError."""
        if debts:
            self._add([{"version": _VERSION, "settled": list(debt.place)} for debt in debts])
        with self._locked() as handle:
            if not _owed(self.path.read_bytes()):
                os.ftruncate(handle, 0)

    def owed(self) -> list[Debt]:
        """What is to be counted, oldest first. Raises OSError."""
        try:
            text = self.path.read_bytes()
        except FileNotFoundError:
            return []
        return list(_owed(text).values())

    @property
    def is_empty(self) -> bool:
        """Whether nothing is in it; cheap."""
        try:
            return self.path.stat().st_size == 0
        except (FileNotFoundError, NotADirectoryError):
            return True

    def _add(self, rows: list[dict[str, Any]]) -> None:
        text = "".join(f"{json.dumps(row, separators=(',', ':'))}\n" for row in rows).encode()
        self.path.parent.mkdir(parents=True, exist_ok=True)
        is_new = not self.path.exists()
        with self._locked() as handle:
            size = os.fstat(handle).st_size
            if size and os.pread(handle, 1, size - 1) != b"\n":
                text = b"\n" + text  # the line of one who was killed ends here
            try:
                _write(handle, text)
                os.fsync(handle)
            except OSError:
                os.ftruncate(handle, size)
                raise
        if is_new:
            _flush_folder(self.path.parent)

    @contextmanager
    def _locked(self) -> Iterator[int]:
        """The open file, which nobody else changes until the block ends; it is its owner's alone."""
        handle = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            if sys.platform != "win32":
                fcntl.flock(handle, fcntl.LOCK_EX)
            yield handle
        finally:
            os.close(handle)  # the lock ends with it


def _owed(text: bytes) -> dict[tuple[str, bool, str, str], Debt]:
    found: dict[tuple[str, bool, str, str], Debt] = {}
    for line in filter(None, text.split(b"\n")):
        try:
            row = json.loads(line)
            if "settled" in row:
                account, livemode, entity_id, key = row["settled"]
                found.pop((account, livemode, entity_id, key), None)
            else:
                debt = Debt(**row["owed"])
                found.setdefault(debt.place, debt)
        except (ValueError, TypeError, KeyError):
            _log.warning("a line of the journal of debts is torn: it was answered to nobody, and is left out")
    return found


def _write(handle: int, text: bytes) -> None:
    while text:
        text = text[os.write(handle, text) :]


def _flush_folder(folder: Path) -> None:
    """The name of a new file is on disk as well."""
    if sys.platform != "win32":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
