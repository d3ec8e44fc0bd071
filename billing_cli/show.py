"""An operation on the console, in Pulumi's manner: a line as each resource is done, then problems and counts."""

from __future__ import annotations

import time
from typing import Any

from rich.console import Console as Rich
from rich.markup import escape

SIGNS = {
    "create": ("+", "green", "created", "create"),
    "update": ("~", "yellow", "updated", "update"),
    "delete": ("-", "red", "deleted", "delete"),
    "replace": ("+-", "magenta", "replaced", "replace"),
    "create-replacement": ("++", "green", "created replacement", "create replacement"),
    "delete-replaced": ("--", "red", "deleted original", "delete original"),
    "import": ("=", "cyan", "imported", "import"),
    "refresh": ("~", "yellow", "refreshed", "refresh"),
    "same": (" ", "dim", "unchanged", "unchanged"),
}
_COUNTED = ("create", "update", "replace", "delete", "import")
_STACK = "pulumi:pulumi:Stack"


class Console:
    """Takes engine events and prints them as they come."""

    def __init__(self, title: str, *, details: bool, rich: Rich | None = None) -> None:
        self._rich = rich or Rich(highlight=False, soft_wrap=True)
        self._details = details
        self._started: dict[tuple[str, str], float] = {}
        self._problems: list[tuple[str, str, str]] = []
        self._begun = time.monotonic()
        self._rich.print(f"[bold]{escape(title)}:[/]")

    def event(self, event: dict[str, Any]) -> None:
        """Show one engine event."""
        for name, show in (
            ("resourcePreEvent", self._step_begins),
            ("resOutputsEvent", self._step_done),
            ("diagnosticEvent", self._told),
            ("summaryEvent", self._summary),
        ):
            if name in event:
                show(event[name])

    def _step_begins(self, body: dict[str, Any]) -> None:
        metadata = body["metadata"]
        self._started[metadata["urn"], metadata["op"]] = time.monotonic()

    def _step_done(self, body: dict[str, Any]) -> None:
        metadata = body["metadata"]
        operation, urn = metadata["op"], metadata["urn"]
        shown = SIGNS.get(operation)
        if shown is None or operation == "same" or _kind(urn) == _STACK or metadata.get("logical") is False:
            return
        sign, colour, done, planned = shown
        began = self._started.pop((urn, operation), None)
        took = "" if began is None or self._details else f" [dim]({time.monotonic() - began:.2f}s)[/]"
        word = planned if self._details else done
        self._rich.print(
            f" [{colour}]{sign:>2}[/] {escape(_short(_kind(urn))):<16} [bold]{escape(_name(urn))}[/] {word}{took}"
        )
        if operation in {"update", "replace"}:
            self._changes(metadata)

    def _changes(self, metadata: dict[str, Any]) -> None:
        for path, change in sorted((metadata.get("detailedDiff") or {}).items()):
            old = _at((metadata.get("old") or {}).get("inputs"), path)
            new = _at((metadata.get("new") or {}).get("inputs"), path)
            replaces = " [magenta](replaces)[/]" if "replace" in str(change.get("diffKind", change.get("kind"))) else ""
            self._rich.print(f"       {escape(path)}: {_value(old)} → {_value(new)}{replaces}")

    def _told(self, body: dict[str, Any]) -> None:
        if body.get("severity") in {"error", "warning", "info", "info#err"}:
            self._problems.append((body["severity"], body.get("urn", ""), str(body["message"]).rstrip()))

    def _summary(self, body: dict[str, Any]) -> None:
        if self._problems:
            self._rich.print("[bold]Diagnostics:[/]")
        for severity, urn, message in self._problems:
            colour = {"error": "red", "warning": "yellow"}.get(severity, "default")
            where = f"{_short(_kind(urn))} {_name(urn)}: " if urn and _kind(urn) != _STACK else ""
            word = severity.partition("#")[0]
            self._rich.print(f"  [{colour}]{word}:[/] {escape(where)}{escape(message)}")
        self._rich.print(f"[bold]Resources:[/] {_counts(body['resourceChanges'], planned=body['isPreview'])}")
        if not body["isPreview"]:
            self._rich.print(f"[dim]Duration: {time.monotonic() - self._begun:.1f}s[/]")


def _counts(changes: dict[str, int], *, planned: bool) -> str:
    parts = []
    for operation in _COUNTED:
        if changes.get(operation):
            sign, colour, done, plan = SIGNS[operation]
            parts.append(f"[{colour}]{sign} {changes[operation]} {f'to {plan}' if planned else done}[/]")
    if changes.get("same"):
        parts.append(f"{changes['same']} unchanged")
    return ", ".join(parts) or "none"


def _kind(urn: str) -> str:
    return urn.split("::")[2].rpartition("$")[2] if urn.count("::") >= 3 else ""


def _name(urn: str) -> str:
    return urn.rpartition("::")[2]


def _short(kind: str) -> str:
    return kind.rpartition(":")[2]


def _at(value: Any, path: str) -> Any:
    for step in path.replace("]", "").replace("[", ".").replace('"', "").split("."):
        if isinstance(value, list):
            value = value[int(step)] if step.isdigit() and int(step) < len(value) else None
        else:
            value = value.get(step) if isinstance(value, dict) else None
    return value


def _value(value: Any) -> str:
    if value is None:
        return "[dim]none[/]"
    text = f'"{value}"' if isinstance(value, str) else str(value)
    return escape(text)
