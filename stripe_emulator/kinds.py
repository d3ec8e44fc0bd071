"""What the emulator must know of a Stripe object to find, show and expand it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from stripe_emulator.call import Call

Document = dict[str, Any]


Events = Callable[["Document | None", "Document | None"], list[str]]
"""From a document before and after a request (None: not there) to the types of the events that this makes."""


def lifecycle(prefix: str) -> Events:
    """Return the events of an object that is only ever created, updated and deleted."""

    def events(before: Document | None, after: Document | None) -> list[str]:
        if before is None:
            return [f"{prefix}.created"]
        return [f"{prefix}.deleted" if after is None else f"{prefix}.updated"]

    return events


@dataclass(frozen=True)
class Face:
    """Another object that stands for the same document, with events of its own: a plan for a price."""

    view: Callable[[Document], Document | None]
    events: Events


def _silent(_before: Document | None, _after: Document | None) -> list[str]:
    return []


def as_stored(_call: Call, document: Document) -> Document:
    """Show a document as it is."""
    return document


@dataclass(frozen=True)
class Kind:
    """One Stripe object. Fields whose name begins with an underscore are the emulator's own and never shown."""

    object: str
    prefix: str
    noun: str  # as in "No such noun: 'id'"
    path_param: str = "id"  # named by the error when the id of a path names nothing
    expandable: dict[str, str] = field(default_factory=dict)  # field -> object it names
    on_request: frozenset[str] = frozenset()  # fields shown only when expanded, by their path
    view: Callable[[Call, Document], Document] = as_stored
    events: Events = _silent
    as_is: bool = False  # shown as it was stored, with all that it holds of other objects
    part_of: tuple[str, str] | None = None  # field and kind of the object that changes when this one does
    faces: tuple[Face, ...] = ()
