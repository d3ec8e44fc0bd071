"""The data file: SQLite, written before anybody is answered, by one write for all who changed something meanwhile."""

from __future__ import annotations

import json
import logging
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

Document = dict[str, Any]
Address = tuple[str, str, str]  # scope, kind, id
Soon = Callable[[Callable[[], None]], Any]
"""Lets a function run after what else there is to do now, such as `loop.call_soon`."""

Kept = Callable[[bool], None]
"""Is told whether everything is on disk."""

VERSION = 2
"""Of what stands in the file, in its `user_version`; what an older one lacks is added by `upgrade.py`."""

_SCHEMA = """
CREATE TABLE IF NOT EXISTS documents (
  sequence INTEGER PRIMARY KEY AUTOINCREMENT,
  scope TEXT NOT NULL, kind TEXT NOT NULL, id TEXT NOT NULL, body TEXT NOT NULL,
  UNIQUE (scope, kind, id)
)
"""
_WRITE = """
INSERT INTO documents (scope, kind, id, body) VALUES (?, ?, ?, ?)
ON CONFLICT (scope, kind, id) DO UPDATE SET body = excluded.body
"""
_DELETE = "DELETE FROM documents WHERE scope = ? AND kind = ? AND id = ?"
_LOG = logging.getLogger(__name__)


class DataFileError(Exception):
    """A file that cannot be used, in one sentence without its name."""


class DataFile:
    """One file. Changes wait for the next turn of the loop, if there is one, and are written together."""

    def __init__(self, path: Path) -> None:
        self._file = _open(path)
        self.version = int(self._file.execute("PRAGMA user_version").fetchone()[0])
        self.soon: Soon | None = None
        self._pending: list[tuple[Address, Document | None]] = []
        self._waiting: list[Kept] = []
        self._is_due = False

    def mark(self) -> None:
        """Write down that everything in the file has today's form."""
        self.flush()
        self._file.execute(f"PRAGMA user_version = {VERSION}")
        self.version = VERSION

    def read(self) -> Iterator[tuple[str, str, str, Document]]:
        """Return every document with its address, the oldest first."""
        try:
            with closing(self._file.execute("SELECT scope, kind, id, body FROM documents ORDER BY sequence")) as rows:
                for scope, kind, identifier, body in rows:
                    yield scope, kind, identifier, json.loads(body)
        except (sqlite3.Error, ValueError) as error:
            self._file.close()
            raise DataFileError(_reason(error)) from error

    def write(self, changes: dict[Address, Document | None]) -> None:
        """Take changes over; they are on disk when `when_kept` says so."""
        self._pending += changes.items()
        self._flush_soon()

    def when_kept(self, tell: Kept) -> None:
        """Call back when all that was taken over is on disk; with False if it could not be written."""
        if not self._pending:
            tell(True)
            return
        self._waiting.append(tell)
        self._flush_soon()

    def flush(self) -> None:
        """Write what waits, and tell who waits for it; what could not be written is tried again the next time."""
        self._is_due = False
        is_kept = not self._pending or self._write(self._pending)
        if is_kept:
            self._pending = []
        waiting, self._waiting = self._waiting, []
        for tell in waiting:
            tell(is_kept)

    def _flush_soon(self) -> None:
        if self.soon is None:
            self.flush()
        elif not self._is_due:
            self._is_due = True
            self.soon(self.flush)

    def empty(self) -> None:
        """Forget everything."""
        self.flush()
        with self._file:
            self._file.execute("DELETE FROM documents")

    def close(self) -> None:
        """Write what waits, and close the file."""
        self.flush()
        self._file.close()

    def _write(self, pending: list[tuple[Address, Document | None]]) -> bool:
        try:
            with self._file as file:
                for address, document in pending:
                    if document is None:
                        file.execute(_DELETE, address)
                    else:
                        file.execute(_WRITE, (*address, json.dumps(document)))
        except sqlite3.Error as error:
            _LOG.error("the data file cannot be written: %s", error)
            return False
        return True


def _open(path: Path) -> sqlite3.Connection:
    if path.is_dir():
        raise DataFileError("it is a folder")
    try:
        # The server opens the storage in one thread and uses it in another, never in two at once.
        file = sqlite3.connect(path, check_same_thread=False)
    except sqlite3.Error as error:
        raise DataFileError(_reason(error)) from error
    try:
        _prepare(file)
    except (sqlite3.Error, DataFileError) as error:
        file.close()
        raise DataFileError(_reason(error)) from error
    return file


def _prepare(file: sqlite3.Connection) -> None:
    version = file.execute("PRAGMA user_version").fetchone()[0]
    if version > VERSION:
        raise DataFileError(f"a newer emulator wrote it (version {version}, this one reads {VERSION})")
    file.execute("PRAGMA journal_mode = WAL")
    file.execute("PRAGMA synchronous = FULL")  # an answered request survives a killed process and a power cut
    file.execute(_SCHEMA)
    if file.execute("SELECT 1 FROM documents LIMIT 1").fetchone() is None:
        file.execute(f"PRAGMA user_version = {VERSION}")


def _reason(error: Exception) -> str:
    if "not a database" in str(error):
        return "it is not a data file of the emulator"
    if isinstance(error, ValueError) or "malformed" in str(error):
        return "it is damaged"
    return str(error)
