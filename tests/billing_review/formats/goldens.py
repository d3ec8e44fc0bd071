"""The kept forms of two reviews; `python -m tests.billing_review.formats.goldens` writes them anew, for you to read."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

from billing_review.formats import render
from tests.billing_review.formats.reports import EMPTY, RICH

FOLDER = Path(__file__).parent / "goldens"
GOLDENS: dict[str, Callable[[], str]] = {
    "rich.80.txt": lambda: render(RICH, "term", width=80),
    "rich.120.txt": lambda: render(RICH, "term", width=120),
    "rich.color.txt": lambda: render(RICH, "term", width=80, color=True),
    "rich.md": lambda: render(RICH, "md"),
    "rich.html": lambda: render(RICH, "html"),
    "rich.json": lambda: render(RICH, "json"),
    "empty.txt": lambda: render(EMPTY, "term"),
    "empty.md": lambda: render(EMPTY, "md"),
    "empty.html": lambda: render(EMPTY, "html"),
    "empty.json": lambda: render(EMPTY, "json"),
}


@cache
def made(name: str) -> str:
    """A form, made once for all tests."""
    return GOLDENS[name]()


if __name__ == "__main__":
    for name, make in GOLDENS.items():
        (FOLDER / name).write_text(make(), encoding="utf-8")
