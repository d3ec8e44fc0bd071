"""Applying steps: the calls to providers, and what their answers change in the state."""

from __future__ import annotations

from typing import TYPE_CHECKING

from local_engine import urns
from local_engine.diffs import invert, settle
from local_engine.errors import ProtectedError, StepError
from local_engine.provider_errors import InitFailedError
from local_engine.state import now
from local_engine.steps import CREATING, DELETING, IMPORTING, READING
from local_engine.values import UNKNOWN_TEXT, mark_secret_outputs

if TYPE_CHECKING:
    from collections.abc import Callable

    from local_engine.registry import Registry
    from local_engine.state import ResourceState
    from local_engine.steps import Step


class Applier:
    """Carries out one step at a time on each worker."""

    def __init__(self, registry: Registry, warn: Callable[[str, str], None], *, preview: bool) -> None:
        self._registry = registry
        self._warn = warn
        self._preview = preview

    def apply(self, step: Step) -> None:
        """Do what a step says; a failure is a StepError."""
        try:
            self._verb(step)(step)
        finally:
            if step.new is not None and step.op != "replace":
                new = step.new
                new.outputs = mark_secret_outputs(new.outputs, new.inputs, new.additional_secret_outputs)

    def _verb(self, step: Step) -> Callable[[Step], None]:
        if step.op in CREATING:
            return self._create
        if step.op in DELETING:
            return self._delete
        if step.op in READING:
            return self._read
        if step.op in IMPORTING:
            return self._import
        verbs = {"same": self._same, "update": self._update, "refresh": self._refresh}
        return verbs.get(step.op, _nothing)

    def _same(self, step: Step) -> None:
        if step.skipped:
            return
        old, new = _both(step)
        new.id, new.outputs = old.id, old.outputs
        if urns.is_provider(new.kind):
            self._registry.settle(new)

    def _create(self, step: Step) -> None:
        new = _new(step)
        try:
            if urns.is_provider(new.kind):
                new.id, new.outputs = self._registry.new_id(), dict(new.inputs)
                self._registry.settle(new)
            elif new.custom:
                new.id, new.outputs = self._registry.get(new.provider).create(new, preview=self._preview)
        except InitFailedError as error:
            _keep_partial(new, error)
            _created(step)
            raise
        _created(step)

    def _update(self, step: Step) -> None:
        old, new = _both(step)
        if urns.is_provider(new.kind):
            new.id, new.outputs = old.id, dict(new.inputs)
            self._registry.settle(new)
            new.modified = now()
        elif new.custom:
            self._update_custom(step, old, new)

    def _update_custom(self, step: Step, old: ResourceState, new: ResourceState) -> None:
        provider = self._registry.get(new.provider)
        try:
            new.outputs = provider.update(old, new, step.ignore_changes, preview=self._preview)
        except InitFailedError as error:
            new.id = old.id
            _keep_partial(new, error)
            new.inputs = old.inputs  # the next run must find the same difference again
            new.modified = now()
            raise
        new.id, new.modified = old.id, now()  # not before: what is only intended has no id in the state

    def _delete(self, step: Step) -> None:
        old = step.old
        if old is None or step.op == "remove-pending-replace":
            return
        if old.protect and step.op == "delete":
            raise ProtectedError(_protected(old.urn))
        ours = old.custom and not old.external and not old.retain_on_delete
        if ours and not self._preview and not urns.is_provider(old.kind):
            self._registry.get(old.provider).delete(old)
        if step.op == "delete-replaced" and not old.delete:
            old.pending_replacement = True

    def _read(self, step: Step) -> None:
        new = _new(step)
        if new.id == UNKNOWN_TEXT:
            return
        found = self._registry.get(new.provider).read(new.urn, new.id, new.inputs, new.inputs)
        if found.outputs is None:
            raise StepError(f"resource '{new.id}' does not exist")
        new.id, new.outputs, new.init_errors = found.id, found.outputs, found.problems
        _times_of_read(step)

    def _import(self, step: Step) -> None:
        new = _new(step)
        found = self._registry.get(new.provider).find(new.urn, new.import_id)
        if found.outputs is None:
            raise StepError(f"resource '{new.import_id}' does not exist")
        if found.inputs is None:
            package = urns.package_of(new.kind)
            raise StepError(
                f"provider does not support importing resources; please try updating the '{package}' plugin"
            )
        new.id, new.inputs, new.outputs, new.init_errors = found.id, found.inputs, found.outputs, found.problems
        _created(step)

    def _refresh(self, step: Step) -> None:
        old = step.old
        if old is None or not old.custom or urns.is_provider(old.kind) or old.pending_replacement:
            return
        provider = self._registry.get(old.provider)
        found = provider.read(old.urn, old.id, old.inputs, old.outputs)
        if found.problems:
            self._warn(old.urn, "Refreshed resource is in an unhealthy state:\n* " + "\n* ".join(found.problems))
        if found.outputs is None:
            step.new, step.shown_op = None, "delete"
            return
        new = old.copied(id=found.id, outputs=found.outputs, init_errors=found.problems)
        new.inputs = found.inputs if found.inputs is not None else old.inputs
        if new.inputs != old.inputs or new.outputs != old.outputs:
            new.modified = now()
        step.new = new
        if not old.external:
            self._explain_drift(step, old, new)

    def _explain_drift(self, step: Step, old: ResourceState, new: ResourceState) -> None:
        """Ask what an `up` would change back, and show it the other way round."""
        answer = self._registry.get(old.provider).diff(new, old.inputs, old.ignore_changes)
        diff = invert(settle(answer, new.inputs, old.inputs, old.ignore_changes))
        if diff.changes == "some":
            step.shown_op, step.diff_keys, step.detailed_diff = "update", diff.keys, diff.detailed


def _nothing(_step: Step) -> None:
    return


def _new(step: Step) -> ResourceState:
    if step.new is None:
        raise AssertionError(step)
    return step.new


def _both(step: Step) -> tuple[ResourceState, ResourceState]:
    if step.old is None:
        raise AssertionError(step)
    return step.old, _new(step)


def _keep_partial(new: ResourceState, error: InitFailedError) -> None:
    new.id = error.failure.id or new.id
    new.outputs = error.failure.outputs
    new.init_errors = error.failure.reasons


def _created(step: Step) -> None:
    new = _new(step)
    new.created = new.modified = now()
    if step.deletes_old_later and step.old is not None:
        step.old.delete = True


def _times_of_read(step: Step) -> None:
    old, new = step.old, _new(step)
    if old is None:
        return
    if step.deletes_old_later:
        old.delete = True
    new.created, new.modified = old.created, old.modified
    if new.inputs != old.inputs or new.outputs != old.outputs:
        new.modified = now()


def _protected(urn: str) -> str:
    return (
        f'resource "{urn}" cannot be deleted\nbecause it is protected. To unprotect the resource, either remove the '
        "`protect` flag from the resource in your Pulumi program and run `pulumi up`, or use the command:\n"
        f"`pulumi state unprotect '{urn}'`"
    )
