"""JSON as people read it: indented, coloured, with ids that lead to their objects."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

Finder = Callable[[str, str], str | None]
"""From a field's name and its text to an address, if there is one."""


class Token(NamedTuple):
    """A piece of the text: what it is, what it says, and where it leads."""

    kind: str
    text: str
    href: str | None = None


def tokens(value: Any, find: Finder, name: str = "", depth: int = 0) -> Iterator[Token]:
    """Return the pieces of a value in their order."""
    if isinstance(value, dict) and value:
        entries = [(f"{json.dumps(key, ensure_ascii=False)}: ", key, inner) for key, inner in value.items()]
        yield from _block("{", "}", entries, find, depth)
    elif isinstance(value, list) and value:
        yield from _block("[", "]", [("", name, one) for one in value], find, depth)
    elif isinstance(value, str):
        yield Token("text", json.dumps(value, ensure_ascii=False), find(name, value))
    else:
        yield Token("plain", json.dumps(value))


def _block(
    opening: str, closing: str, entries: list[tuple[str, str, Any]], find: Finder, depth: int
) -> Iterator[Token]:
    indent = "  " * (depth + 1)
    yield Token("mark", f"{opening}\n")
    for at, (key, name, value) in enumerate(entries):
        yield Token("key", f"{indent}{key}")
        yield from tokens(value, find, name, depth + 1)
        yield Token("mark", ",\n" if at < len(entries) - 1 else "\n")
    yield Token("mark", f"{'  ' * depth}{closing}")
