"""The changed properties of a resource on one line each: path: old → new."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from billing_cli.view.changes import Change, Changes, Key, compare_objects
from billing_cli.view.detailed import kind_of, parse, translate
from billing_cli.view.values import is_internal, is_primitive, primitive, quoted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from billing_cli.view.step import Step

LONGEST = 80  # characters of one value


@dataclass(frozen=True)
class PropertyChange:
    """One property that is, or would be, another."""

    path: str
    old: str
    new: str
    replaces: bool


def property_changes(step: Step, *, refresh: bool = False, longest: int = LONGEST) -> list[PropertyChange]:
    """Return the changed properties of a step: those that the provider tells, else those that differ."""
    if not step.old or not step.new or step.operation in {"same", "delete-replaced"}:
        return []
    changes = translate(step.metadata, refresh=refresh) if step.metadata.get("detailedDiff") else _compared(step)
    replacing = _replacing(step)
    return [
        PropertyChange(written(path), *_sides(change.old, change.new, longest), replaces=_is_within(path, replacing))
        for path, change in _leaves(changes, [])
    ]


def _compared(step: Step) -> Changes:
    old, new = step.old.get("inputs") or {}, step.new.get("inputs") or {}
    changes, told = compare_objects(old, new), step.metadata.get("diffs")
    if not told:
        return changes
    changes = changes.only(told)
    for key in told:
        if not is_internal(key) and not changes.has_changed(key) and (key in old or key in new):
            changes.updated[key] = Change(old.get(key), new.get(key))  # masked, or not to be compared
    return changes


def _replacing(step: Step) -> list[list[Key]]:
    detailed = step.metadata.get("detailedDiff") or {}
    paths = [parse(path) for path, how in detailed.items() if kind_of(how).endswith("replace")]
    return paths or [parse(key) for key in step.metadata.get("keys") or []]


def _is_within(path: list[Key], replacing: list[list[Key]]) -> bool:
    return any(path[: len(other)] == other for other in replacing)


def _leaves(changes: Changes, path: list[Key]) -> Iterator[tuple[list[Key], Change]]:
    for key in changes.keys:
        here = [*path, key]
        if key in changes.added:
            yield here, Change(None, changes.added[key])
        elif key in changes.deleted:
            yield here, Change(changes.deleted[key], None)
        elif key in changes.updated:
            inner = changes.updated[key].inner
            yield from _leaves(inner, here) if inner is not None else [(here, changes.updated[key])]


def written(path: list[Key]) -> str:
    """Write a property path as Pulumi does."""
    return "".join(_step(key) for key in path).removeprefix(".")


def _step(key: Key) -> str:
    if isinstance(key, int):
        return f"[{key}]"
    is_plain = key.isprintable() and key and not any(mark in key for mark in '.[]"')
    return f".{key}" if is_plain else f"[{quoted(key)}]"


def _sides(old: Any, new: Any, longest: int) -> tuple[str, str]:
    """Write both; of long ones the part where they begin to differ."""
    before, after = one_line(old), one_line(new)
    if max(len(before), len(after)) <= longest:
        return before, after
    shorter = min(len(before), len(after))
    differ = next((at for at in range(shorter) if before[at] != after[at]), shorter)
    begin = max(0, differ - longest // 4)
    return _cut(before, begin, begin + longest), _cut(after, begin, begin + longest)


def _cut(text: str, begin: int, end: int) -> str:
    return f"{'…' if begin else ''}{text[begin:end]}{'…' if end < len(text) else ''}"


def one_line(value: Any) -> str:
    """Write any value on one line."""
    if value is None:
        return "none"
    if is_primitive(value):
        return primitive(value)
    if isinstance(value, list):
        return f"[{', '.join(one_line(one) for one in value)}]"
    shown = (f"{name}: {one_line(value[name])}" for name in sorted(value) if not is_internal(name))
    return f"{{{', '.join(shown)}}}"
