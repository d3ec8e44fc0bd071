"""docs/backends.md says what the tests have."""

from __future__ import annotations

import runpy
from pathlib import Path

ROOT = Path(__file__).parents[2]
SCRIPT = runpy.run_path(str(ROOT / "script" / "generate_backends.py"))


def test_the_page_is_up_to_date() -> None:
    """`script/generate_backends.py` would write what is there."""
    assert SCRIPT["PAGE"].read_text(encoding="utf-8") == SCRIPT["page"]()


def test_every_backend_is_held_to_the_suite() -> None:
    """Deciding must be tested on SQLite, on PostgreSQL and with leases in front."""
    found = SCRIPT["collected"]()
    decided = {test: on for (file, test), on in found.items() if file.endswith("consuming/test_consume.py")}
    assert len(decided) > 10
    assert set(map(frozenset, decided.values())) == {frozenset({"sqlite", "postgresql", "redis"})}
