"""What the emulator must know of a Stripe object to find, show and expand it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from stripe_emulator.call import Call

Document = dict[str, Any]


def _as_stored(_call: Call, document: Document) -> Document:
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
    view: Callable[[Call, Document], Document] = _as_stored
