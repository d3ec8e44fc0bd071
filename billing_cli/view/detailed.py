"""The differences a provider itself tells of: property path -> kind of change, put together to a tree."""

from __future__ import annotations

import re
from typing import Any

from billing_cli.view.changes import Change, Changes, Key, compare
from billing_cli.view.values import UNKNOWN, is_secret

_ABSENT = object()
_STEP = re.compile(r'\["((?:[^"\\]|\\.)*)"\]|\[(\d+)\]|\.?([^.\[]+)')


def parse(path: str) -> list[Key]:
    """Read a property path: `tiers[0]["unit.amount"]`; what cannot be read is one name."""
    found = list(_STEP.finditer(path))
    if "".join(step[0] for step in found) != path or not found:
        return [path]
    return [int(step[2]) if step[2] else re.sub(r"\\(.)", r"\1", step[1] or "") or step[3] or "" for step in found]


def kind_of(how: dict[str, Any]) -> str:
    """Read the kind of a change, as events and as documents spell it."""
    return str(how.get("diffKind") or how.get("kind") or "update")


def translate(metadata: dict[str, Any], *, refresh: bool = False) -> Changes:
    """Make a tree of a step's detailed differences; old values are those of Stripe unless the inputs differ."""
    found = Change(None, None)
    for path, how in sorted((metadata.get("detailedDiff") or {}).items()):
        _add(parse(path), kind_of(how), found, *sides(metadata, how, refresh=refresh))
    return found.inner or Changes()


def sides(metadata: dict[str, Any], how: dict[str, Any], *, refresh: bool = False) -> tuple[Any, Any]:
    """Find the two objects that are compared."""
    old, new = metadata.get("old") or {}, metadata.get("new") or {}
    inputs = how.get("inputDiff", False)
    before = old.get("inputs" if inputs else "outputs") or {}
    return before, new.get("outputs" if refresh and not inputs else "inputs") or {}


def _add(path: list[Key], kind: str, parent: Change, old_parent: Any, new_parent: Any) -> None:
    key, rest = path[0], path[1:]
    old, new = _at(old_parent, key), _at(new_parent, key)
    changes = parent.inner = parent.inner or Changes()
    if not rest:
        _add_leaf(changes, key, kind, old, new)
    elif _missing(old) and not _missing(new):
        changes.added[key] = new
    elif _missing(new) and not _missing(old):
        changes.deleted[key] = old
    else:
        _add(rest, kind, changes.updated.setdefault(key, Change(_or_none(old), _or_none(new))), old, new)


def _add_leaf(changes: Changes, key: Key, kind: str, old: Any, new: Any) -> None:
    if kind.startswith("add"):
        changes.added[key] = UNKNOWN if new is _ABSENT else new
    elif kind.startswith("delete"):
        changes.deleted[key] = UNKNOWN if old is _ABSENT else old
    else:
        before, after = _or_none(old), _or_none(new)
        changes.updated[key] = compare(before, after) or Change(before, after)


def _at(value: Any, key: Key) -> Any:
    if is_secret(value) or value == UNKNOWN:
        return value  # nobody knows what is inside
    if isinstance(value, list):
        return value[key] if isinstance(key, int) and key < len(value) else _ABSENT
    return value.get(key, _ABSENT) if isinstance(value, dict) else _ABSENT


def _missing(value: Any) -> bool:
    return value is None or value is _ABSENT


def _or_none(value: Any) -> Any:
    return None if value is _ABSENT else value
