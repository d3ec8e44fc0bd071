"""One step of an engine, as its events tell it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from billing_cli.names import STACK, kind_of

PREVIEWED = frozenset({"read", "read-replacement", "import", "import-replacement"})


@dataclass(frozen=True)
class Step:
    """The metadata of an event."""

    metadata: dict[str, Any]

    @property
    def operation(self) -> str:
        """What is done."""
        return str(self.metadata["op"])

    @property
    def urn(self) -> str:
        """Which resource it is done to."""
        return str(self.metadata["urn"])

    @property
    def is_stack(self) -> bool:
        """Tell whether it is the stack itself."""
        return kind_of(self.urn) == STACK

    @cached_property
    def old(self) -> dict[str, Any]:
        """The resource as it was; empty if there was none."""
        return self.metadata.get("old") or {}

    @cached_property
    def new(self) -> dict[str, Any]:
        """The resource as it is to be; empty if there is to be none."""
        return self.metadata.get("new") or {}

    @property
    def parent(self) -> str:
        """The URN of the resource it belongs to."""
        return str((self.new or self.old).get("parent") or "")

    @property
    def is_retained(self) -> bool:
        """Tell whether what the old one stands for stays where it is, untracked."""
        return bool(self.old.get("retainOnDelete"))

    @property
    def changes_protection(self) -> bool:
        """Tell whether it is protected from now on, or no longer."""
        return bool(self.old and self.new) and bool(self.old.get("protect")) != bool(self.new.get("protect"))
