"""What nobody sees on a page: keys, signing secrets, client secrets."""

from __future__ import annotations

import re
from typing import Any

_NAMES = ("authentication_token", "client_secret", "secret", "signing_secret")
_KEYS = re.compile(r"\b((?:sk|rk)_(?:test|live)|whsec)_\w+")


def masked(value: Any, name: str = "") -> Any:
    """Return the same value with its secrets taken out."""
    if isinstance(value, dict):
        return {masked(key): masked(inner, str(key)) for key, inner in value.items()}
    if isinstance(value, list):
        return [masked(inner, name) for inner in value]
    if not isinstance(value, str):
        return value
    return "…" if name in _NAMES else _KEYS.sub(r"\1_…", value)
