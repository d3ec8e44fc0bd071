"""A report goes to the terminal, to standard output, or into a file: whole, or not at all."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import click

from billing_cli.errors import UsageRefused

if TYPE_CHECKING:
    from billing_review.formats import Format
    from billing_review.report import Report

FORMATS: tuple[Format, ...] = ("term", "md", "html", "json")
_BY_SUFFIX = {".md": "md", ".markdown": "md", ".html": "html", ".htm": "html", ".json": "json"}


def format_of(asked: str | None, out: str | None) -> str:
    """The format that was asked for, else what the file's name says, else the terminal's."""
    return asked or _BY_SUFFIX.get(Path(out).suffix.lower() if out else "", "term")


def write(report: Report, form: str, out: str | None) -> None:
    """Show the report, or write it into a file."""
    if out is None and form == "term" and sys.stdout.isatty():
        _show(report)
    elif out is None:
        click.echo(_text(report, form), nl=False)
    else:
        replace(Path(out), _text(report, form))


def _text(report: Report, form: str) -> str:
    from billing_review.formats import render
    from billing_review.formats.errors import LibraryMissingError

    known: Format = next(one for one in FORMATS if one == form)
    try:
        text = render(report, known)
    except LibraryMissingError as error:
        raise UsageRefused(str(error)) from None
    return f"{text.rstrip()}\n"


def _show(report: Report) -> None:
    from rich.console import Console

    from billing_review.formats.term import show

    show(report, Console(file=sys.stdout))


def replace(path: Path, text: str) -> None:
    """Write a file so that whoever reads it finds the old one or the new one."""
    fresh = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        fresh.write_text(text, encoding="utf-8")
        fresh.replace(path)
    except OSError as error:
        with suppress(OSError):
            fresh.unlink()
        raise UsageRefused(f"--out {path} cannot be written: {error.strerror}") from None
