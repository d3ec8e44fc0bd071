"""Keep what was asked and granted in a folder, one request of each shape, so that others can judge the requests."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from stripe_emulator.parameters import api_version

if TYPE_CHECKING:
    from stripe_emulator.emulator import Prepared
    from stripe_emulator.parameters import Parameter

VARIABLE = "EMULATED_STRIPE_RECORD"

_DIGITS = re.compile(r"[0-9]+")


def folder_of_environment() -> Path | None:
    """Return the folder that the environment asks to record in."""
    named = os.environ.get(VARIABLE)
    return Path(named) if named else None


class Recorder:
    """Appends to `<process id>.jsonl`, a line in one write: a killed emulator leaves whole lines."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._file = folder / f"{os.getpid()}.jsonl"
        self._known: set[str] = set()

    def note(self, prepared: Prepared) -> None:
        """Record a request of the newest version, unless one of the same shape was recorded before."""
        if prepared.version != api_version():  # whoever judges it knows one version's words
            return
        shape = f"{prepared.route.name} {json.dumps(_fields(prepared.route.parameters, prepared.raw))}"
        if shape in self._known:
            return
        self._known.add(shape)
        with self._file.open("ab", buffering=0) as file:
            file.write(json.dumps(_line(prepared, shape)).encode() + b"\n")


def _line(prepared: Prepared, shape: str) -> dict[str, str]:
    request = prepared.request
    return {
        "route": prepared.route.name,
        "method": request.method,
        "path": request.path,
        "query": request.query,
        "body": request.body.decode(errors="replace"),
        "shape": shape,
    }


def _fields(fields: dict[str, Parameter], raw: dict[str, Any]) -> list[Any]:
    return sorted([name, _shape(fields.get(name), value)] for name, value in raw.items())


def _shape(parameter: Parameter | None, value: Any) -> Any:
    """Say what a schema can say of a value: its words where words are listed, else its size and its signs."""
    if isinstance(value, dict) and parameter and parameter.type == "object":
        return _fields(parameter.fields, value)
    if isinstance(value, (dict, list)):
        return _elements(parameter, value)
    if parameter is None or not isinstance(value, str):
        return type(value).__name__
    words = {word for choice in (parameter, *parameter.any_of) for word in choice.enum}
    if value in words:
        return value
    return len(value).bit_length() if parameter.type == "string" else _DIGITS.sub("0", value)


def _elements(parameter: Parameter | None, value: dict[str, Any] | list[Any]) -> list[Any]:
    """Return the different shapes in a list or a map, whatever their places and keys."""
    chosen = _of_same_kind(parameter, value)
    if chosen is not None and chosen.type == "object" and isinstance(value, dict):
        return _fields(chosen.fields, value)
    items = chosen.items if chosen else None
    elements = value.values() if isinstance(value, dict) else value
    return sorted({json.dumps(_shape(items, element)) for element in elements})


def _of_same_kind(parameter: Parameter | None, value: dict[str, Any] | list[Any]) -> Parameter | None:
    """Return the alternative that can hold a list or a map."""
    if parameter is None or not parameter.any_of:
        return parameter
    kinds = ("object", "map", "array") if isinstance(value, dict) else ("array",)
    return next((choice for choice in parameter.any_of if choice.type in kinds), None)
