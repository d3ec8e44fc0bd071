"""The settings of stacks for people, and as JSON for programs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import click

from billing_cli.stack_tables import plain, table

if TYPE_CHECKING:
    from billing_cli.explain.catalog_part import CatalogPart
    from billing_cli.explain.explanation import Explanation, Shown
    from billing_cli.explain.findings import Finding
    from billing_cli.explain.overriding import Override

VERSION = 1
_COLOURS = {"problem": "red", "warning": "yellow", "note": "cyan"}
_LONGEST = 60


def text(found: Sequence[Explanation]) -> str:
    """Every stack, one below the other."""
    return "\n\n".join("\n".join(_stack(one)) for one in found)


def _stack(one: Explanation) -> Iterator[str]:
    yield click.style(f"Stack {one.stack}", bold=True) + f" ({one.file})"
    rows = [("SETTING", "VALUE", "FROM"), *(_row(setting) for setting in one.settings)]
    yield from (f"  {line.rstrip()}" for line in table(rows).splitlines())
    yield from (f"  {line}" for line in _catalog(one.catalog))
    yield from (f"  {_finding(finding, one.file)}" for finding in one.findings)


def _row(one: Shown) -> tuple[str, str, str]:
    if one.origin == "default":
        return one.key, one.where, "default"
    return one.key, _short(one.value), one.where


def _short(value: Any) -> str:
    if isinstance(value, Mapping | list):
        return "1 entry" if len(value) == 1 else f"{len(value)} entries"
    said = plain(value)
    return said if len(said) <= _LONGEST else f"{said[:_LONGEST]}…"


def _catalog(part: CatalogPart) -> Iterator[str]:
    if part.objects:
        yield f"{part.file}: {len(part.objects)} objects; the stack has {_otherwise(part)}"
    yield from (f"  {_override(one)}" for one in part.overrides)


def _otherwise(part: CatalogPart) -> str:
    if not part.entries:
        return "all of them as every stack"
    return f"{part.entries} {'entry' if part.entries == 1 else 'entries'} of it otherwise"


def _override(one: Override) -> str:
    if one.does == "removes":
        return f"{one.path}: not here"
    if one.does == "adds":
        return f"{one.path}: {_short(one.here)}, only here"
    if one.does == "repeats":
        return f"{one.path}: {_short(one.here)}, as everywhere"
    return f"{one.path}: {_short(one.here)} instead of {_short(one.shared)}"


def _finding(one: Finding, file: str) -> str:
    where = f"{file}:{one.line}: " if one.line else ""
    return f"{where}{click.style(one.severity, _COLOURS[one.severity])}: {one.key} {one.sentence}"


def document(found: Sequence[Explanation]) -> dict[str, Any]:
    """The form that programs rely on."""
    return {"version": VERSION, "ok": all(one.is_sound for one in found), "stacks": [_document(one) for one in found]}


def _document(one: Explanation) -> dict[str, Any]:
    return {
        "stack": one.stack,
        "file": one.file,
        "settings": [
            {"key": each.key, "value": each.value, "secret": each.secret, "origin": each.origin, "where": each.where}
            for each in one.settings
        ],
        "catalog": {
            "file": one.catalog.file,
            "objects": list(one.catalog.objects),
            "overrides": [
                {"path": each.path, "does": each.does, "shared": each.shared, "here": each.here}
                for each in one.catalog.overrides
            ],
        },
        "findings": [
            {"severity": each.severity, "key": each.key, "line": each.line, "sentence": each.sentence}
            for each in one.findings
        ],
    }
