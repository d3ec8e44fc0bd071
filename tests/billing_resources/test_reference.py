"""The resource reference in docs/, which is made from the declarations."""

from __future__ import annotations

import runpy
from pathlib import Path

from billing_resources._engine.kind import REGISTRY

ROOT = Path(__file__).parents[2]


def test_the_pages_are_those_of_the_declarations() -> None:
    """Nobody edits them: script/generate_reference.py writes what is checked in."""
    made = runpy.run_path(str(ROOT / "script" / "generate_reference.py"))["pages"]()
    assert {path.name: path.read_text() for path in (ROOT / "docs" / "resources").glob("*.md")} == made


def test_every_field_of_every_kind_is_told() -> None:
    """A field that is declared has a row with a meaning."""
    pages = "".join(path.read_text() for path in (ROOT / "docs" / "resources").glob("*.md"))
    fields = [(kind.name, field.name) for kind in REGISTRY.values() for field in kind.fields]
    rows = {row.split("`")[1]: row for row in pages.splitlines() if row.startswith("| `")}
    assert all(name in rows for _, name in fields)
    assert all(row.rstrip(" |").rsplit("|", 1)[-1].strip() for row in rows.values())
