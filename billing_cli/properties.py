"""Properties of resources in words: what changed from what to what, without a secret."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

SECRET = "4dabf18193072939515e22adb298388d"  # noqa: S105 - the name under which Pulumi wraps a secret
UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"

_STEP = re.compile(r'\["((?:[^"\\]|\\.)*)"\]|\[(\d+)\]|\.?([^.\[]+)')


@dataclass(frozen=True)
class Change:
    """One property that is, or would be, another."""

    path: str
    old: str
    new: str
    replaces: bool


def changes(metadata: dict[str, Any]) -> list[Change]:
    """The changed properties of an engine event, in the order of their paths."""
    found = metadata.get("detailedDiff") or {}
    return [_change(path, found[path], metadata) for path in sorted(found)]


def declared(metadata: dict[str, Any]) -> list[tuple[str, str]]:
    """What the program declares of a resource, or declared of one that goes; bookkeeping left out."""
    inputs = (metadata.get("new") or metadata.get("old") or {}).get("inputs") or {}
    return [(name, worded(value)) for name, value in sorted(inputs.items()) if not name.startswith("_")]


def worded(value: Any) -> str:
    """A value as JSON; a secret is masked, and what only Stripe knows is called so."""
    text = json.dumps(_masked(value), ensure_ascii=False)
    return text.replace(f'"{UNKNOWN}"', "(known after up)").replace('"[secret]"', "[secret]")


def at(value: Any, path: str) -> Any:
    """The value at a property path (`a.b[0]["x.y"]`), None where there is none."""
    for quoted, index, name in _STEP.findall(path):
        if isinstance(value, list):
            value = value[int(index)] if index and int(index) < len(value) else None
        else:
            value = value.get(quoted or name) if isinstance(value, dict) else None
    return value


def _change(path: str, how: dict[str, Any], metadata: dict[str, Any]) -> Change:
    kind = str(how.get("diffKind", how.get("kind", "update")))
    old, new = metadata.get("old") or {}, metadata.get("new") or {}
    before = at(old.get("inputs" if how.get("inputDiff", True) else "outputs"), path)
    after = None if kind.startswith("delete") else at(new.get("inputs"), path)
    return Change(path, _or_none(before), _or_none(after), replaces=kind.endswith("replace"))


def _or_none(value: Any) -> str:
    return "none" if value is None else worded(value)


def _masked(value: Any) -> Any:
    if isinstance(value, dict):
        return "[secret]" if SECRET in value else {name: _masked(one) for name, one in value.items()}
    return [_masked(one) for one in value] if isinstance(value, list) else value
