"""Takes the events of an engine, and shows an operation from its title to its duration."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, Self

from rich.console import Console as Rich
from rich.markup import escape
from rich.text import Text

from billing_cli.names import label
from billing_cli.view import summary
from billing_cli.view.diagnostics import Diagnostics, text_of
from billing_cli.view.diff_view import DiffView
from billing_cli.view.normal_view import NormalView
from billing_cli.view.property_changes import LONGEST
from billing_cli.view.step import Step

if TYPE_CHECKING:
    from types import TracebackType

    from rich.status import Status

_BESIDE = 44  # what stands on a line beside the old and the new value


def standard(*, errors: bool = False) -> Rich:
    """Return a console that never wraps and never paints what nobody asked to be painted."""
    return Rich(highlight=False, soft_wrap=True, stderr=errors)


class Console:
    """A preview is drawn as a tree when it is known; work is told as it is done, and drawn at its end on a terminal."""

    def __init__(
        self,
        title: str,
        *,
        preview: bool = False,
        diff: bool = False,
        rich: Rich | None = None,
        errors: Rich | None = None,
        stack: str = "",
    ) -> None:
        self._stack = stack  # its URN, for what is told before any resource is heard of
        self._rich = rich or standard()
        self._errors = errors or standard(errors=True)
        self._title = title
        self._preview = preview
        self._normal = NormalView(
            preview=preview,
            at_once=not preview and not self._rich.is_terminal,
            longest=max(24, (self._rich.width - _BESIDE) // 2) if self._rich.is_terminal else LONGEST,
        )
        self._diff = DiffView(preview=preview) if diff else None
        self._failed = 0
        self._diagnostics = Diagnostics()
        self._has_lines = False
        self._begun = time.monotonic()
        self._status: Status | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._status is not None:
            self._status.stop()

    def event(self, event: dict[str, Any]) -> None:
        """Show one engine event."""
        for name, show in (
            ("preludeEvent", self._begins),
            ("resourcePreEvent", self._step_begins),
            ("resOutputsEvent", self._step_done),
            ("resOpFailedEvent", self._step_failed),
            ("diagnosticEvent", self._told),
            ("stdoutEvent", self._said),
            ("summaryEvent", self._ends),
        ):
            if name in event:
                show(event[name])

    def _begins(self, _: dict[str, Any]) -> None:
        self._print(Text(f"{self._title}:\n", "bold"))
        if self._rich.is_terminal:
            self._status = self._rich.status("starting the program")
            self._status.start()

    def _step_begins(self, body: dict[str, Any]) -> None:
        step = Step(body["metadata"])
        self._print(self._normal.began(step))
        if self._diff is not None:
            self._print(self._diff.began(step))
        self._say_what_runs()

    def _step_done(self, body: dict[str, Any]) -> None:
        step = Step(body["metadata"])
        told = self._normal.ended(step)
        self._line(self._diff.ended(step) if self._diff is not None else told)
        self._say_what_runs()

    def _step_failed(self, body: dict[str, Any]) -> None:
        told = self._normal.failed(Step(body["metadata"]))
        self._failed += 1
        self._line(told if self._diff is None else Text())
        self._say_what_runs()

    def _told(self, body: dict[str, Any]) -> None:
        self._diagnostics.add(body)
        if body.get("urn"):
            self._normal.heard_of(str(body["urn"]))
        if self._diff is not None and body["severity"] != "debug":
            self._errors.print(Text(text_of(body)))

    def _said(self, body: dict[str, Any]) -> None:
        self._print(Text(str(body["message"])))

    def _say_what_runs(self) -> None:
        if self._status is not None:
            running = [label(urn) for urn in self._normal.running]
            more = f" and {len(running) - 3} more" if len(running) > 3 else ""
            doing = escape(", ".join(running[:3]) + more) or "waiting for the program"
            self._status.update(f"{self._normal.finished} done; {doing}")

    def _ends(self, body: dict[str, Any]) -> None:
        self.__exit__(None, None, None)
        self._print(self._sections() if self._diff is None else Text())
        errored = self._failed if self._diff is not None else self._diagnostics.errored()
        self._print(summary.counts(body["resourceChanges"], errored, preview=self._preview))
        if not self._preview:
            seconds = max(1, round(time.monotonic() - self._begun))
            self._print(Text("\nDuration:", "bold").append(f" {summary.whole(seconds)}\n", "not bold"))

    def _sections(self) -> Text:
        text = self._normal.end(self._diagnostics)
        text.append("\n" if text or self._has_lines else "")
        text.append_text(self._diagnostics.text(self._normal.stack or self._stack))
        outputs = self._normal.outputs()
        if outputs:
            text.append("Outputs:\n", "bold").append_text(outputs).append("\n")
        return text

    def _line(self, text: Text) -> None:
        self._has_lines |= bool(text)
        self._print(text)

    def _print(self, text: Text) -> None:
        if text:
            self._rich.print(text, end="")
