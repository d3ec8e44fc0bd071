"""An operation on the console, in Pulumi's manner: a line for each resource, then problems and counts."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

from rich.console import Console as Rich
from rich.markup import escape

from billing_cli import properties
from billing_cli.diagnostics import Diagnostics
from billing_cli.names import STACK, kind_of, label, name_of

if TYPE_CHECKING:
    from types import TracebackType

    from rich.status import Status


@dataclass(frozen=True)
class Shown:
    """How people are told of an operation on a resource."""

    sign: str
    colour: str
    done: str
    planned: str


OPERATIONS = {
    "create": Shown("+", "green", "created", "create"),
    "update": Shown("~", "yellow", "updated", "update"),
    "replace": Shown("+-", "magenta", "replaced", "replace"),
    "delete": Shown("-", "red", "deleted", "delete"),
    "import": Shown("=", "cyan", "imported", "import"),
    "delete-replaced": Shown("--", "red", "old one retired", "retire the old one"),
}
_COUNTED = ("create", "update", "replace", "delete", "import")
_REFRESHED = {"update": "changed at Stripe", "delete": "gone at Stripe"}


class Console:
    """Takes engine events and prints them as they come; a preview is printed whole, plan by plan."""

    def __init__(
        self, title: str, *, preview: bool = False, everything: bool = False, rich: Rich | None = None
    ) -> None:
        self._rich = rich or Rich(highlight=False, soft_wrap=True)
        self._title = title
        self._preview = preview
        self._everything = everything
        self._running: dict[str, tuple[str, float]] = {}
        self._took: dict[str, float] = {}
        self._planned: list[dict[str, Any]] = []
        self._stack = ""
        self._failed = 0
        self._diagnostics = Diagnostics()
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
            ("diagnosticEvent", self._diagnostics.add),
            ("summaryEvent", self._ends),
        ):
            if name in event:
                show(event[name])

    def _begins(self, _: dict[str, Any]) -> None:
        self._rich.print(f"[bold]{escape(self._title)}:[/]")
        if self._rich.is_terminal:
            self._status = self._rich.status("starting the program")
            self._status.start()

    def _step_begins(self, body: dict[str, Any]) -> None:
        metadata = body["metadata"]
        if kind_of(metadata["urn"]) == STACK:
            self._stack = metadata["op"]
        else:
            self._running[metadata["urn"]] = metadata["op"], time.monotonic()
        self._say_what_runs()

    def _step_done(self, body: dict[str, Any]) -> None:
        metadata = body["metadata"]
        operation, urn = metadata["op"], metadata["urn"]
        begun_as, took = self._ended(urn)
        if kind_of(urn) == STACK:
            self._stack = operation
        elif operation == "create-replacement":
            self._took[urn] = took  # "replace" follows, and stands for both
        elif self._preview:
            self._planned.append(metadata)
        elif operation in OPERATIONS:
            shown = OPERATIONS[operation]
            word = _REFRESHED.get(operation, shown.done) if begun_as == "refresh" else shown.done
            took = self._took.pop(urn, took) if operation == "replace" else took
            self._line(shown, urn, f"{word} [dim]({duration(took)})[/]")
            self._properties(metadata)

    def _step_failed(self, body: dict[str, Any]) -> None:
        metadata = body["metadata"]
        _, took = self._ended(metadata["urn"])
        self._failed += 1
        self._line(Shown("!", "red", "", ""), metadata["urn"], f"[red]failed[/] [dim]({duration(took)})[/]")

    def _ended(self, urn: str) -> tuple[str, float]:
        operation, begun = self._running.pop(urn, ("", time.monotonic()))
        self._say_what_runs()
        return operation, time.monotonic() - begun

    def _say_what_runs(self) -> None:
        if self._status is not None:
            running = [label(urn) for urn in self._running]
            more = f" and {len(running) - 3} more" if len(running) > 3 else ""
            self._status.update(escape(", ".join(running[:3]) + more) or "waiting for the program")

    def _line(self, shown: Shown, urn: str, word: str, *, indent: str = "") -> None:
        kind = f"{indent}{kind_of(urn).rpartition(':')[2]}"
        self._rich.print(
            f" [{shown.colour}]{shown.sign:>2}[/] {escape(kind):<18} [bold]{escape(f'{name_of(urn):<26}')}[/] {word}"
        )

    def _properties(self, metadata: dict[str, Any]) -> None:
        if metadata["op"] in {"update", "replace"}:
            for change in properties.changes(metadata):
                replaces = " [magenta](replaces)[/]" if change.replaces else ""
                text = f"{change.path}: {change.old} → {change.new}"
                self._rich.print(f"{'':9}{escape(text)}{replaces}")
        elif self._everything and metadata["op"] in {"create", "delete"}:
            for name, value in properties.declared(metadata):
                self._rich.print(f"{'':9}{escape(f'{name}: {value}')}")

    def _plan(self) -> None:
        """What a preview found, each plan with its own below it."""
        changed = [one for one in self._planned if one["op"] in OPERATIONS and one["op"] != "delete-replaced"]
        groups = sorted({_group(one) for one in changed}, key=lambda urn: (not urn, name_of(urn)))
        for group in groups:
            self._heading(group, changed)
            for one in sorted(changed, key=lambda one: (kind_of(one["urn"]), name_of(one["urn"]))):
                if _group(one) == group and one["urn"] != group:
                    shown = OPERATIONS[one["op"]]
                    self._line(shown, one["urn"], shown.planned, indent="  " if group else "")
                    self._properties(one)

    def _heading(self, group: str, changed: list[dict[str, Any]]) -> None:
        if group:
            own = next((one["op"] for one in changed if one["urn"] == group), "")
            shown = OPERATIONS.get(own, Shown("", "default", "", ""))
            self._line(shown, group, shown.planned)

    def _ends(self, body: dict[str, Any]) -> None:
        self._say_what_runs()
        self.__exit__(None, None, None)
        self._plan()
        self._diagnostics.show(self._rich)
        counts = counted(_without_stack(body["resourceChanges"], self._stack), self._failed, planned=body["isPreview"])
        self._rich.print(f"[bold]Resources:[/] {counts}")
        if not body["isPreview"]:
            self._rich.print(f"[dim]Duration: {duration(time.monotonic() - self._begun)}[/]")


def counted(changes: dict[str, int], failed: int, *, planned: bool) -> str:
    """The counts of a summary, in words."""
    parts = []
    for operation in _COUNTED:
        if changes.get(operation):
            shown = OPERATIONS[operation]
            word = f"to {shown.planned}" if planned else shown.done
            parts.append(f"[{shown.colour}]{shown.sign} {changes[operation]} {word}[/]")
    parts += [f"[red]! {failed} failed[/]"] if failed else []
    same = changes.get("same", 0)
    if not parts:
        return f"no changes ({same} unchanged)" if same else "no changes"
    return ", ".join([*parts, f"{same} unchanged"] if same else parts)


def duration(seconds: float) -> str:
    """A time as people say it."""
    if seconds < 10:
        return f"{seconds:.2f}s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes}m{rest:02}s" if minutes else f"{rest}s"


def _group(metadata: dict[str, Any]) -> str:
    """The component that a resource stands in, itself for a component, nothing for all others."""
    state = metadata.get("new") or metadata.get("old") or {}
    if not state.get("custom"):
        return str(metadata["urn"])
    parent = str(state.get("parent") or "")
    return "" if kind_of(parent) == STACK else parent


def _without_stack(changes: dict[str, int], operation: str) -> dict[str, int]:
    """The stack is a resource to the engine, but nothing at Stripe."""
    counted_as = operation if operation in changes else "same"
    return {name: count - (name == counted_as and bool(operation)) for name, count in changes.items()}
