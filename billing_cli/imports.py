"""What `billing import` is asked for: objects that exist, each with its kind, its name and its id."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from billing_cli.errors import UsageRefused

if TYPE_CHECKING:
    from collections.abc import Iterable

    from local_engine import ImportSpec

_TYPE = "pulumi-python:dynamic/stripe:"


@dataclass(frozen=True)
class Imports:
    """Everything one command takes over, and how."""

    specs: tuple[ImportSpec, ...]
    protect: bool
    preview_only: bool = False

    def shown(self) -> Imports:
        """The same, only to be looked at."""
        return replace(self, preview_only=True)

    def document(self) -> dict[str, Any]:
        """The file that `pulumi import` takes."""
        parents = sorted({spec.parent for spec in self.specs if spec.parent and spec.parent.startswith("urn:")})
        names = {urn: f"parent-{number}" for number, urn in enumerate(parents)}
        return {
            "nameTable": {name: urn for urn, name in names.items()},
            "resources": [_resource(spec, names) for spec in self.specs],
        }


def _resource(spec: ImportSpec, names: dict[str, str]) -> dict[str, str]:
    found = {"type": spec.type, "name": spec.name, "id": spec.id}
    return found if spec.parent is None else {**found, "parent": names.get(spec.parent, spec.parent)}


def named(kind: str | None, name: str | None, object_id: str | None, file: str | None) -> tuple[ImportSpec, ...]:
    """The imports of a command line: one object, or those of a file."""
    from local_engine import EngineError, ImportSpec, read_import_file

    given = (kind, name, object_id)
    if (file is None) == (kind is None):
        raise UsageRefused("an import names one object (TYPE NAME ID), or a file of them (--file), not both")
    if file is None:
        if name is None or object_id is None:
            raise UsageRefused(f"an import names TYPE, NAME and ID: {' '.join(filter(None, given))} lacks the rest")
        return _whole([ImportSpec(kind or "", name, object_id)])
    try:
        return _whole(read_import_file(Path(file)))
    except EngineError as error:
        raise UsageRefused(str(error)) from None


def _whole(specs: Iterable[ImportSpec]) -> tuple[ImportSpec, ...]:
    return tuple(replace(spec, type=whole_type(spec.type)) for spec in specs)


def whole_type(kind: str) -> str:
    """A type as the state has it: kinds of this package may be given by their name alone."""
    return kind if ":" in kind or not kind else f"{_TYPE}{known_kind(kind)}"


def known_kind(kind: str) -> str:
    """The kind, if there is one of that name."""
    from billing_resources._engine import every_kind
    from billing_resources._engine.kind import REGISTRY

    if every_kind and kind in REGISTRY:
        return kind
    raise UsageRefused(f"there is no kind {kind!r}: kinds are {', '.join(sorted(REGISTRY))}")
