"""A step of a review, made of all that a plan says of one object."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from billing_review.reading.differences import differing
from billing_review.reading.groups import Group
from billing_review.reading.manifest_objects import plan_of
from billing_review.reading.names import Named, Names
from billing_review.reading.resources import State
from billing_review.reading.unknowns import is_later, resolved
from billing_review.reading.values import BOOKKEEPING, declared
from billing_review.steps import Drift, Step

Json = Mapping[str, Any]
_CHANGES_ARGS = frozenset({"update", "replace", "import"})


@dataclass(frozen=True, slots=True)
class Told:
    """A step, and what could not be told of it."""

    step: Step
    trouble: tuple[str, ...] = ()


def step_of(group: Group, names: Names, manifest: Json) -> Told:
    """What happens to one of our objects."""
    kind, key = _named(group.urn.named)
    depends = _depends(group.old, group.new)
    old = _args(group.old, names, depends)
    new = _args(group.new, names, depends)
    later = sorted(field for field, value in (new or {}).items() if is_later(value))
    new = None if new is None else {field: value for field, value in new.items() if field not in later}
    changed, replacing = _changed(group)
    step = Step(
        kind,
        key,
        group.operation,
        old,
        new,
        object_id=_object_id(group),
        plan=_plan(group, manifest),
        changed=changed,
        replacing=replacing,
        drift={path: _drift(path, one, names, depends) for path, one in group.drift.items()},
    )
    return Told(
        step, tuple(f"{kind} {key}: {field} is known only after the update, so it is not reviewed" for field in later)
    )


def unchanged(state: State, names: Names, manifest: Json) -> Step:
    """An object that the plan leaves out, from the exported state."""
    kind, key = _named(state.urn.named)
    args = _args(state, names, dict(state.depends))
    plan = state.plan or plan_of((kind, key), manifest)
    return Step(kind, key, "same", args, args, object_id=state.id, plan=plan)


def _named(named: Named | None) -> Named:
    if named is None:
        raise AssertionError(named)
    return named


def _depends(*states: State | None) -> dict[str, tuple[Named, ...]]:
    """On what each field depends: an imported object's old state does not say."""
    found: dict[str, tuple[Named, ...]] = {}
    for state in states:
        for field, named in (state.depends if state is not None else {}).items():
            found[field] = (*found.get(field, ()), *named)
    return found


def _args(state: State | None, names: Names, depends: Mapping[str, tuple[Named, ...]]) -> dict[str, Any] | None:
    if state is None:
        return None
    own = {**depends, **state.depends}
    return {field: _known(field, value, names, own.get(field, ())) for field, value in declared(state.inputs).items()}


def _known(field: str, value: Any, names: Names, depends: tuple[Named, ...]) -> Any:
    return resolved(field, names.named(field, value, depends), depends)


def _drift(path: str, drift: Drift, names: Names, depends: Mapping[str, tuple[Named, ...]]) -> Drift:
    field = path.partition(".")[0].partition("[")[0]
    leaf = path.rpartition(".")[2].partition("[")[0]
    sides = (names.named(leaf, one, depends.get(field, ())) for one in (drift.declared, drift.found))
    return Drift(*sides)


def _changed(group: Group) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The changed paths, and those of them that make a new object; from hosts that do not say, as far as it shows."""
    step = group.step
    if group.operation not in _CHANGES_ARGS or group.old is None or group.new is None:
        return (), ()
    if step is not None and step.is_detailed:
        paths = {path: str(one.get("kind", "")) for path, one in step.paths.items() if path not in BOOKKEEPING}
        return tuple(sorted(paths)), tuple(sorted(path for path, kind in paths.items() if kind.endswith("-replace")))
    paths_seen = differing(declared(group.old.inputs), declared(group.new.inputs))
    if group.operation != "replace":
        return paths_seen, ()
    reasons = step.reasons if step is not None else ()
    named = [path for path in paths_seen if path.partition(".")[0].partition("[")[0] in reasons]
    return paths_seen, tuple(named) if reasons else paths_seen


def _object_id(group: Group) -> str | None:
    known = [group.old.id if group.old else None, group.new.imported if group.new else None]
    return next((one for one in known if one is not None), None)


def _plan(group: Group, manifest: Json) -> str | None:
    """The plan it is in: its component's, or what its name says where the program groups nothing."""
    now, before = group.new or group.old, group.old
    if now is not None and now.plan is not None:
        return now.plan
    has_left = before is not None and before.plan is not None
    return None if has_left else plan_of(_named(group.urn.named), manifest)
