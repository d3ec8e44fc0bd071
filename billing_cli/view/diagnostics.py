"""What an operation had to say, shown at its end below the resource it is about."""

from __future__ import annotations

import re
from typing import Any

from rich.text import Text

from billing_cli.names import STACK, kind_of, name_of, short_kind

_COLOURS = {"error": "red", "warning": "yellow"}
_TAG = re.compile(r"<\{%[^%]*%\}>")
_MANY = 4

Said = tuple[str, str]


class Diagnostics:
    """Collects the diagnostics of one operation: severity and text, by resource."""

    def __init__(self) -> None:
        self._found: dict[str, list[Said]] = {}
        self._last_stream: dict[str, int] = {}

    def add(self, body: dict[str, Any]) -> None:
        """Take one diagnostic event; debug messages and passing ones are not for people."""
        if body["severity"] == "debug" or body.get("ephemeral"):
            return
        urn = str(body.get("urn") or "")
        found = self._found.setdefault(urn, [])
        stream, told = int(body.get("streamID") or 0), text_of(body)
        if stream and stream == self._last_stream.get(urn):
            told = f"{found.pop()[1]}\n{told}"  # the program's output comes in pieces
        self._last_stream[urn] = stream
        found.append((str(body["severity"]), told))

    def errored(self) -> int:
        """Count the resources that had an error; what is about no resource is about the stack."""
        failed = {urn for urn in self._found if self.errors_of(urn)}
        return len({"" if kind_of(urn) == STACK else urn for urn in failed})

    def errors_of(self, urn: str) -> int:
        """Count the errors of a resource."""
        return sum(severity == "error" for severity, _ in self._found.get(urn, []))

    def text(self, stack: str) -> Text:
        """Write them, what is about the stack last."""
        text = Text()
        for urns, found in self._shared(stack):
            told = [(severity, message) for severity, message in found if message.strip()]
            if told:
                text.append("" if text else "Diagnostics:\n", "bold")
                text.append(f"  {_heading(urns)}:\n", "bold")
                _write(text, told)
        return text

    def _shared(self, stack: str) -> list[tuple[list[str], list[Said]]]:
        """Group messages by resource; what many resources have to say alike is told once."""
        alike: dict[tuple[Said, ...], list[str]] = {}
        for urn, found in self._by_resource(stack).items():
            alike.setdefault(tuple(found), []).append(urn)
        groups: list[tuple[list[str], list[Said]]] = []
        for told, urns in alike.items():
            groups += [(urns, list(told))] if len(urns) >= _MANY else [([urn], list(told)) for urn in urns]
        return groups

    def _by_resource(self, stack: str) -> dict[str, list[Said]]:
        of_stack = [*self._found.get(stack, []), *(self._found.get("", []) if stack else [])]
        others = {urn: found for urn, found in self._found.items() if urn not in {"", stack}}
        return {**others, stack: of_stack}


def text_of(body: dict[str, Any]) -> str:
    """Write a diagnostic with its severity before it, without marks for colours."""
    return _TAG.sub("", f"{body.get('prefix') or ''}{body['message']}").rstrip()


def _heading(urns: list[str]) -> str:
    first = f"{short_kind(urns[0])} ({name_of(urns[0])})" if urns[0] else "stack"
    return first if len(urns) == 1 else f"{first} and {len(urns) - 1} more"


def _write(text: Text, told: list[Said]) -> None:
    for severity, message in told:
        for line in message.split("\n"):
            text.append(f"    {line.rstrip()}".rstrip() + "\n", _COLOURS.get(severity))
    text.append("\n")
