"""What events come to: how many, how much, and the last of them. Pure, and added up piece by piece.

A meter can take the last value: that of the newest event. A pre-aggregated meter counts of every hour or day the event
that was received last. https://docs.stripe.com/billing/subscriptions/usage-based/recording-usage
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

SECONDS = {"minute": 60, "hour": 3600, "day": 86400}

Newest = tuple[int, int, int]
"""When an event happened, as which it was received (so the later of two at one time is the newer), its value."""


@dataclass(frozen=True)
class Tally:
    """What some events of one customer on one meter come to."""

    count: int = 0
    total: int = 0
    newest: Newest | None = None  # by its own time
    latest: Newest | None = None  # by its receipt

    def __add__(self, other: Tally) -> Tally:
        """Return what both come to together."""
        newest = [one for one in (self.newest, other.newest) if one is not None]
        latest = [one for one in (self.latest, other.latest) if one is not None]
        return Tally(
            self.count + other.count,
            self.total + other.total,
            max(newest, default=None),
            max(latest, key=lambda one: one[1], default=None),
        )

    @classmethod
    def of(cls, newest: Newest) -> Tally:
        """Return what one event comes to."""
        return cls(1, newest[2], newest, newest)


def written(tally: Tally) -> dict[str, Any]:
    """Return a tally as it is kept."""
    last = {name: one and list(one) for name, one in (("newest", tally.newest), ("latest", tally.latest))}
    return {"count": tally.count, "total": tally.total, **last}


def read(kept: dict[str, Any] | None) -> Tally:
    """Return a tally from what is kept of it; nothing is none."""
    return (
        Tally() if kept is None else Tally(kept["count"], kept["total"], _read(kept["newest"]), _read(kept["latest"]))
    )


def _read(kept: list[int] | None) -> Newest | None:
    return None if kept is None else (kept[0], kept[1], kept[2])


Piece = tuple[int, Tally]
"""Some events of one hour, and a moment of that hour (the hour is in a window, or the piece is shorter)."""


def together(pieces: Iterable[Piece]) -> Tally:
    """Return what all pieces come to."""
    return sum((tally for _, tally in pieces), start=Tally())


def by_window(pieces: Iterable[Piece], window: str) -> dict[int, Tally]:
    """Return what each hour or day with any events comes to, by its beginning."""
    found: dict[int, Tally] = {}
    for moment, tally in pieces:
        start = moment // SECONDS[window] * SECONDS[window]
        found[start] = found.get(start, Tally()) + tally
    return dict(sorted(found.items()))


def counted(pieces: Iterable[Piece], window: str | None) -> list[Piece]:
    """Return what counts: everything, or of a pre-aggregated meter what was received last of every window."""
    if window is None:
        return list(pieces)
    latest = (tally.latest for tally in by_window(pieces, window).values())
    return [(one[0], Tally.of(one)) for one in latest if one is not None]


def value_of(formula: str, tally: Tally) -> int:
    """Return the number that a meter's formula makes of it; no events are 0."""
    if formula == "count":
        return tally.count
    if formula == "sum":
        return tally.total
    return 0 if tally.newest is None else tally.newest[2]
