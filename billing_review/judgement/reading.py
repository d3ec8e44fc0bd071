"""Collects what is wrong with settings that are being read, each with its place."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from billing_review.judgement.errors import InvalidJudgement

Place = tuple[int | str, ...]
Spots = Mapping[Place, tuple[int, int]]
"""The line and column of each place, as a reader of the file knows them."""


@dataclass
class Reading:
    """One source, and its problems so far."""

    source: str
    spots: Spots = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)

    def refuse(self, place: Place, sentence: str) -> None:
        """Note a problem and go on."""
        line = self._line(place)
        spot = "" if line is None else f"{self.source}:{line}: "
        self.problems.append(f"{spot}{path_text(place)}: {sentence}")

    def where(self, place: Place) -> str:
        """The place for a reviewer: with its line where that is known."""
        line = self._line(place)
        return f"{self.source}: {path_text(place)}" if line is None else f"{self.source}:{line}"

    def done(self) -> None:
        """Raise InvalidJudgement if anything was refused."""
        if self.problems:
            raise InvalidJudgement(self.source, self.problems)

    def _line(self, place: Place) -> int | None:
        around = (place[:length] for length in range(len(place), 0, -1))
        return next((self.spots[outer][0] for outer in around if outer in self.spots), None)


def path_text(place: Place) -> str:
    """The place as a person writes it: ``review.suppress[0].rule``."""
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in place).lstrip(".")


def nearest(name: str, known: Iterable[str]) -> str:
    """What may have been meant: near names, or all of them."""
    names = sorted(known)
    near = difflib.get_close_matches(name, names, n=3)
    return f"did you mean {' or '.join(near)}?" if near else f"there are {', '.join(names)}"
