"""`stack rename`: another name for a stack, in its files and in every URN."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from local_engine import checkpoint, locks, urns
from local_engine.backend import qualified
from local_engine.durable import move, write_atomically
from local_engine.errors import StackError
from local_engine.passphrase import Closed
from local_engine.stack_config import stack_file_path
from local_engine.stacks import backend_of, refuse_strangers

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from local_engine.backend import Backend
    from local_engine.project import Project

_ONE: Final = ("urn", "parent", "deletedWith", "viewOf")
_MANY: Final = ("dependencies", "aliases", "replaceWith")


def stack_rename(
    project: Project,
    stack: str,
    new: str,
    *,
    environ: Mapping[str, str] | None = None,
    config_file: Path | None = None,
) -> None:
    """Give a stack another name; secrets stay closed, and a config file of one's own stays where it is."""
    backend = backend_of(project, environ)
    backend.read(project.name, stack)
    backend.require_free(project.name, new)
    settings = None if config_file is not None else _settings(project, stack, new)
    with locks.locked(backend, project.name, stack):
        _write_renamed(backend, project, stack, new)
        if settings is not None:
            move(*settings)
        backend.retire(project.name, stack)
        backend.rename_history(project.name, stack, new)


def _settings(project: Project, stack: str, new: str) -> tuple[Path, Path] | None:
    """Return the config file's old and new place, if it has to move."""
    old, wanted = stack_file_path(project, stack), stack_file_path(project, new)
    if not old.exists():
        return None
    if wanted.exists():
        raise StackError(f"{wanted} already exists; remove it, or choose another name. Nothing was changed.")
    return old, wanted


def _write_renamed(backend: Backend, project: Project, stack: str, new: str) -> None:
    """Write the new state beside the old one, which goes only when everything else has moved."""
    document = backend.read(project.name, stack)
    refuse_strangers(document.open(Closed()), project, stack)
    latest = renamed(document.latest, project.name, stack, new)
    text = checkpoint.rendered_again(qualified(project.name, new), latest)
    write_atomically(backend.path(project.name, new), text)


def renamed(latest: dict[str, Any], project: str, stack: str, new: str) -> dict[str, Any]:
    """Return a deployment whose URNs are those of the other name."""

    def name(urn: str) -> str:
        return renamed_urn(urn, project, stack, new)

    found = dict(latest)
    if resources := latest.get("resources"):
        found["resources"] = [_resource(state, name) for state in resources]
    if pending := latest.get("pending_operations"):
        found["pending_operations"] = [{**item, "resource": _resource(item["resource"], name)} for item in pending]
    return found


def renamed_urn(urn: str, project: str, stack: str, new: str) -> str:
    """Return a resource's URN under the other name; the stack resource has the name within its own."""
    prefix = f"urn:pulumi:{stack}::"
    if not urn.startswith(prefix):
        return urn
    if urn == urns.stack_urn(stack, project):
        return urns.stack_urn(new, project)
    return f"urn:pulumi:{new}::{urn.removeprefix(prefix)}"


def _resource(state: dict[str, Any], name: Callable[[str], str]) -> dict[str, Any]:
    changed: dict[str, Any] = {key: name(state[key]) for key in _ONE if state.get(key)}
    changed |= {key: [name(urn) for urn in state[key]] for key in _MANY if state.get(key)}
    if state.get("provider"):
        urn, identifier = urns.split_reference(state["provider"])
        changed["provider"] = urns.provider_reference(name(urn), identifier)
    if needed := state.get("propertyDependencies"):
        changed["propertyDependencies"] = {key: [name(urn) for urn in found or ()] for key, found in needed.items()}
    return {**state, **changed}
