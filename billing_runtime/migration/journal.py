"""The journal's file: lines that are on disk before anything follows from them, read back after any crash."""

from __future__ import annotations

import json
import os
import threading
from contextlib import suppress
from functools import cache
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from billing_runtime.errors import JournalInvalid, MigrationLocked

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jsonschema import Draft202012Validator

Json = dict[str, Any]

#: The newest version of the format that this package reads, and the one it writes.
VERSION = 1


def journal_schema() -> Json:
    """The published JSON Schema of a journal's lines."""
    text = resources.files("billing_runtime.migration").joinpath("journal.schema.json").read_text(encoding="utf-8")
    schema: Json = json.loads(text)
    return schema


class JournalFile:
    """An open journal; threads may share it."""

    def __init__(self, path: Path, descriptor: int) -> None:
        self.path, self._descriptor = path, descriptor
        self._lock = threading.Lock()

    @classmethod
    def create(cls, path: Path) -> Self:
        """A new one, readable by its owner only; nothing is ever written over."""
        if path.exists():
            raise JournalInvalid.exists(path)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND, 0o600)
            _sync_folder(path.parent)
        except OSError as error:
            raise JournalInvalid.unwritable(path, error.strerror or "no reason given") from None
        return cls(path, descriptor)

    @classmethod
    def reopen(cls, path: Path) -> Self:
        """One that is to be continued; a line that a crash cut short never counted, and goes."""
        try:
            descriptor = os.open(path, os.O_RDWR | os.O_APPEND)
            os.ftruncate(descriptor, len(_whole_lines(path.read_bytes())))
        except OSError as error:
            raise JournalInvalid.unwritable(path, error.strerror or "no reason given") from None
        return cls(path, descriptor)

    def write(self, *lines: Mapping[str, Any]) -> None:
        """Append lines; they are on disk when this returns."""
        text = "".join(json.dumps(line, separators=(",", ":")) + "\n" for line in lines)
        left = memoryview(text.encode())
        try:
            with self._lock:
                while left:
                    left = left[os.write(self._descriptor, left) :]
                os.fsync(self._descriptor)
        except OSError as error:
            raise JournalInvalid.unwritable(self.path, error.strerror or "no reason given") from None

    def close(self) -> None:
        """Let go of the file."""
        os.close(self._descriptor)


def read_lines(path: Path) -> list[Json]:
    """The journal's lines, each known to follow the format; the last one, if a crash cut it short, left out."""
    try:
        data = path.read_bytes()
    except OSError:
        raise JournalInvalid.unreadable(path) from None
    lines = [_line(path, number, text) for number, text in enumerate(_whole_lines(data).splitlines(), 1)]
    if not lines or lines[0]["type"] != "migration":
        raise JournalInvalid.line(path, 1, "is not the beginning of a migration")
    return lines


def _whole_lines(data: bytes) -> bytes:
    return data[: data.rfind(b"\n") + 1]


def _line(path: Path, number: int, text: bytes) -> Json:
    try:
        line = json.loads(text)
    except ValueError:
        raise JournalInvalid.line(path, number, "is no JSON") from None
    kind = line.get("type") if isinstance(line, dict) else None
    version = line.get("version") if kind == "migration" else None
    if isinstance(version, int) and version > VERSION:
        raise JournalInvalid.too_new(path, version, VERSION)
    validator = _validators().get(str(kind))
    if validator is None:
        raise JournalInvalid.line(path, number, "is of no type that this version knows")
    for error in validator.iter_errors(line):
        place = ".".join(map(str, error.absolute_path)) or "the line"
        raise JournalInvalid.line(path, number, f"is not as the format has it ({place}: {error.validator})")
    found: Json = line
    return found


@cache
def _validators() -> dict[str, Draft202012Validator]:
    """One for each type of line: to try them all on every line would take long."""
    from jsonschema import Draft202012Validator

    schema = journal_schema()
    kinds = [alternative["$ref"].rpartition("/")[2] for alternative in schema["oneOf"]]
    return {kind: Draft202012Validator({"$ref": f"#/$defs/{kind}", "$defs": schema["$defs"]}) for kind in kinds}


def _sync_folder(folder: Path) -> None:
    """The file's name must survive a power cut as well."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


class Lock:
    """One migration of an account at a time on this machine; the system gives it up for a killed process."""

    def __init__(self, folder: Path, account: str, *, livemode: bool) -> None:
        self._path = folder / f"{account}.{'live' if livemode else 'test'}.lock"
        self._account = account
        self._descriptor: int | None = None

    def __enter__(self) -> Self:
        import fcntl

        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(self._descriptor)
            raise MigrationLocked.of(self._account) from None
        return self

    def __exit__(self, *reason: object) -> None:
        if self._descriptor is not None:
            with suppress(OSError):
                os.close(self._descriptor)
