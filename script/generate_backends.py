#!/usr/bin/env python3
"""Write docs/backends.md: what holds on which backend of the runtime's store, and the test that shows it.

The table is read off the tests that pytest collects: one that is run with the parameter `sqlite` and `postgresql` holds
on both; `redis` is the suite with leases in front, and everything in `leases/` is about those. `--check` only says
whether the page is up to date.
"""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "backends.md"
COLUMNS = "| what must be true | SQLite | PostgreSQL | Redis | test |\n| --- | :-: | :-: | :-: | --- |"
TESTS = "tests/billing_runtime"
FOLDERS = {
    "store": "The store itself",
    "consuming": "Consume, reserve, refund",
    "limits": "Limits and windows",
    "credits": "Credits",
    "outbox": "Reporting to Stripe",
    "reading": "Reading",
    "leases": "Leases, with Redis in front of either",
}
BACKENDS = ("sqlite", "postgresql", "redis")
HEAD = """# Backends

One suite, run on every backend; this page is read off it by `script/generate_backends.py`. SQLite is the default,
PostgreSQL is for several machines, and [leases](runtime-leases.md) put Redis in front of either. `●` the test runs on
it, `–` it is about something that this backend is not asked for. `script/test` installs PostgreSQL and Redis from
Debian's packages; where that is not allowed the summary says what was skipped. Everything else the runtime's tests say
of the default store is run on PostgreSQL as well, as a whole."""


def main() -> int:
    """Write the page, or check it."""
    text = page()
    if "--check" in sys.argv[1:]:
        return int(not PAGE.exists() or PAGE.read_text(encoding="utf-8") != text)
    PAGE.write_text(text, encoding="utf-8")
    return 0


def page() -> str:
    """The page as the tests have it now."""
    found = collected()
    parts = [HEAD]
    for folder, title in FOLDERS.items():
        rows = [(place, on) for place, on in found.items() if place[0].split("/")[2] == folder]
        parts += [f"\n## {title}\n", COLUMNS]
        parts.extend(row(place, on | ({"redis"} if folder == "leases" else set())) for place, on in rows)
    return "\n".join(parts) + "\n"


def collected() -> dict[tuple[str, str], set[str]]:
    """Tests that name a backend, by file and function."""
    folders = [f"{TESTS}/{folder}" for folder in FOLDERS]
    command = [sys.executable, "-m", "pytest", "--collect-only", "-q", "-p", "no:cacheprovider", *folders]
    said = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout  # noqa: S603
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    for file, test, words in re.findall(r"^(\S+?)::(\w+)\[(.*)\]$", said, re.MULTILINE):
        on = set(words.split("-")) & set(BACKENDS)
        if on:
            found[file, test] |= on
    return dict(sorted(found.items()))


def row(place: tuple[str, str], on: set[str]) -> str:
    """One line of the table."""
    file, test = place
    marks = " | ".join("●" if backend in on else "–" for backend in BACKENDS)
    name = test.removeprefix("test_").replace("_", " ")
    return f"| {said(file, test)} | {marks} | [{name}](../{file}) |"


def said(file: str, test: str) -> str:
    """What a test says must be true."""
    tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name == test:
            return " ".join((ast.get_docstring(node) or "").split()).replace("|", "\\|")
    return ""


if __name__ == "__main__":
    sys.exit(main())
