"""`state unprotect`: resources that may be deleted again."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from local_engine import locks
from local_engine.errors import StackError
from local_engine.stacks import backend_of, open_stack

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from local_engine.project import Project


def state_unprotect(
    project: Project,
    stack: str,
    wanted: Sequence[str] | None = None,
    *,
    environ: Mapping[str, str] | None = None,
    config_file: Path | None = None,
) -> int:
    """Take the protection from the resources with these URNs, or from all; return how many had one."""
    env = os.environ if environ is None else environ
    open_stack(project, stack, env, config_file)  # what is wrong with it is said before anything is locked
    with locks.locked(backend_of(project, env), project.name, stack):
        opened = open_stack(project, stack, env, config_file)
        resources = opened.snapshot.resources
        _refuse_unknown(wanted or (), {state.urn for state in resources})
        found = [state for state in resources if state.protect and (wanted is None or state.urn in wanted)]
        for state in found:
            state.protect = False
        if found:
            opened.write(opened.snapshot)
        return len(found)


def _refuse_unknown(wanted: Sequence[str], known: set[str]) -> None:
    missing = [urn for urn in wanted if urn not in known]
    if missing:
        names = ", ".join(f"'{urn}'" for urn in missing)
        raise StackError(f"no such resource {names} exists in the current state; `stack export` shows all there are.")
