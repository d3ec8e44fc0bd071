"""What the commands ask of an engine, whichever it is."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from billing_cli.engines.selection import Selection

if TYPE_CHECKING:
    from billing_cli.imports import Imports


@dataclass(frozen=True)
class Wishes:
    """How an operation is to be carried out."""

    parallel: int | None = None
    as_json: bool = False
    expect_no_changes: bool = False
    refresh: bool = False
    show_diff: bool = False
    selection: Selection = field(default_factory=Selection)


class Engine(Protocol):
    """Each operation shows its work and answers the exit code."""

    @property
    def title(self) -> str:
        """Which engine it is, and why it was chosen."""
        ...

    def has_stack(self) -> bool:
        """Whether the stack has a state, be it an empty one."""
        ...

    def ensure_stack(self) -> bool:
        """Make the stack if its settings are there but its state is not; whether it was made."""
        ...

    def preview(self, wishes: Wishes) -> int:
        """Show what ``up`` would do."""
        ...

    def up(self, wishes: Wishes) -> int:
        """Make Stripe equal to the program."""
        ...

    def refresh(self, wishes: Wishes) -> int:
        """Make the state equal to Stripe."""
        ...

    def preview_destroy(self, wishes: Wishes) -> int:
        """Show what ``destroy`` would remove."""
        ...

    def destroy(self, wishes: Wishes) -> int:
        """Remove everything the stack made."""
        ...

    def planned(self, wishes: Wishes, *, destroys: bool) -> tuple[int, list[dict[str, Any]]]:
        """The exit code and the events of the preview of ``up`` or ``destroy``; nothing is shown."""
        ...

    def previewed(self, wishes: Wishes) -> tuple[int, str]:
        """The exit code of the preview of ``up`` and its document, as `pulumi preview --json` prints it."""
        ...

    def exported(self) -> dict[str, Any]:
        """The stack's state, as `pulumi stack export` prints it: secrets stay encrypted."""
        ...

    def import_(self, imports: Imports, wishes: Wishes) -> int:
        """Bring what exists at Stripe into the state."""
        ...

    def outputs(self) -> dict[str, Any]:
        """The stack's plain outputs; secrets are masked."""
        ...
