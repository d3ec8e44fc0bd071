"""The file backend: where Pulumi keeps the state of stacks (https://www.pulumi.com/docs/iac/concepts/state-and-backends/)."""

from __future__ import annotations

import os
import re
import uuid
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from local_engine import checkpoint
from local_engine.checkpoint import Document
from local_engine.errors import BackendError, StackError, UnsupportedError

if TYPE_CHECKING:
    from collections.abc import Mapping

_STACK_NAME = re.compile(r"[A-Za-z0-9_.-]{1,100}")


def write_atomically(path: Path, text: str) -> None:
    """Replace a file so that a crash leaves either the old or the new one."""
    temporary = path.with_name(f".{path.name}.{uuid.uuid4().hex}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with temporary.open("w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
        _sync_directory(path.parent)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise BackendError(
            f"{path} cannot be written: {error.strerror}. Nothing of the old file was changed."
        ) from None


def _sync_directory(directory: Path) -> None:
    handle = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def directory_of(url: str, environ: Mapping[str, str]) -> Path:
    """Turn `file://…` into a directory; every other backend is the CLI's."""
    parts = urlsplit(url)
    if parts.scheme != "file":
        raise UnsupportedError.by_local_engine(f"the state backend {parts.scheme or url}://")
    text = unquote(parts.netloc + parts.path)
    if text == "~" or text.startswith("~/"):
        text = environ.get("HOME", str(Path.home())) + text[1:]
    return Path(text).absolute()


class Backend:
    """One directory with the state of many stacks."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.root = directory / ".pulumi"

    def prepare(self) -> None:
        """Mark the directory as a backend, as the first command that uses it does."""
        if not self.directory.is_dir():
            raise BackendError(
                f"the state directory {self.directory} does not exist; create it, or set PULUMI_BACKEND_URL."
            )
        meta = self.root / "meta.yaml"
        if not meta.exists():
            self._refuse_old_layout()
            write_atomically(meta, "version: 1\n")
        elif meta.read_text(encoding="utf-8").strip() != "version: 1":
            raise BackendError(f"{meta} is not of version 1, which is the one this engine reads; use the Pulumi CLI.")

    def _refuse_old_layout(self) -> None:
        if any((self.root / "stacks").glob("*.json")):
            raise UnsupportedError.by_local_engine(
                "a state directory without projects (`pulumi state upgrade` moves it)"
            )

    def path(self, project: str, stack: str) -> Path:
        """Return the place of a stack's state file."""
        return self.root / "stacks" / project / f"{stack}.json"

    def stacks(self, project: str) -> list[str]:
        """List the stacks of a project."""
        return sorted(path.stem for path in (self.root / "stacks" / project).glob("*.json"))

    def read(self, project: str, stack: str) -> Document:
        """Read a stack's state file."""
        path = self.path(project, stack)
        try:
            return Document(path, path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            raise self._missing(project, stack) from None
        except (OSError, UnicodeDecodeError) as error:
            raise BackendError(f"the state file {path} cannot be read: {error}.") from None

    def _missing(self, project: str, stack: str) -> Exception:
        if self.path(project, stack).with_suffix(".json.gz").exists():
            return UnsupportedError.by_local_engine("compressed state files")
        return StackError.unknown(stack, self.stacks(project))

    def write(self, project: str, stack: str, text: str) -> None:
        """Replace a stack's state file, keeping the version before it."""
        path = self.path(project, stack)
        if path.exists():
            self._keep_previous(path)
        write_atomically(path, text)

    @staticmethod
    def _keep_previous(path: Path) -> None:
        kept, link = path.with_name(f"{path.name}.bak"), path.with_name(f".{path.name}.bak.tmp")
        try:
            link.unlink(missing_ok=True)
            os.link(path, link)  # the content is safe already: a second name for it costs nothing
            link.replace(kept)
        except OSError as error:
            raise BackendError(f"{kept} cannot be written: {error.strerror}.") from None

    def create(self, project: str, stack: str) -> None:
        """Make the file of a new stack."""
        if not _STACK_NAME.fullmatch(stack):
            raise StackError(f"'{stack}' is not a stack name: use letters, digits, hyphens, underscores and periods.")
        if self.path(project, stack).exists():
            raise StackError.exists(stack)
        self.write(project, stack, checkpoint.empty(qualified(project, stack)))


def qualified(project: str, stack: str) -> str:
    """Return the stack's full name; the file backend has one organization."""
    return f"organization/{project}/{stack}"
