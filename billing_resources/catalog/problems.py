"""What is wrong with a catalog, each problem with the place where it was written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from billing_resources._engine.validation import Place, path_text
from billing_resources.errors import InvalidDeclaration


@dataclass(frozen=True)
class Problem:
    """One problem: the file or setting it comes from, what is wrong, and where."""

    source: str
    sentence: str
    place: Place = ()
    line: int | None = None
    column: int | None = None

    @property
    def path(self) -> str:
        """The place inside the catalog, such as ``plans.team.rank``."""
        return path_text(self.place)

    def __str__(self) -> str:
        spot = f":{self.line}:{self.column}" if self.line is not None else ""
        return f"{self.source}{spot}: {self.path}{': ' if self.place else ''}{self.sentence}"


class InvalidCatalog(InvalidDeclaration):
    """A catalog that cannot be used; every problem is told, and nothing was registered."""

    def __init__(self, name: str, found: Sequence[Problem]) -> None:
        self.found = tuple(sorted(found, key=lambda one: (one.line or 0, one.column or 0)))
        count = "1 problem" if len(found) == 1 else f"{len(found)} problems"
        self.heading = f"{name}: {count}, nothing was registered"
        super().__init__(self.heading, [str(one) for one in self.found])
