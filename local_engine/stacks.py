"""Stacks: made, listed, opened, forgotten."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from local_engine import checkpoint, locks, urns
from local_engine.backend import Backend, directory_of, qualified
from local_engine.durable import remove
from local_engine.errors import BackendError, StackError
from local_engine.passphrase import Closed, Crypter, read_passphrase
from local_engine.stack_config import Config, StackFile, read_config, stack_file, stack_file_path
from local_engine.state import Snapshot
from local_engine.values import reveal, show

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from local_engine.project import Project


@dataclass
class OpenStack:
    """A stack whose secrets can be read."""

    project: Project
    name: str
    backend: Backend
    crypter: Crypter
    config: Config
    snapshot: Snapshot

    def write(self, snapshot: Snapshot) -> None:
        """Replace the state file."""
        text = checkpoint.render(qualified(self.project.name, self.name), snapshot, self.crypter)
        self.backend.write(self.project.name, self.name, text)

    @property
    def urn(self) -> str:
        """The URN of the stack resource."""
        return urns.stack_urn(self.name, self.project.name)


def backend_of(project: Project, environ: Mapping[str, str] | None = None) -> Backend:
    """Find the state as the CLI does: the environment, the project, then where one logged in."""
    env = os.environ if environ is None else environ
    url = env.get("PULUMI_BACKEND_URL") or project.backend_url or _logged_in(env)
    if not url:
        raise BackendError("no state backend is set; set PULUMI_BACKEND_URL to file://<directory>.")
    backend = Backend(directory_of(url, env))
    backend.prepare()
    return backend


def _logged_in(environ: Mapping[str, str]) -> str | None:
    home = Path(environ.get("PULUMI_HOME") or Path(environ.get("HOME", "~")).expanduser() / ".pulumi")
    try:
        found = json.loads((home / "credentials.json").read_text(encoding="utf-8")).get("current")
    except (OSError, ValueError, AttributeError):
        return None
    return str(found) if found else None


def open_stack(project: Project, stack: str, environ: Mapping[str, str], config_file: Path | None = None) -> OpenStack:
    """Read a stack: its state, its secrets, its configuration."""
    backend = backend_of(project, environ)
    document = backend.read(project.name, stack)
    file = stack_file(project, stack, config_file)
    crypter, reader = _crypters(file, document, read_passphrase(environ))
    config = read_config(project, file, crypter)
    snapshot = document.open(reader)
    refuse_strangers(snapshot, project, stack)
    return OpenStack(project, stack, backend, crypter, config, snapshot)


def _crypters(file: StackFile, document: checkpoint.Document, passphrase: str) -> tuple[Crypter, Crypter]:
    """Return who writes and who reads: the config file's salt counts, the state may still have an older one."""
    kept = document.salt
    salt = file.salt or kept
    writer = Crypter.open(passphrase, salt) if salt else Crypter.create(passphrase)
    reader = writer if kept is None or kept == writer.state else Crypter.open(passphrase, kept)
    return writer, reader


def refuse_strangers(snapshot: Snapshot, project: Project, stack: str) -> None:
    """Refuse a state with resources of another stack or project."""
    prefix = f"urn:pulumi:{stack}::{project.name}::"
    stranger = next((state.urn for state in snapshot.resources if not state.urn.startswith(prefix)), None)
    if stranger is not None:
        raise StackError(
            f"the state of {project.name}/{stack} holds a resource of another stack or project: {stranger}. "
            "Restore the right file; nothing was changed."
        )


def stack_init(
    project: Project, stack: str, *, environ: Mapping[str, str] | None = None, config_file: Path | None = None
) -> None:
    """Make a stack; its config file is touched only when it has no encryption salt yet."""
    env = os.environ if environ is None else environ
    backend = backend_of(project, env)
    backend.require_free(project.name, stack)
    passphrase = read_passphrase(env)
    file = stack_file(project, stack, config_file)
    crypter = Crypter.open(passphrase, file.salt) if file.salt else Crypter.create(passphrase)
    backend.create(project.name, stack)
    if not file.salt:
        file.keep_salt(crypter.state)
    OpenStack(project, stack, backend, crypter, Config(), Snapshot()).write(Snapshot())


def list_stacks(project: Project, *, environ: Mapping[str, str] | None = None) -> list[str]:
    """List the stacks of a project."""
    return backend_of(project, environ).stacks(project.name)


@dataclass(frozen=True)
class StackSummary:
    """What `stack ls` tells of a stack."""

    name: str
    last_update: str | None
    resource_count: int


def stack_summaries(project: Project, *, environ: Mapping[str, str] | None = None) -> list[StackSummary]:
    """Tell of every stack of a project what can be told without its passphrase."""
    backend = backend_of(project, environ)
    found = ((name, backend.read(project.name, name)) for name in backend.stacks(project.name))
    return [StackSummary(name, document.time, document.resource_count) for name, document in found]


def stack_outputs(
    project: Project,
    stack: str,
    *,
    show_secrets: bool = False,
    environ: Mapping[str, str] | None = None,
    config_file: Path | None = None,
) -> dict[str, Any]:
    """Return what the program exported the last time it succeeded; only secrets need the passphrase."""
    env = os.environ if environ is None else environ
    document = backend_of(project, env).read(project.name, stack)
    cipher = reader_of(document, stack_file(project, stack, config_file), env) if show_secrets else Closed()
    snapshot = document.open(cipher)
    refuse_strangers(snapshot, project, stack)
    return outputs_of(snapshot, urns.stack_urn(stack, project.name), show_secrets=show_secrets)


def reader_of(document: checkpoint.Document, file: StackFile, environ: Mapping[str, str]) -> Crypter:
    """Return what opens the secrets of a state."""
    return _crypters(file, document, read_passphrase(environ))[1]


def outputs_of(snapshot: Snapshot, urn: str, *, show_secrets: bool) -> dict[str, Any]:
    """Return the outputs in a snapshot, secrets masked unless asked for."""
    found = next((state.outputs for state in snapshot.resources if state.urn == urn), {})
    mask: Callable[[Any], Any] = reveal if show_secrets else (lambda value: value)
    return {key: show(mask(found[key])) for key in sorted(found)}


def stack_remove(
    project: Project,
    stack: str,
    *,
    force: bool = False,
    preserve_config: bool = False,
    environ: Mapping[str, str] | None = None,
    config_file: Path | None = None,
) -> None:
    """Forget a stack: its state, its history, its config file. Its last state stays as .bak, and so do its backups.

    A config file of one's own is never removed.
    """
    backend = backend_of(project, environ)
    backend.read(project.name, stack)  # an unknown or a broken one is refused before anything is locked
    with locks.locked(backend, project.name, stack):
        if backend.read(project.name, stack).resource_count and not force:
            raise StackError.not_empty(stack)
        backend.retire(project.name, stack)
        backend.remove_history(project.name, stack)
        if not preserve_config and config_file is None:
            remove(stack_file_path(project, stack))


def stack_unlock(project: Project, stack: str, *, environ: Mapping[str, str] | None = None) -> int:
    """Remove locks that a killed run left behind, as `pulumi cancel` does; return how many there were."""
    return locks.release(backend_of(project, environ), project.name, stack)
