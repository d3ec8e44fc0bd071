"""The journal: what is true of the stack at every moment of an operation, on disk before anyone relies on it."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from local_engine.state import Operation, Snapshot
from local_engine.steps import CREATING, DELETING, IMPORTING, READING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from local_engine.state import ResourceState
    from local_engine.steps import Step

_PENDING = {
    **dict.fromkeys(CREATING, "creating"),
    **dict.fromkeys(DELETING - {"remove-pending-replace"}, "deleting"),
    **dict.fromkeys(READING, "reading"),
    **dict.fromkeys(IMPORTING, "importing"),
    "update": "updating",
}
# What the program may change of a resource that is otherwise the same; only then the file is written.
_SAME_FACTS = (
    "kind",
    "urn",
    "delete",
    "id",
    "provider",
    "protect",
    "parent",
    "external",
    "dependencies",
    "property_dependencies",
    "additional_secret_outputs",
    "custom_timeouts",
    "import_id",
    "retain_on_delete",
    "ignore_changes",
    "replace_on_changes",
    "inputs",
    "outputs",
)


class Journal:
    """Merges the old snapshot with what this operation did so far; new entries come first."""

    def __init__(self, base: Snapshot, write: Callable[[Snapshot], None] | None) -> None:
        self._base = base
        self._write = write
        self._new: list[ResourceState] = []
        self._gone: set[ResourceState] = set()
        self._pending: dict[ResourceState, str] = {}
        self._linked: dict[str, list[ResourceState]] | None = None  # who refers to a URN; known once it is asked
        self._lock = threading.Lock()
        self._wanted = 0
        self._written = 0
        self._disk = threading.Lock()
        self.abandoned = False

    def begin(self, step: Step) -> None:
        """Record the intention to do a step."""
        kind = _PENDING.get(step.op)
        if kind is None:
            return
        with self._lock:
            self._pending[_subject(step)] = kind
        self._save()

    def end(self, step: Step, *, succeeded: bool) -> None:
        """Record how a step ended."""
        if step.op in {"replace", "refresh"} or step.skipped:
            return
        with self._lock:
            self._pending.pop(_subject(step), None)
            if succeeded:
                self._settle(step)
        if step.op != "same" or _same_differs(step):
            self._save()

    def _settle(self, step: Step) -> None:
        if step.op in DELETING:
            self._forget(step)
            return
        if step.old is not None and self._supersedes(step, step.old):
            self._gone.add(step.old)
        if step.new is not None:
            self._new.append(step.new)
        if step.old is not None and step.new is not None and step.old.urn != step.new.urn:
            self._rename(step.old.urn, step.new.urn)

    def _rename(self, old_urn: str, new_urn: str) -> None:
        """Let entries not yet visited refer to a resource by its new name."""
        if self._linked is None:
            self._linked = _linked(self._base.resources)
        for state in self._linked.pop(old_urn, []):
            rename_links(state, old_urn, new_urn)
            self._linked.setdefault(new_urn, []).append(state)

    def _forget(self, step: Step) -> None:
        old = _subject(step)
        # Deleted before its replacement exists: the entry stays, so that the replacement is never forgotten.
        if not old.pending_replacement or step.op == "remove-pending-replace":
            self._gone.add(old)

    @staticmethod
    def _supersedes(step: Step, old: ResourceState) -> bool:
        return old.pending_replacement if step.op in CREATING | IMPORTING else True

    def outputs_changed(self) -> None:
        """Write, because a component or the stack got new outputs."""
        self._save()

    def rebase(self, base: Snapshot) -> None:
        """Start over from another snapshot, as a refresh made it."""
        with self._lock:
            self._base = base
            self._linked = None

    def snapshot(self) -> Snapshot:
        """Return what is true now."""
        with self._lock:
            return self._merged()

    def _merged(self) -> Snapshot:
        resources = [state for state in (*self._new, *self._base.resources) if state not in self._gone]
        pending = [Operation(kind, state) for state, kind in self._pending.items()]
        # Only a person can tell whether an interrupted create made something, so it is remembered until told.
        kept = [operation for operation in self._base.pending if operation.kind == "creating"]
        return Snapshot(resources, pending + kept, self._base.metadata)

    def abandon(self) -> None:
        """Write nothing more: what is under way stays as intended, for nobody will know how it ended."""
        with self._disk:
            self.abandoned = True

    def close(self) -> None:
        """Write the last word."""
        self._save()

    def _save(self) -> None:
        """Write unless somebody's write, begun after our change, has done so meanwhile."""
        if self._write is None:
            return
        with self._lock:
            self._wanted += 1
            mine = self._wanted
        with self._disk:
            if self._written >= mine or self.abandoned:
                return
            with self._lock:
                covers, snapshot = self._wanted, self._merged()
            self._write(snapshot)
            self._written = covers


def _linked(resources: Iterable[ResourceState]) -> dict[str, list[ResourceState]]:
    found: dict[str, list[ResourceState]] = {}
    for state in resources:
        for urn in set(state.links()):
            found.setdefault(urn, []).append(state)
    return found


def _subject(step: Step) -> ResourceState:
    state = step.old if step.op in DELETING else step.new
    if state is None:
        raise AssertionError(step)
    return state


def _same_differs(step: Step) -> bool:
    old, new = step.old, step.new
    return any(_fact(old, name) != _fact(new, name) for name in _SAME_FACTS)


def _fact(state: ResourceState | None, name: str) -> object:
    found = getattr(state, name)
    return (sorted(found) if name == "dependencies" else found) or None  # absent and empty are the same


def rename_links(state: ResourceState, old_urn: str, new_urn: str) -> None:
    """Replace one URN by another wherever a resource refers to it."""
    if old_urn not in set(state.links()):
        return
    if state.parent == old_urn:
        state.parent = new_urn
    if state.provider_urn == old_urn:
        state.provider = new_urn + state.provider[len(old_urn) :]
    state.dependencies = [new_urn if urn == old_urn else urn for urn in state.dependencies]
    state.property_dependencies = {
        key: [new_urn if urn == old_urn else urn for urn in found]
        for key, found in (state.property_dependencies or {}).items()
    }
