"""What is asked for, and whether it was reached; a target that was missed is printed as missed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from benchmarks.consume.rows import Row

SQLITE, POSTGRESQL, LEASES = "ours on SQLite", "ours on PostgreSQL", "ours, leases in Redis"
SCRIPT, LOCK = "Redis script, AOF always", "PostgreSQL, SELECT FOR UPDATE"


@dataclass(frozen=True)
class Verdict:
    """One target: how much was asked for, and what came of it."""

    what: str
    wanted: float
    found: float
    most: bool = False
    """Whether it must not be more, instead of not less."""

    @property
    def met(self) -> bool:
        """Whether it was reached."""
        return self.found <= self.wanted if self.most else self.found >= self.wanted

    def __str__(self) -> str:
        sign = "≤" if self.most else "≥"
        return f"{'met   ' if self.met else 'MISSED'}  {self.what}: {self.found:.1f}×, wanted {sign} {self.wanted:g}×"


def verdicts(rows: Sequence[Row]) -> list[Verdict]:
    """Every target that these rows say something about."""
    found = {(row.way, row.keys, row.callers): row for row in rows if row.processes == 1}
    said: list[Verdict] = []

    def beside(what: str, ours: Row | None, other: Row | None, wanted: float) -> None:
        if ours and other:
            said.append(Verdict(what, wanted, ours.rate / other.rate))

    for keys in ("spread", "hot"):
        sqlite = found.get((SQLITE, keys, 64))
        if sqlite:
            share = sqlite.rate / sqlite.disk_rate
            said.append(Verdict(f"SQLite, 64 callers, {keys}, beside the disk's fdatasync", 5, share))
        beside(f"SQLite, 64 callers, {keys}, beside the Redis script", sqlite, found.get((SCRIPT, keys, 64)), 1)
        if few := found.get((SQLITE, keys, 16)):
            share = few.p50_us / few.disk_us
            said.append(Verdict(f"SQLite, 16 callers, {keys}, p50 in fdatasyncs", 4, share, most=True))
        for callers in (16, 64, 256):
            ours, other = found.get((LEASES, keys, callers)), found.get((SCRIPT, keys, callers))
            beside(f"Redis leases, {callers} callers, {keys}, beside the Redis script", ours, other, 10)
    for callers in (16, 64):
        hot = found.get((POSTGRESQL, "hot", callers))
        beside(f"PostgreSQL, {callers} callers, hot, beside FOR UPDATE", hot, found.get((LOCK, "hot", callers)), 5)
    return said


def ratio(rows: Sequence[Row], row: Row, way: str) -> float | None:
    """How many times as many decisions as another way makes with the same callers and keys."""
    same: Callable[[Row], bool] = lambda one: (  # noqa: E731 - one line of three facts
        (one.way, one.keys, one.callers, one.processes) == (way, row.keys, row.callers, row.processes)
    )
    other = next(filter(same, rows), None)
    return None if other is None else row.rate / other.rate
