"""What an operation is about, when it is not about everything; the options are those of the Pulumi CLI."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

_ANYWHERE = "**::"  # before a name: whatever its type and its parents are


@dataclass(frozen=True)
class Selection:
    """The resources that are meant, and what happens after a failure.

    A resource is named by its URN, by a pattern (``**`` stands for anything), or by its name in the program alone.
    """

    targets: tuple[str, ...] = ()
    target_dependents: bool = False
    excludes: tuple[str, ...] = ()
    replaces: tuple[str, ...] = ()
    continue_on_error: bool = False
    clear_pending_creates: bool = False

    @classmethod
    def of(cls, options: dict[str, Any]) -> Selection:
        """Read the options of a command, which may have some of them only."""
        lists = {name: tuple(map(_pattern, options.get(name) or ())) for name in ("targets", "excludes", "replaces")}
        switches = ("target_dependents", "continue_on_error", "clear_pending_creates")
        found: dict[str, Any] = {**lists, **{name: bool(options.get(name)) for name in switches}}
        return cls(**found)

    def names(self) -> list[str]:
        """What is meant, or left out, by its name in the program alone."""
        patterns = (*self.targets, *self.excludes)
        found = [pattern.removeprefix(_ANYWHERE) for pattern in patterns if pattern.startswith(_ANYWHERE)]
        return [name for name in found if "*" not in name]

    def keywords(self) -> dict[str, Any]:
        """The same as keywords of the local engine; what was not asked for is left out."""
        return {name: value for name, value in vars(self).items() if value}

    def arguments(self) -> list[str]:
        """The same as arguments of the CLI."""
        lists = (("--target", self.targets), ("--exclude", self.excludes), ("--replace", self.replaces))
        switches = (
            ("--target-dependents", self.target_dependents),
            ("--continue-on-error", self.continue_on_error),
            ("--clear-pending-creates", self.clear_pending_creates),
        )
        named = [word for flag, urns in lists for urn in urns for word in (flag, urn)]
        return [*named, *(flag for flag, is_set in switches if is_set)]


def _pattern(name: str) -> str:
    return name if name.startswith("urn:") or "*" in name else f"{_ANYWHERE}{name}"
