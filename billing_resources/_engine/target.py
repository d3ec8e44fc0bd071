"""The declaration that is being worked on: its kind, and who it is in its stack."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from billing_resources._engine.marks import Owner

if TYPE_CHECKING:
    from billing_resources._engine.kind import Kind


@dataclass(frozen=True)
class Target:
    """One declared resource; ``urn`` is the kind and key on Pulumi's stock host, which does not tell the URN."""

    kind: Kind
    urn: str
    stack: str
    key: str

    @property
    def owner(self) -> Owner:
        """Whose marks its object carries."""
        return Owner(self.stack, self.key)

    def parent(self, args: Mapping[str, Any]) -> str:
        """The id of the object that it belongs to; empty where there is none."""
        return str(args[self.kind.stripe.parent]) if self.kind.stripe.parent else ""

    def __str__(self) -> str:
        return f"{self.kind.name} {self.key}"
