"""Problems of a catalog where an editor finds them: each with its file, line, column and fix.

A problem of a stack's overrides is found in that stack's settings, at the line that wrote it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from billing_resources._engine.validation import Place
from billing_resources.catalog.document import Document, Spot, parse
from billing_resources.catalog.mending.fix import Fix
from billing_resources.catalog.mending.mended import fix_of
from billing_resources.catalog.mending.slip import Slip
from billing_resources.catalog.mending.written import Written, read_written
from billing_resources.catalog.problems import InvalidCatalog, Problem

OVERRIDES: Place = ("config", "billing:overrides")


@dataclass(frozen=True)
class Located:
    """A problem, the file it has to be mended in, and how."""

    problem: Problem
    file: str
    line: int | None
    column: int | None
    fix: Fix
    source_line: str = field(default="", compare=False)
    """The line as it stands in the file."""


@dataclass(frozen=True)
class Origin:
    """One file that a catalog is made of, and where in it the catalog's places begin."""

    name: str
    document: Document | None
    written: Written
    prefix: Place = ()

    @classmethod
    def read(cls, path: Path, prefix: Place = ()) -> Origin:
        """Read the file as far as it can be read."""
        name = path.as_posix()
        try:
            text = path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            return cls(name, None, Written(), prefix)
        try:
            return cls(name, parse(text, name), read_written(text), prefix)
        except InvalidCatalog:
            return cls(name, None, Written(tuple(text.splitlines())), prefix)

    def located(self, problem: Problem) -> Located:
        """The problem in this file."""
        line, column = (problem.line, problem.column) if not self.prefix else self._spot(problem.place)
        fix = fix_of(Slip(problem.place, problem.sentence, self._data, self.written, self.prefix))
        lines = self.written.lines
        shown = lines[line - 1] if line is not None and line <= len(lines) else ""
        return Located(problem, self.name, line, column, fix, shown)

    def _spot(self, place: Place) -> Spot:
        return self.document.spot((*self.prefix, *place)) if self.document is not None else (1, 1)

    @property
    def _data(self) -> object:
        found = self.document.data if self.document is not None else None
        for step in self.prefix:
            found = found.get(step) if isinstance(found, dict) else None
        return found


def located(found: Iterable[Problem], catalog: Path, settings: Path | None = None) -> list[Located]:
    """The problems of a catalog and of the overrides in a stack's settings, in the order they were found."""
    own = Origin.read(catalog)
    patch = Origin.read(settings, OVERRIDES) if settings is not None else own
    return [(own if problem.source == own.name else patch).located(problem) for problem in found]
