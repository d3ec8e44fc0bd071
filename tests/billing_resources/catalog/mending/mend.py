"""Catalogs with problems, and what becomes of them when the fixes are carried out."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from billing_resources.catalog.loader import load_catalog
from billing_resources.catalog.mending.fix import Edit
from billing_resources.catalog.mending.located import Located, located
from billing_resources.catalog.problems import InvalidCatalog

TOP = "version: 1\ncurrency: usd\n"


def problems(text: str, overrides: dict[str, Any] | None = None, settings: str | None = None) -> list[Located]:
    """The problems of a catalog with this text, each with its fix."""
    with TemporaryDirectory() as directory:
        catalog, stack = Path(directory, "catalog.yaml"), Path(directory, "Pulumi.dev.yaml")
        catalog.write_text(text, encoding="utf-8")
        stack.write_text(settings or "", encoding="utf-8")
        try:
            load_catalog(catalog, overrides, "dev")
        except InvalidCatalog as error:
            return located(error.found, catalog, stack if settings is not None else None)
    return []


def mended(text: str, found: list[Located]) -> str:
    """The text after every mechanical fix, the last one first, so that none moves another."""
    edits = {one.fix.edit for one in found if one.fix.edit is not None}
    lines = text.split("\n")
    for edit in sorted(edits, key=lambda edit: (edit.span.line, edit.span.column), reverse=True):
        put(lines, edit)
    return "\n".join(lines)


def put(lines: list[str], edit: Edit) -> None:
    """One edit; those of catalogs are within a line."""
    line = lines[edit.span.line - 1]
    assert edit.span.line == edit.span.end_line
    lines[edit.span.line - 1] = line[: edit.span.column - 1] + edit.replacement + line[edit.span.end_column - 1 :]
