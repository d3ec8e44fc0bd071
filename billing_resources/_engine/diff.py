"""What changed between two declarations, and whether Stripe can change it: pure, without any I/O."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import Enum
from typing import TYPE_CHECKING, Any

from billing_resources._engine.canonical import canonical
from billing_resources._engine.facts import Default, Immutable, ImmutableOnce, Kept, Sticky, has_deferred
from billing_resources._engine.fields import Field, Shape
from billing_resources._engine.marks import BOOKKEEPING

if TYPE_CHECKING:
    from billing_resources._engine.kind import Kind


class Op(Enum):
    """What happened to a property."""

    ADD = "add"
    DELETE = "delete"
    UPDATE = "update"


@dataclass(frozen=True)
class Change:
    """One changed property: ``field`` is the top-level name, ``path`` the place inside it."""

    field: str
    path: str
    op: Op
    replaces: bool
    drift: bool = False


def diff(kind: Kind, olds: Mapping[str, Any], news: Mapping[str, Any]) -> list[Change]:
    """Every difference between the old outputs and the new inputs, none for equal meanings."""
    old, new = kind.canonical(olds), kind.canonical(news)
    changes = [
        change for field in kind.fields for change in _field(field, old.get(field.name), new.get(field.name), news)
    ]
    return [
        *(_as_written(change, olds, news) for change in changes),
        *_lifeless(kind, olds),
        *_unmarked(kind, olds, news),
    ]


def _as_written(change: Change, olds: Mapping[str, Any], news: Mapping[str, Any]) -> Change:
    """Amounts compare as decimals; the change is shown at the name that the program wrote."""
    plain = change.path.removesuffix("_decimal")
    if plain == change.path or _at(news, change.path) is not None:
        return change
    if _at(news, plain) is None and _at(olds, plain) is None:
        return change
    return replace(change, path=plain, field=plain if change.field == change.path else change.field)


def _at(value: Any, path: str) -> Any:
    """The value at a path such as ``tiers[0].unit_amount``."""
    for step in re.findall(r"[^.\[\]]+", path):
        if isinstance(value, list) and step.isdigit() and int(step) < len(value):
            value = value[int(step)]
        else:
            value = value.get(step) if isinstance(value, Mapping) else None
    return value


def changed_fields(kind: Kind, olds: Mapping[str, Any], news: Mapping[str, Any]) -> set[str]:
    """The top-level names that differ."""
    return {change.field for change in diff(kind, olds, news)}


def immutable_differences(kind: Kind, olds: Mapping[str, Any], news: Mapping[str, Any]) -> list[str]:
    """The fields that differ and that Stripe cannot change, in order."""
    return replacing(diff(kind, olds, news))


def replacing(changes: Iterable[Change]) -> list[str]:
    """The fields among the changes that make a new object, in order."""
    return list(dict.fromkeys(change.field for change in changes if change.replaces))


def removes_first(kind: Kind, olds: Mapping[str, Any], news: Mapping[str, Any]) -> bool:
    """Whether a replacement has to remove the old object before it can make the new one: both have the same name."""
    if any(olds.get(name, value) != value for name, value in kind.alive.items()):
        return False
    old, new = kind.canonical(olds), kind.canonical(news)
    return any(new.get(name) is not None and old.get(name) == new[name] for name in kind.stripe.vacates)


def _lifeless(kind: Kind, olds: Mapping[str, Any]) -> Iterator[Change]:
    """An archived price or an inactive meter is a difference although no program says ``active``."""
    for name, alive in kind.alive.items():
        if olds.get(name, alive) != alive:
            yield Change(name, name, Op.UPDATE, replaces=kind.stripe.is_final, drift=True)


def _unmarked(kind: Kind, olds: Mapping[str, Any], news: Mapping[str, Any]) -> Iterator[Change]:
    """The owner's marks are written by an update: after an import, and when a stack, project or resource is renamed."""
    if not kind.stripe.has_metadata:
        return
    for name in BOOKKEEPING:
        if name in news and olds.get(name) != news[name]:
            yield Change(name, name, Op.UPDATE if name in olds else Op.ADD, replaces=False)


def _field(field: Field, old: Any, new: Any, news: Mapping[str, Any]) -> Iterator[Change]:
    if field.has(Sticky) and news.get(field.name) is None:
        return
    if old == new and not has_deferred(new):
        return
    for path, op, replaces in _paths(field, field.name, old, new):
        yield Change(field.name, path, op, replaces=replaces)


def _replaces(field: Field, old: Any, new: Any) -> bool:
    if field.has(ImmutableOnce):
        default = field.fact(Default)
        return default is None or old != canonical(field.shape, default.value)
    return field.has(Immutable) or (field.has(Kept) and _loses(old, new))


def _loses(old: Any, new: Any) -> bool:
    if isinstance(old, dict) and isinstance(new, dict):
        return bool(old.keys() - new.keys())
    return old is not None and new is None


def _paths(field: Field, path: str, old: Any, new: Any, replaces: bool = False) -> Iterator[tuple[str, Op, bool]]:
    """The places that differ, each with whether it makes a new object: what is outside of it may say so as well."""
    if old == new and not has_deferred(new):
        return
    replaces = replaces or _replaces(field, old, new)
    if old is None or new is None:
        yield path, Op.ADD if old is None else Op.DELETE, replaces
        return
    parts = list(_parts(field.shape, old, new))
    if not parts:
        yield path, Op.UPDATE, replaces
    for inside, step, before, after in parts:
        yield from _paths(inside, f"{path}{step}", before, after, replaces)


def _parts(shape: Shape, old: Any, new: Any) -> Iterator[tuple[Field, str, Any, Any]]:
    """The places inside both values; none where they have nothing in common inside."""
    if isinstance(old, dict) and isinstance(new, dict):
        for key in sorted(old.keys() | new.keys()):
            yield _inside(shape, key), _step(key), old.get(key), new.get(key)
    elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        for index, (before, after) in enumerate(zip(old, new, strict=True)):
            yield Field("", shape.item or Shape(), (), required=True), f"[{index}]", before, after


def _inside(shape: Shape, key: str) -> Field:
    """The field of an object, however its amount is spelled; an entry of a map has no facts of its own."""
    named = shape.by_name.get(key) or shape.by_name.get(key.removesuffix("_decimal"))
    return named or Field(key, shape.value or Shape(), (), required=True)


def _step(key: str) -> str:
    return f".{key}" if key.replace("_", "a").replace("-", "a").isalnum() else f'["{key}"]'
