"""All that a plan says of one resource, as one change.

The CLI may write a replacement as three steps, an import as two, and with --refresh it first shows what it looks at.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from billing_review.reading import drifts
from billing_review.reading.resources import CHANGES, LOOKS, RawStep, State
from billing_review.reading.urns import STACK, Urn
from billing_review.steps import Drift, Operation

_REPLACING = frozenset({"replace", "create-replacement", "import-replacement"})


@dataclass(frozen=True, slots=True)
class Group:
    """What becomes of one resource."""

    urn: Urn
    operation: Operation
    old: State | None
    new: State | None
    step: RawStep | None
    """The step that tells what changes; None where nothing does."""
    drift: Mapping[str, Drift]


def grouped(steps: Iterable[RawStep]) -> tuple[Group, ...]:
    """Each resource once, in the order of the plan."""
    by_urn: dict[Urn, list[RawStep]] = {}
    known = list(steps)
    for step in known:
        by_urn.setdefault(step.urn, []).append(step)
    only_looks = _only_looks(known)
    made = (_looked_at(found) if only_looks else _group(found) for found in by_urn.values())
    return tuple(group for group in made if group is not None)


def _only_looks(steps: list[RawStep]) -> bool:
    """Whether it is the preview of a refresh: its updates and deletes are what it found, not what will be done."""
    of_stack = {step.operation for step in steps if step.urn.type == STACK}
    return bool(of_stack) and of_stack <= LOOKS


def _looked_at(steps: list[RawStep]) -> Group | None:
    step = next((one for one in steps if one.operation in CHANGES | LOOKS and one.old is not None), None)
    if step is None or step.old is None:
        return None
    gone = step.operation == "delete"
    found = drifts.refreshed(step.old, None if gone else step.new or step.old)
    return Group(step.urn, "same", step.old, step.old, None, found)


def _group(steps: list[RawStep]) -> Group | None:
    look = next((step for step in steps if step.operation in LOOKS and step.old is not None), None)
    changes = [step for step in steps if step.operation in CHANGES]
    if not changes:
        return None if look is None else _unchanged(look)
    operation = _operation({step.operation for step in changes})
    old = next((step.old for step in changes if step.old is not None), None)
    new = next((step.new for step in reversed(changes) if step.new is not None), None)
    telling = next((step for step in changes if step.is_detailed), changes[-1])
    looked = {} if look is None or look.old is None else drifts.refreshed(look.old, old)
    return Group(
        steps[0].urn,
        operation,
        None if operation == "create" else old,
        None if operation == "delete" else new,
        None if operation == "same" else telling,
        {**drifts.shown(telling), **looked},
    )


def _unchanged(look: RawStep) -> Group:
    return Group(look.urn, "same", look.old, look.old, None, {})


def _operation(operations: set[str]) -> Operation:
    if operations & _REPLACING or operations >= {"create", "delete"}:
        return "replace"
    for one in ("import", "create", "update", "delete"):
        if one in operations:
            return one
    return "same"


def moved(groups: Iterable[Group]) -> tuple[Group, ...]:
    """Objects that change places in the program (out of a plan, into a component) as one replacement each.

    The place is part of the URN, so the engine makes a new object and removes the old one.
    """
    known = list(groups)
    gone = {group.urn.named: group for group in known if group.operation == "delete" and group.urn.named}
    made = {group.urn.named for group in known if group.operation == "create" and group.urn.named in gone}
    return tuple(
        _replaced(group, gone[group.urn.named]) if group.operation == "create" and group.urn.named in made else group
        for group in known
        if not (group.operation == "delete" and group.urn.named in made)
    )


def _replaced(new: Group, old: Group) -> Group:
    return Group(new.urn, "replace", old.old, new.new, None, {**old.drift, **new.drift})
