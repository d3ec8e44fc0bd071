"""What a plan leaves out: objects that do not change, where each is written, what the plans of the catalog say.

They come from the exported state, from the catalog that the plan was made of, or from the stack's manifest, whichever
knows most. A catalog that says otherwise than the plan is of another revision, and is not used.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from billing_review.reading.differences import both_say, equal
from billing_review.reading.manifest_objects import objects, plans_of
from billing_review.reading.names import LISTED
from billing_review.reading.values import LATER
from billing_review.steps import Change, Plan, Step

Known = dict[tuple[str, str], Step]


def completed(
    steps: Iterable[Step], manifest: Mapping[str, Any], state: Iterable[Step], catalog: Change | None
) -> Known:
    """The steps of the plan, then the objects that it leaves out, by kind and name.

    After an `up` that failed the manifest is older than the state, so it counts only where the state is not at hand.
    """
    known: Known = {(step.kind, step.key): step for step in steps}
    written = {(step.kind, step.key): step for step in catalog.steps} if catalog is not None else {}
    alive = {(step.kind, step.key): step for step in state}
    listed = alive or {(step.kind, step.key): step for step in objects(manifest)}
    for named, step in listed.items():
        known.setdefault(named, _written(step, written.get(named)) if step.is_partial else step)
    for named, step in written.items() if listed and not alive else ():
        if named[0] not in LISTED:
            known.setdefault(named, step)
    return {named: _placed(step, written.get(named)) for named, step in known.items()}


def fits(catalog: Change, steps: Iterable[Step], manifest: Mapping[str, Any]) -> bool:
    """Whether the plan can have been made of this catalog."""
    written = {(step.kind, step.key): step for step in catalog.steps}
    planned = list(steps)
    touched = {(step.kind, step.key) for step in planned}
    for step in planned:
        found = written.get((step.kind, step.key))
        if (found is None) != (step.new is None) or (found is not None and not _agree(step.new, found.new)):
            return False
    return not any(_contradicts(step, written) for step in objects(manifest) if (step.kind, step.key) not in touched)


def plans(manifest: Mapping[str, Any], catalog: Change | None, known: Known) -> tuple[Plan, ...]:
    """The plans before, from the manifest, and after, from the catalog; nothing where only one side is known.

    A plan whose product neither is there nor comes is not what this change is about.
    """
    if catalog is None:
        return ()
    old = plans_of(manifest)
    new = {plan.key: plan.new for plan in catalog.plans if ("Product", plan.key) in known}
    return tuple(Plan(key, old.get(key), new.get(key)) for key in dict.fromkeys([*new, *old]))


def _written(listed: Step, written: Step | None) -> Step:
    """The whole object, where the catalog is known to be the one."""
    if written is None or written.new is None:
        return listed
    return replace(listed, old=written.new, new=written.new, is_partial=False)


def _placed(step: Step, written: Step | None) -> Step:
    return step if written is None else replace(step, place=written.place)


def _agree(planned: Any, written: Any) -> bool:
    if planned == LATER:
        return True
    if isinstance(planned, Mapping) and isinstance(written, Mapping):
        return all(_agree(planned.get(key), written.get(key)) for key in planned.keys() | written.keys())
    return equal(planned, written) or (isinstance(planned, list) and any(_laters(planned)))


def _laters(found: Any) -> Iterator[bool]:
    yield found == LATER
    for part in found.values() if isinstance(found, Mapping) else found if isinstance(found, list) else ():
        yield from _laters(part)


def _contradicts(listed: Step, written: Mapping[tuple[str, str], Step]) -> bool:
    found = written.get((listed.kind, listed.key))
    return found is None or any(True for _ in both_say(listed.new, found.new))
