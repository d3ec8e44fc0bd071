"""The usual view: a tree of what changes; where nobody watches, a line for each step as it ends."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from billing_cli.names import name_of, short_kind, stack_of
from billing_cli.view.outputs import write_outputs
from billing_cli.view.property_changes import LONGEST
from billing_cli.view.rows import Row
from billing_cli.view.step import Step
from billing_cli.view.summary import duration
from billing_cli.view.tree import changes_below, tree
from billing_cli.view.words import FOUND_BY_REFRESH, OPERATIONS, REPLACING, RETAINING
from billing_cli.view.writer import Writer

if TYPE_CHECKING:
    from billing_cli.view.diagnostics import Diagnostics

_LINES = 20  # of one output
_BELOW = " " * 8


class NormalView:
    """Collects steps, and tells them at once or at the end."""

    def __init__(self, *, preview: bool, at_once: bool, longest: int = LONGEST) -> None:
        self._preview = preview
        self._longest = longest
        self._at_once = at_once
        self._rows: dict[str, Row] = {}
        self.stack = ""

    @property
    def running(self) -> list[str]:
        """The URNs of what is under way."""
        return [urn for urn, row in self._rows.items() if row.begun and urn != self.stack]

    @property
    def finished(self) -> int:
        """How many resources are done with."""
        return sum(bool(row.took) for row in self._rows.values())

    def heard_of(self, urn: str) -> None:
        """Learn from any resource which stack it is about."""
        self.stack = self.stack or stack_of(urn)

    def began(self, step: Step) -> Text:
        """Take a step that begins."""
        self._row(step).begin(step)
        return Text()

    def ended(self, step: Step) -> Text:
        """Take a step that is done."""
        row = self._row(step)
        took = row.end(step)
        return self._line(row, step, took) if self._at_once else Text()

    def failed(self, step: Step) -> Text:
        """Take a step that went wrong."""
        row = self._row(step)
        took = row.end(step)
        row.is_failed = not self._preview
        if not self._at_once or step.is_stack:
            return Text()
        text = _step_line(step, OPERATIONS[step.operation].failed, took, "red")
        return text.append_text(_changes_once(row))

    def _row(self, step: Step) -> Row:
        self.heard_of(step.urn)
        return self._rows.setdefault(step.urn, Row(step))

    def _line(self, row: Row, step: Step, took: float) -> Text:
        if step.is_stack or not (row.is_told or step.operation in REPLACING):
            return Text()
        words = OPERATIONS[step.operation]
        found = FOUND_BY_REFRESH.get(step.operation) if row.is_refreshed else None
        text = _step_line(step, found or words.done, took, words.colour)
        return text.append_text(_changes_once(row))

    def end(self, diagnostics: Diagnostics) -> Text:
        """Draw what was not told at once."""
        for urn, row in self._rows.items():
            row.errors = diagnostics.errors_of(urn)
        return Text() if self._at_once else tree(self._rows, self.stack, preview=self._preview, longest=self._longest)

    def outputs(self) -> Text:
        """Write the outputs of the stack, old => new."""
        row = self._rows.get(self.stack)
        if row is None or row.step.operation == "delete":
            return Text()
        pen = Writer(Text(), 1, row.step.operation)
        return write_outputs(pen, row.step, preview=self._preview, longest=_LINES)


def _changes_once(row: Row) -> Text:
    """Tell what changes below the first step of a resource: a replacement has three."""
    text = Text() if row.has_told_changes else changes_below(row, _BELOW, LONGEST)
    row.has_told_changes |= bool(text)
    return text


def _step_line(step: Step, word: str, took: float, colour: str) -> Text:
    retained = "[retain]" if step.is_retained and step.operation in RETAINING else ""
    text = Text().append(f" {OPERATIONS[step.operation].sign:<3}", colour)
    text.append(f"{short_kind(step.urn):<18}  ", "default").append(f"{name_of(step.urn):<26}  ", "bold")
    text.append(f"{word} ({duration(took)}){retained}" if word else "", colour)
    text.rstrip()
    return text.append("\n")
