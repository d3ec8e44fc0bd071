"""The engine's own comparison, for providers that do not say what changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from local_engine.property_paths import Path, join
from local_engine.values import Properties, reveal

if TYPE_CHECKING:
    from collections.abc import Iterator

Detail = dict[str, dict[str, Any]]


def compare(old: Properties, new: Properties) -> tuple[list[str], Detail]:
    """Return the changed top-level keys and every changed path."""
    changes = list(_changes((), reveal(old), reveal(new)))
    keys = sorted({str(path[0]) for path, _ in changes})
    return keys, {join(path): {"kind": kind, "inputDiff": True} for path, kind in changes}


def _changes(path: Path, old: Any, new: Any) -> Iterator[tuple[Path, str]]:
    if isinstance(old, dict) and isinstance(new, dict):
        yield from _object_changes(path, old, new)
    elif isinstance(old, list) and isinstance(new, list):
        yield from _list_changes(path, old, new)
    elif type(old) is bool or type(new) is bool:
        if old is not new:
            yield path, "update"
    elif old != new:
        yield path, "update"


def _object_changes(path: Path, old: Properties, new: Properties) -> Iterator[tuple[Path, str]]:
    for key in sorted({*old, *new}):
        if key not in new:
            yield (*path, key), "delete"
        elif key not in old:
            yield (*path, key), "add"
        else:
            yield from _changes((*path, key), old[key], new[key])


def _list_changes(path: Path, old: list[Any], new: list[Any]) -> Iterator[tuple[Path, str]]:
    for index in range(max(len(old), len(new))):
        if index >= len(new):
            yield (*path, index), "delete"
        elif index >= len(old):
            yield (*path, index), "add"
        else:
            yield from _changes((*path, index), old[index], new[index])
