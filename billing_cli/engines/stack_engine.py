"""What the commands for stacks and configuration ask of an engine; each answers the exit code."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol


@dataclass(frozen=True)
class Setting:
    """A key of the configuration, or a path into its value."""

    key: str
    is_path: bool = False


class StackEngine(Protocol):
    """Both engines print the same."""

    def has_stack(self) -> bool:
        """Whether the stack has state."""
        ...

    def init(self) -> int:
        """Make an empty stack."""
        ...

    def ls(self, *, as_json: bool) -> int:
        """List the project's stacks."""
        ...

    def rm(self, *, force: bool, preserve_config: bool) -> int:
        """Forget the stack."""
        ...

    def output(self, name: str | None, *, as_json: bool, show_secrets: bool) -> int:
        """Print the outputs, or one of them."""
        ...

    def rename(self, new: str) -> int:
        """Give the stack another name."""
        ...

    def export(self, file: Path | None, *, show_secrets: bool) -> int:
        """Print the deployment, or write it into a file."""
        ...

    def take_in(self, file: Path | None) -> int:
        """Import a deployment from a file, or from standard input."""
        ...

    def urns(self) -> list[str]:
        """The URNs of all resources in the state."""
        ...

    def unprotect(self, urns: list[str]) -> int:
        """Take the protection from some resources, or from all."""
        ...

    def cancel(self, *, as_json: bool) -> int:
        """Remove the locks that a killed operation left."""
        ...

    def config_ls(self, *, as_json: bool, show_secrets: bool) -> int:
        """Print the whole configuration."""
        ...

    def config_get(self, setting: Setting, *, as_json: bool) -> int:
        """Print one value."""
        ...

    def config_value(self, key: str) -> str:
        """One value as text, opened if it is secret, for this command alone."""
        ...

    def config_set(self, setting: Setting, value: str | None, *, secret: bool) -> int:
        """Set one value, which comes from standard input when there is none."""
        ...

    def config_rm(self, setting: Setting) -> int:
        """Remove one value."""
        ...
