"""Steps: the smallest changes an operation is made of."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from local_engine import urns

if TYPE_CHECKING:
    from collections.abc import Callable

    from local_engine.state import ResourceState

Op = Literal[
    "same",
    "create",
    "update",
    "delete",
    "replace",
    "create-replacement",
    "delete-replaced",
    "read",
    "read-replacement",
    "discard",
    "discard-replaced",
    "refresh",
    "import",
    "import-replacement",
    "remove-pending-replace",
]

# What people are not told of separately: "replace" stands for the whole replacement.
_INNER_OPS = {"create-replacement", "delete-replaced", "discard-replaced", "import-replacement", "read-replacement"}


@dataclass(eq=False)
class Step:
    """One change to one resource, with the reasons for it."""

    op: Op
    urn: str
    old: ResourceState | None = None
    new: ResourceState | None = None
    replace_keys: list[str] | None = None
    diff_keys: list[str] | None = None
    detailed_diff: dict[str, dict[str, Any]] | None = None
    ignore_changes: list[str] = field(default_factory=list)
    deletes_old_later: bool = False
    done: Callable[[ResourceState], None] | None = None
    failed: Callable[[], None] | None = None
    skipped: bool = False  # named by the program, but not what this run is about: nothing is done or kept
    preliminary: bool = False  # a look before the change proper; what it finds is not counted
    shown_op: str = ""

    @property
    def logical(self) -> bool:
        """Tell whether this is a change in its own right, not a part of a replacement."""
        return self.op not in _INNER_OPS and self.op not in {"remove-pending-replace", "refresh"}

    @property
    def state(self) -> ResourceState:
        """The state this step is about: the new one, or the old one when nothing is left."""
        found = self.new if self.new is not None and self.op not in DELETING else self.old
        if found is None:
            raise AssertionError(self)
        return found

    @property
    def provider(self) -> str:
        """The reference of the provider that carries it out."""
        return self.state.provider

    @property
    def counted(self) -> bool:
        """Tell whether the summary counts it."""
        told = self.logical or (self.op == "refresh" and not self.preliminary)
        return told and self.op != "read" and not self.internal

    @property
    def internal(self) -> bool:
        """Tell whether it is of no interest to people."""
        return urns.is_default_provider(self.urn)


DELETING = frozenset({"delete", "delete-replaced", "discard", "discard-replaced", "remove-pending-replace"})
CREATING = frozenset({"create", "create-replacement"})
READING = frozenset({"read", "read-replacement"})
IMPORTING = frozenset({"import", "import-replacement"})
