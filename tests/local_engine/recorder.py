"""Writes down what a program asks of our engine, and what our engine writes into the state."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

from google.protobuf import json_format

from local_engine import integrity, stacks
from local_engine.monitor import Monitor
from tests.local_engine import recording

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from local_engine.state import Snapshot

    Note = Callable[[dict[str, Any]], None]

_METHODS = (
    "GetDeploymentInfo",
    "SupportsFeature",
    "RegisterResource",
    "RegisterResourceOutputs",
    "ReadResource",
    "SignalAndWaitForShutdown",
)


def record(note: Note, replace: Callable[[Any, str, Any], None] = setattr) -> None:
    """Note every call of a program, at its start and at its answer, and every write of the state."""
    numbers = itertools.count()
    for method in _METHODS:
        replace(Monitor, method, _noted_call(method, note, numbers))
    replace(stacks.OpenStack, "write", _noted_write(note))


def _noted_call(method: str, note: Note, numbers: Iterator[int]) -> Any:
    ask = getattr(Monitor, method)

    def answer(self: Monitor, request: Any, context: Any) -> Any:
        number = next(numbers)
        note({"call": number, "method": method, "request": _described(request)})
        response = ask(self, request, context)
        note({"call": number, "response": _described(response)})
        return response

    return answer


def _noted_write(note: Note) -> Any:
    write = stacks.OpenStack.write

    def noted(self: stacks.OpenStack, snapshot: Snapshot) -> None:
        found = {"write": recording.condensed(snapshot), "problems": list(integrity.problems(snapshot.resources))}
        write(self, snapshot)
        note(found)

    return noted


def _described(message: Any) -> Any:
    return json_format.MessageToDict(message, preserving_proto_field_name=True)


class Notes:
    """What was written down in one operation."""

    def __init__(self) -> None:
        self.calls: list[dict[str, Any]] = []
        self.writes: list[dict[str, Any]] = []
        self.problems: list[str] = []
        self._numbered: dict[int, dict[str, Any]] = {}

    def take(self, line: dict[str, Any]) -> None:
        """Take one note."""
        if "write" in line:
            self.writes.append(line["write"])
            self.problems.extend(line["problems"])
        elif "request" in line:
            self._numbered[line["call"]] = call = {"method": line["method"], "request": line["request"]}
            self.calls.append(call)
        else:
            self._numbered[line["call"]]["response"] = line["response"]

    def clear(self) -> None:
        """Begin anew; problems are kept to the end."""
        for kept in (self.calls, self.writes, self._numbered):
            kept.clear()
