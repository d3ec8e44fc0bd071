"""Every text inside of a value, at any depth."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any


def mapped(value: Any, change: Callable[[str], str]) -> Any:
    """The value with every text in it changed; parts without a change stay the objects that they are."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, tuple):
        return tuple(mapped(one, change) for one in value)
    if isinstance(value, Mapping):
        return {mapped(key, change): mapped(one, change) for key, one in value.items()}
    if is_dataclass(value) and not isinstance(value, type):
        return _with_parts(value, change)
    return value


def _with_parts(value: Any, change: Callable[[str], str]) -> Any:
    parts = {field.name: getattr(value, field.name) for field in fields(value)}
    new = {name: mapped(part, change) for name, part in parts.items()}
    changed = {name: part for name, part in new.items() if part != parts[name]}
    return replace(value, **changed) if changed else value
