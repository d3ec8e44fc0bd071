"""No secret in a report, wherever somebody wrote one. https://docs.stripe.com/keys"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar

Value = TypeVar("Value")
_SECRET = re.compile(r"(?<![A-Za-z0-9])(sk|rk|whsec)_[A-Za-z0-9_]+")
HIDDEN = "[secret]"


def masked(value: Value) -> Value:
    """The same value, with every key and signing secret in its texts hidden."""
    return _masked(value)  # type: ignore[no-any-return]


def hides(text: str) -> bool:
    """Whether something in the text is or was hidden."""
    return HIDDEN in text or _SECRET.search(text) is not None


def _masked(value: Any) -> Any:
    if isinstance(value, str):
        return _SECRET.sub(HIDDEN, value)
    if isinstance(value, tuple):
        return tuple(_masked(part) for part in value)
    if isinstance(value, Mapping):
        return {key: _masked(part) for key, part in value.items()}
    if is_dataclass(value) and not isinstance(value, type):
        return _masked_parts(value)
    return value


def _masked_parts(value: Any) -> Any:
    parts = {field.name: getattr(value, field.name) for field in fields(value)}
    hidden = {name: _masked(part) for name, part in parts.items()}
    changed = {name: part for name, part in hidden.items() if part != parts[name]}
    return replace(value, **changed) if changed else value
