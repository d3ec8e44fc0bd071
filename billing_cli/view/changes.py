"""What is different between two values: added, deleted, the same, changed; at any depth."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from billing_cli.view.values import is_internal, is_secret

Key = str | int


@dataclass
class Change:
    """A value that became another; `inner` says where inside, if both are objects or both lists."""

    old: Any
    new: Any
    inner: Changes | None = None


@dataclass
class Changes:
    """The differences between two objects, or between two lists."""

    added: dict[Key, Any] = field(default_factory=dict)
    deleted: dict[Key, Any] = field(default_factory=dict)
    same: dict[Key, Any] = field(default_factory=dict)
    updated: dict[Key, Change] = field(default_factory=dict)

    @property
    def keys(self) -> list[Key]:
        """All names, or all numbers, in order."""
        return sorted({*self.added, *self.deleted, *self.same, *self.updated}, key=lambda key: (str(type(key)), key))

    @property
    def is_list(self) -> bool:
        """Tell whether elements are told rather than properties."""
        return any(isinstance(key, int) for key in self.keys)

    def __bool__(self) -> bool:
        return bool(self.added or self.deleted or self.updated)

    def only(self, keys: list[str]) -> Changes:
        """Return the differences of some properties."""
        sides = (self.added, self.deleted, self.same, self.updated)
        added, deleted, same, updated = ({key: side[key] for key in side if key in keys} for side in sides)
        return Changes(added, deleted, same, updated)  # type: ignore[arg-type]

    def has_changed(self, key: Key) -> bool:
        """Tell whether it is not the same on both sides."""
        return key in self.added or key in self.deleted or key in self.updated


def compare(old: Any, new: Any) -> Change | None:
    """Find out what differs; nothing comes back for equal values."""
    inner = None
    if isinstance(old, dict) and isinstance(new, dict) and not is_secret(old) and not is_secret(new):
        inner = compare_objects(old, new)
    elif isinstance(old, list) and isinstance(new, list):
        inner = _compare_lists(old, new)
    elif _equal(old, new):
        return None
    else:
        return Change(old, new)
    return Change(old, new, inner) if inner else None


def compare_objects(old: dict[str, Any], new: dict[str, Any]) -> Changes:
    """Compare property by property; Pulumi's own are left out, and null is as good as absent."""
    found = Changes()
    for key in {*old, *new}:
        if not is_internal(key):
            _sort_in(found, key, old.get(key), new.get(key))
    return found


def _sort_in(found: Changes, key: Key, old: Any, new: Any) -> None:
    change = compare(old, new)
    if change is None:
        found.same[key] = old
    elif old is None:
        found.added[key] = new
    elif new is None:
        found.deleted[key] = old
    else:
        found.updated[key] = change


def _compare_lists(old: list[Any], new: list[Any]) -> Changes:
    found = Changes()
    for index, (before, after) in enumerate(zip(old, new, strict=False)):
        change = compare(before, after)
        if change is None:
            found.same[index] = before
        else:
            found.updated[index] = change
    found.deleted.update({index: old[index] for index in range(len(new), len(old))})
    found.added.update({index: new[index] for index in range(len(old), len(new))})
    return found


def _equal(old: Any, new: Any) -> bool:
    return (type(old) is type(new) and old == new) or (_is_number(old) and _is_number(new) and old == new)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
