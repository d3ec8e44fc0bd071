"""What an operation had to say, shown at its end: each thing once, with the resource it is about."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.markup import escape

from billing_cli.names import STACK, kind_of, label

if TYPE_CHECKING:
    from rich.console import Console as Rich

_COLOURS = {"error": "red", "warning": "yellow"}
_ECHOES = ("update failed", "preview failed", "an unhandled error occurred: program exited with")


class Diagnostics:
    """Collects the diagnostics of one operation."""

    def __init__(self) -> None:
        self._found: list[tuple[str, str]] = []

    def add(self, body: dict[str, Any]) -> None:
        """Take one diagnostic event; debug messages are not for people."""
        severity = body["severity"].partition("#")[0]
        message, urn = str(body["message"]).strip("\n"), body.get("urn", "")
        if severity == "debug" or not message.strip():
            return
        named = not urn or kind_of(urn) == STACK or label(urn) in message
        told = (severity, message if named else f"{label(urn)}: {message}")
        if told not in self._found or severity == "info":
            self._found.append(told)

    def show(self, rich: Rich) -> None:
        """Print them; what only repeats that something failed is left out where it is known what."""
        errors = [message for severity, message in self._found if severity == "error"]
        known = any(not message.startswith(_ECHOES) for message in errors)
        found = [one for one in self._found if not (known and one[0] == "error" and one[1].startswith(_ECHOES))]
        if found:
            rich.print("[bold]Diagnostics:[/]")
        for severity, message in found:
            text = message.replace("\n", "\n    ")
            rich.print(f"  [{_COLOURS.get(severity, 'default')}]{escape(severity)}:[/] {escape(text)}")
