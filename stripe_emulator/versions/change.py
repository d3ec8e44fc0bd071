"""One breaking change of Stripe's API, as the step back from the newer shape of an object to the older one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Document = dict[str, Any]
Find = Callable[[str, str], "Document | None"]
"""From the name of an object and its id to the object, in the newest shape."""


@dataclass(frozen=True)
class Change:
    """What an object looked like before the version of a date."""

    since: str
    objects: tuple[str, ...]
    back: Callable[[Document, Find], Document]
    expandable: tuple[tuple[str, str], ...] = ()  # fields of the older shape, and what they name


def nothing(_name: str, _identifier: str) -> Document | None:
    """Find nothing."""
    return None


def without(document: Document, *names: str) -> Document:
    """Return a document without some fields."""
    return {name: value for name, value in document.items() if name not in names}


def whole(value: Any, name: str, find: Find) -> Any:
    """Return the object where an id stands, if it can be found."""
    return (find(name, value) or value) if isinstance(value, str) else value
