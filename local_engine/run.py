"""What a run is told, and what comes out of it."""

from __future__ import annotations

import os
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from local_engine.errors import EngineError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from local_engine.project import Project

DEFAULT_PARALLEL = 16
TERMINATED = 8
"""Exit code of an operation that was ended at once; the Pulumi CLI has the same."""


@dataclass(frozen=True)
class Options:
    """What an operation is asked to do beyond its purpose, as the CLI's options of these names."""

    refresh: bool = False
    continue_on_error: bool = False
    clear_pending_creates: bool = False
    targets: tuple[str, ...] = ()
    target_dependents: bool = False
    excludes: tuple[str, ...] = ()
    replaces: tuple[str, ...] = ()
    target_replaces: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for name in ("targets", "excludes", "replaces", "target_replaces"):
            object.__setattr__(self, name, tuple(getattr(self, name)))
        if self.excludes and (self.targets or self.target_replaces):
            raise EngineError("cannot specify both --target and --exclude; name what to change, or what to leave.")


@dataclass
class Run:
    """One operation on one stack; the same run can be cancelled from another thread."""

    project: Project
    stack: str
    environ: Mapping[str, str] = field(default_factory=lambda: dict(os.environ))
    parallel: int = DEFAULT_PARALLEL
    on_event: Callable[[dict[str, Any]], None] | None = None
    config_file: Path | None = None
    message: str = ""
    _on_cancel: Callable[[], None] | None = field(default=None, repr=False)
    _cancelled: threading.Event = field(default_factory=threading.Event, repr=False)
    _terminated: threading.Event = field(default_factory=threading.Event, repr=False)

    def __post_init__(self) -> None:
        self.parallel = max(1, self.parallel)
        if self.config_file is not None:
            self.config_file = Path(self.config_file)

    @property
    def cancelled(self) -> bool:
        """Tell whether somebody asked for an end."""
        return self._cancelled.is_set()

    @property
    def terminated(self) -> bool:
        """Tell whether somebody asked a second time."""
        return self._terminated.is_set()

    def cancel(self, by: str = "") -> None:
        """Let running steps come to their end, save, and start nothing more; the second time, end at once.

        What was under way then stays in the state as a pending operation: nobody knows what became of it.
        `by` is the signal that was heard, for those who tell it.
        """
        del by
        if self.cancelled:
            self._terminated.set()
        self._cancelled.set()
        if self._on_cancel is not None:
            self._on_cancel()

    def watch(self, on_cancel: Callable[[], None]) -> None:
        """Be told of a cancellation, also of one that came before."""
        self._on_cancel = on_cancel
        if self.cancelled:
            on_cancel()


@dataclass
class Result:
    """How an operation went."""

    exit_code: int
    changes: dict[str, int]
    diagnostics: list[dict[str, str]]
    outputs: dict[str, Any]
    preview: dict[str, Any] | None = None

    @property
    def succeeded(self) -> bool:
        """Tell whether all went well."""
        return self.exit_code == 0

    @property
    def changed(self) -> bool:
        """Tell whether anything was, or would be, changed."""
        return any(count for op, count in self.changes.items() if op not in {"same", "read"})
