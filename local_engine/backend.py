"""The file backend: where Pulumi keeps the state of stacks (https://www.pulumi.com/docs/iac/concepts/state-and-backends/)."""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from local_engine import checkpoint
from local_engine.checkpoint import Document
from local_engine.durable import move, remove, write_atomically
from local_engine.errors import BackendError, StackError, UnsupportedError

if TYPE_CHECKING:
    from collections.abc import Mapping

COMPANION = ".attrs"  # what the CLI's storage layer notes of each file; it reads files without it
_STACK_NAME = re.compile(r"[A-Za-z0-9_.-]{1,100}")


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
        _files(self.root)
        if not meta.exists():
            self._refuse_old_layout()
            write_atomically(meta, "version: 1\n")
        elif _text_of(meta).strip() != "version: 1":
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
        return [path.stem for path in _files(self.root / "stacks" / project) if path.suffix == ".json"]

    def read(self, project: str, stack: str) -> Document:
        """Read a stack's state file."""
        path = self.path(project, stack)
        if path not in _files(path.parent):
            raise self._missing(project, stack)
        return Document(path, _text_of(path))

    def _missing(self, project: str, stack: str) -> Exception:
        if self.path(project, stack).with_suffix(".json.gz").exists():
            return UnsupportedError.by_local_engine("compressed state files")
        return StackError.unknown(stack, self.stacks(project))

    def write(self, project: str, stack: str, text: str) -> None:
        """Replace a stack's state file, keeping the version before it."""
        path = self.path(project, stack)
        write_atomically(path, text, before=_keep_previous)
        remove(companion(path))  # it describes the file that was there before

    def retire(self, project: str, stack: str) -> None:
        """Take a stack's state file away; its last version stays as the backup."""
        path = self.path(project, stack)
        move(path, _backup(path))
        remove(companion(_backup(path)))
        remove(companion(path))

    def history(self, project: str, stack: str) -> Path:
        """Return where the history of a stack lies."""
        return self.root / "history" / project / stack

    def remove_history(self, project: str, stack: str) -> None:
        """Remove what is known of past updates; the backups stay."""
        path = self.history(project, stack)
        try:
            shutil.rmtree(path)
        except FileNotFoundError:
            return
        except OSError as error:
            raise BackendError(f"{path} cannot be removed: {error.strerror}.") from None

    def rename_history(self, project: str, stack: str, new: str) -> None:
        """Let the history of a stack be that of another name."""
        source, target = self.history(project, stack), self.history(project, new)
        for path in sorted(source.glob(f"{stack}-*")):
            move(path, target / f"{new}{path.name.removeprefix(stack)}")
        if source.is_dir() and not any(source.iterdir()):
            source.rmdir()

    def create(self, project: str, stack: str) -> None:
        """Make the file of a new stack."""
        self.require_free(project, stack)
        self.write(project, stack, checkpoint.empty(qualified(project, stack)))

    def require_free(self, project: str, stack: str) -> None:
        """Refuse a name that is none, and one that is taken."""
        if not _STACK_NAME.fullmatch(stack):
            raise StackError(f"'{stack}' is not a stack name: use letters, digits, hyphens, underscores and periods.")
        if self.path(project, stack).exists():
            raise StackError.exists(stack)


def companion(path: Path) -> Path:
    """Return where the CLI's storage layer keeps its note of a file."""
    return path.with_name(f"{path.name}{COMPANION}")


def _backup(path: Path) -> Path:
    return path.with_name(f"{path.name}.bak")


def _keep_previous(path: Path) -> None:
    if not path.exists():
        return
    link = path.with_name(f".{path.name}.bak.tmp")
    link.unlink(missing_ok=True)
    os.link(path, link)  # the content is safe already: a second name for it costs nothing
    try:
        link.replace(_backup(path))
    finally:
        link.unlink(missing_ok=True)  # it stays where the backup is this very file, after a write that failed


def _files(directory: Path) -> list[Path]:
    """List a directory that need not exist; missing rights are not taken for missing files."""
    try:
        return sorted(directory.iterdir())
    except FileNotFoundError:
        return []
    except OSError as error:
        raise BackendError(f"{directory} cannot be read: {error.strerror}.") from None


def _text_of(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        raise BackendError(f"{path} cannot be read: {why}.") from None


def qualified(project: str, stack: str) -> str:
    """Return the stack's full name; the file backend has one organization."""
    return f"organization/{project}/{stack}"
