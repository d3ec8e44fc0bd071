"""What one stack would change in another, if that one sold the same: steps, as of any other change."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from billing_review.parity.compare import Gap, object_gaps
from billing_review.parity.environment import Environment, Key
from billing_review.steps import Args, Change, Operation, Plan, Source, Step

Immutable = Mapping[str, frozenset[str]]


def promotion(source: Environment, target: Environment, meant: Iterable[Gap], immutable: Immutable) -> Change:
    """What ``up`` with the source's catalog would do in the target; what may differ stays as it is there."""
    by_object: dict[Key, list[Gap]] = {}
    for gap in meant:
        by_object.setdefault((gap.kind, gap.key), []).append(gap)
    keys = [*source.objects, *(key for key in target.objects if key not in source.objects)]
    return Change(
        Source("catalog", target.project, target.stack, target.livemode, target.account, target.stack, source.stack),
        tuple(_step(key, source, target, by_object.get(key, []), immutable) for key in keys),
        tuple(_plans(source, target, by_object)),
    )


def _step(key: Key, source: Environment, target: Environment, gaps: Sequence[Gap], immutable: Immutable) -> Step:
    kind, name = key
    old, new = _named(key, target), _named(key, source)
    if not gaps:  # equal, or what differs is meant to
        old = new = old if old is not None else new
    elif old is not None and new is not None:
        new = with_only(gaps, kind, name, old, new)
    changed = tuple(gap.within for gap in gaps if gap.within)
    replacing = tuple(gap.within for gap in gaps if gap.field in immutable.get(kind, ()))
    return Step(
        kind=kind,
        key=name,
        operation=_operation(old, new, changed, replacing),
        old=old,
        new=new,
        object_id=target.ids.get(key),
        plan=_owner(key, source, target),
        changed=changed,
        replacing=replacing,
    )


def _named(key: Key, side: Environment) -> Args | None:
    """The object; a manifest tells the name of a product with its plan."""
    found = side.objects.get(key)
    name = side.name_of(key[1]) if key[0] == "Product" else None
    return {"name": name, **found} if found is not None and name is not None else found


def with_only(gaps: Sequence[Gap], kind: str, key: str, old: Args, new: Args) -> Args:
    """The new version, with the fields of the old one wherever a difference is meant to stay."""
    fields = {gap.field for gap in gaps}
    kept = {gap.field for gap in object_gaps(kind, key, old, new)} - fields
    names = {name for field in kept for name in (field, f"{field}_decimal")}
    return {
        **{name: value for name, value in new.items() if name not in names},
        **{name: value for name, value in old.items() if name in names},
    }


def _operation(old: Any, new: Any, changed: Sequence[str], replacing: Sequence[str]) -> Operation:
    if old is None:
        return "create"
    if new is None:
        return "delete"
    if replacing:
        return "replace"
    return "update" if changed else "same"


def _owner(key: Key, *sides: Environment) -> str | None:
    """The plan that an object belongs to."""
    kind, name = key
    owner = name.partition(".")[0]
    belongs = kind in {"Product", "Price", "ProductFeature"} and any(owner in side.plans for side in sides)
    return owner if belongs else None


def _plans(source: Environment, target: Environment, by_object: Mapping[Key, Sequence[Gap]]) -> Iterable[Plan]:
    for key in [*source.plans, *(key for key in target.plans if key not in source.plans)]:
        old, new = target.plans.get(key), source.plans.get(key)
        if ("Plan", key) not in by_object:
            old = new = old if old is not None else new
        yield Plan(key, old, new)
