"""The file of `pulumi import --file`: many imports at once."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from local_engine.errors import ImportRefusedError
from local_engine.import_plan import ImportSpec

if TYPE_CHECKING:
    from pathlib import Path

_TEXTS = ("type", "name", "logicalName", "id", "parent")
_TOO_MUCH = {  # the CLI can do these
    "component": "components",
    "remote": "remote components",
    "provider": "explicit providers",
    "properties": "a choice of properties",
    "version": "provider versions",
    "pluginDownloadUrl": "provider downloads",
    "parameterization": "parameterized packages",
}
_FORM = 'expected {"resources": [{"type": …, "name": …, "id": …}]}'


def read_import_file(path: Path) -> list[ImportSpec]:
    """Read an import file; parents are looked up in its `nameTable`."""
    document = _document(path)
    table, resources = document.get("nameTable", {}), document.get("resources", [])
    if not isinstance(table, dict) or not isinstance(resources, list):
        raise _unreadable(path, f'"nameTable" is a mapping and "resources" a list; {_FORM}')
    problems = [problem for number, item in enumerate(resources) for problem in _problems(number, item)]
    problems += [
        f"the URN of '{name}' in nameTable is not a text" for name in table if not isinstance(table[name], str)
    ]
    if problems:
        raise _unreadable(path, "; ".join(problems))
    logical = {item["name"]: _logical_name(item) for item in resources if item.get("name")}
    return [_spec(item, logical | table) for item in resources]


def _document(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise _unreadable(path, str(error.strerror)) from None
    except ValueError as error:
        raise _unreadable(path, f"it is not JSON ({error})") from None
    if not isinstance(found, dict):
        raise _unreadable(path, _FORM)
    return found


def _unreadable(path: Path, why: str) -> ImportRefusedError:
    return ImportRefusedError(f"could not read import file {path}: {why}.")


def _problems(number: int, item: Any) -> list[str]:
    if not isinstance(item, dict):
        return [f"resource {number} is not a mapping"]
    told = f"resource '{item.get('name') or number}'"
    wrong = [f"{told}: {key} is a text" for key in _TEXTS if not isinstance(item.get(key, ""), str)]
    beyond = [
        f"{told} asks for {_TOO_MUCH[key]}, which the local engine does not import; use the Pulumi CLI for it"
        for key in item
        if key in _TOO_MUCH and item[key]
    ]
    unknown = [f"{told} has the unknown key {key}" for key in item if key not in _TOO_MUCH and key not in _TEXTS]
    return wrong + beyond + unknown


def _logical_name(item: dict[str, str]) -> str:
    """Return the name in the state; `name` is what other entries of the file call it."""
    return item.get("logicalName") or item.get("name", "")


def _spec(item: dict[str, str], places: dict[str, str]) -> ImportSpec:
    parent = item.get("parent", "")
    return ImportSpec(item.get("type", ""), _logical_name(item), item.get("id", ""), places.get(parent, parent) or None)
