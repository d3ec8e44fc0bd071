"""One row for each resource of an operation: what happens to it, how it went, how long it took."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from billing_cli.view.summary import duration
from billing_cli.view.words import FOUND_BY_REFRESH, OPERATIONS, READS, RETAINING

if TYPE_CHECKING:
    from billing_cli.view.step import Step
    from billing_cli.view.words import Words


@dataclass
class Row:
    """A resource, with its steps in the order in which they were told."""

    step: Step
    begun: dict[str, float] = field(default_factory=dict)
    took: dict[str, float] = field(default_factory=dict)
    errors: int = 0
    is_failed: bool = False
    is_refreshed: bool = False
    replacing: Step | None = None
    has_told_changes: bool = False

    @property
    def main(self) -> Step:
        """The step that stands for all: a replacement consists of several."""
        return self.step if self.replacing is None or self.is_failed else self.replacing

    @property
    def words(self) -> Words:
        """The words for what happens to it."""
        return OPERATIONS[self.main.operation]

    @property
    def is_told(self) -> bool:
        """Tell whether people should see it."""
        operation = self.main.operation
        if operation in {"same", "refresh", *READS}:
            return self.is_failed or bool(self.errors) or self.main.changes_protection
        return True

    def begin(self, step: Step) -> None:
        """Note that a step begins."""
        self.step = step
        self.is_refreshed = step.operation == "refresh"
        self.begun[step.operation] = time.monotonic()
        self._note(step)

    def end(self, step: Step) -> float:
        """Note that a step is done, and tell how long it took; a refresh ends as what it found."""
        self.step = step
        self._note(step)
        begun = self.begun.pop(step.operation, None) or self.begun.pop("refresh", None) or time.monotonic()
        self.took[step.operation] = time.monotonic() - begun
        return self.took[step.operation]

    def _note(self, step: Step) -> None:
        if step.operation == "replace":
            self.replacing = step

    def status(self, *, preview: bool) -> str:
        """Tell what is to be done, what was done, or that it failed."""
        operation = self.main.operation
        retained = "[retain]" if self.main.is_retained and operation in RETAINING else ""
        errors = f"{self.errors} error{'s' if self.errors > 1 else ''}" if self.errors else ""
        if self.is_failed and not preview:
            return f"{self.words.failed}{retained}"
        return " ".join(part for part in (f"{self._word(preview=preview)}{retained}", errors) if part)

    def _word(self, *, preview: bool) -> str:
        word = self.words.planned if preview else self.words.done
        if self.is_refreshed:
            word = FOUND_BY_REFRESH.get(self.main.operation, word)
        return f"{word} ({duration(sum(self.took.values()))})" if self.took and word and not preview else word
