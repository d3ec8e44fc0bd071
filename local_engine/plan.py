"""Planning: pure decisions about one resource, from what was, what is wanted, and what the provider says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from local_engine.steps import Step
from local_engine.values import UNKNOWN

if TYPE_CHECKING:
    from local_engine.diffs import Diff
    from local_engine.goal import Goal
    from local_engine.state import ResourceState
    from local_engine.values import Properties

Action = Literal["same", "update", "create-before-delete", "delete-before-create"]


def decide(old: ResourceState, diff: Diff, *, delete_first: bool | None) -> Action:
    """Decide what becomes of a resource that exists; the program's wish on the order wins over the provider's."""
    if old.pending_replacement or (diff.changes == "some" and diff.wants_replacement):
        first = diff.delete_before_replace if delete_first is None else delete_first
        return "delete-before-create" if first or old.pending_replacement else "create-before-delete"
    # A resource whose last change did not come to its end is tried again, whatever the provider says.
    return "update" if diff.changes == "some" or old.init_errors else "same"


def same(old: ResourceState, new: ResourceState) -> list[Step]:
    """Leave a resource alone."""
    return [Step("same", new.urn, old, new)]


def create(new: ResourceState) -> list[Step]:
    """Make a resource that was not there."""
    return [Step("create", new.urn, None, new)]


def is_import(goal: Goal, old: ResourceState | None) -> bool:
    """Tell whether a resource comes from outside: it was not, or another id is wanted than the one it came with."""
    if not goal.custom or not goal.import_id:
        return False
    return old is None or old.external or (old.import_id or old.id) != goal.import_id


def import_(old: ResourceState | None, new: ResourceState) -> list[Step]:
    """Take over what is there; what stood under this name before is deleted after everything else."""
    if old is None:
        return [Step("import", new.urn, None, new)]
    # What was deleted for a replacement that never came is not deleted twice.
    taken = Step("import-replacement", new.urn, old, new, deletes_old_later=not old.pending_replacement)
    return [taken, Step("replace", new.urn, old, new)]


def after_import(steps: list[Step]) -> list[Step]:
    """Return what is still to do after an import: where nothing differs, the import was all."""
    return [] if all(step.op == "same" for step in steps) else steps


def update(old: ResourceState, new: ResourceState, diff: Diff, ignore_changes: list[str]) -> list[Step]:
    """Change a resource in place."""
    return [
        Step(
            "update",
            new.urn,
            old,
            new,
            diff_keys=diff.keys,
            detailed_diff=diff.detailed,
            ignore_changes=ignore_changes,
        )
    ]


def create_before_delete(old: ResourceState, new: ResourceState, diff: Diff | None) -> list[Step]:
    """Replace a resource without a gap; the old one is deleted after everything else."""
    made = _replacing("create-replacement", old, new, diff)
    made.deletes_old_later = True
    return [made, _replacing("replace", old, new, diff)]


def delete_before_create(
    old: ResourceState, new: ResourceState, diff: Diff | None, dependents: list[ResourceState]
) -> list[Step]:
    """Replace a resource with a gap: first those that would be replaced with it go, the last one first."""
    deletions = [mark_for_replacement(state) for state in reversed(dependents)]
    if not old.pending_replacement:
        deletions.append(mark_for_replacement(old))
    return [*deletions, *recreate(old, new, diff)]


def recreate(old: ResourceState, new: ResourceState, diff: Diff | None = None) -> list[Step]:
    """Make the replacement of a resource that was deleted first."""
    return [_replacing("replace", old, new, diff), _replacing("create-replacement", old, new, diff)]


def mark_for_replacement(old: ResourceState) -> Step:
    """Delete a resource whose replacement is still to come."""
    return Step("delete-replaced", old.urn, old, None)


def _replacing(
    op: Literal["replace", "create-replacement"], old: ResourceState, new: ResourceState, diff: Diff | None
) -> Step:
    if diff is None:
        return Step(op, new.urn, old, new)
    return Step(op, new.urn, old, new, replace_keys=diff.replaces, diff_keys=diff.keys, detailed_diff=diff.detailed)


def final_step(old: ResourceState, *, seen: bool) -> Step | None:
    """Decide what becomes of a resource of the state when the program has ended."""
    if old.delete:
        return Step("discard-replaced" if old.external else "delete-replaced", old.urn, old, None)
    if seen:
        return None
    if old.pending_replacement:
        return Step("remove-pending-replace", old.urn, old, None)
    return Step("discard" if old.external else "delete", old.urn, old, None)


def with_unknown_dependencies(state: ResourceState, replaced: set[str]) -> Properties | None:
    """Return a resource's inputs as if everything replaced were unknown; nothing when it would not notice."""
    depends = state.property_dependencies or {}
    touched = {key for key in state.inputs if replaced & set(depends.get(key, ()))}
    if not touched:
        return None
    return {key: UNKNOWN if key in touched else value for key, value in state.inputs.items()}
