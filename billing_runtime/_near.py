"""Near names for a name that is not there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from billing_runtime.errors import UnknownName

if TYPE_CHECKING:
    from collections.abc import Iterable

_AS_MANY = 3


def unknown_name(kind: str, name: str, known: Iterable[str]) -> UnknownName:
    """The error for a name that is not there, with the names its writer may have meant."""
    names = sorted(known)
    return UnknownName(kind, name, near=near_names(name, names), known=names)


def near_names(name: str, known: Iterable[str]) -> list[str]:
    """At most three similar names, nearest first; spelling of separators and case does not count."""
    from difflib import get_close_matches

    plain: dict[str, str] = {}
    for candidate in known:
        plain.setdefault(_plain(candidate), candidate)
    return [plain[match] for match in get_close_matches(_plain(name), plain, n=_AS_MANY, cutoff=0.6)]


def _plain(name: str) -> str:
    return name.lower().replace("_", "-").replace(" ", "-").replace(".", "-")
