"""The names of a catalog's entries, which are Pulumi resource names and manifest keys: team, team.monthly, app~2."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable

KEY_PATTERN = r"^[A-Za-z][A-Za-z0-9_-]{0,63}$"
"""No dot and no tilde: they join a price to its plan, and a copy to its endpoint."""


def is_key(value: object) -> bool:
    """Whether an entry may have this name."""
    return isinstance(value, str) and re.fullmatch(KEY_PATTERN, value) is not None


def price_name(owner: str, price: str) -> str:
    """The name of a price, from its plan's or product's name and its own there."""
    return f"{owner}.{price}"


def attachment_name(owner: str, feature: str) -> str:
    """The name of a feature's attachment, from its plan's or product's name and the feature's."""
    return f"{owner}.{feature}"


def endpoint_names(name: str, copies: int, retired: int = 0) -> list[str]:
    """The names of an endpoint and its copies, app and app~2, without the first ones that are retired."""
    return [name, *(f"{name}~{number}" for number in range(2, copies + 1))][retired:]


def hint(name: str, known: Iterable[str]) -> str:
    """What may have been meant: near names, or all of them."""
    names = sorted(known)
    near = difflib.get_close_matches(name, names, n=3)
    if near:
        return f"did you mean {' or '.join(near)}?"
    return f"there are {', '.join(names)}" if names else "there are none"
