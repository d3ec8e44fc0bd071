"""What was measured, as it is kept in JSON, printed and plotted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Keys = Literal["spread", "hot"]


@dataclass(frozen=True)
class Row:
    """Decisions of some callers in some seconds; times of one decision are in microseconds."""

    way: str
    keys: Keys
    callers: int
    processes: int
    number: int
    seconds: float
    p50_us: float
    p99_us: float
    disk_rate: float
    """How often a second this disk could write 4 KiB and sync, measured right before and after; the better one."""
    disk_us: float
    """How long one such write and sync took, the middle one."""

    @property
    def rate(self) -> float:
        """Decisions in a second."""
        return self.number / self.seconds


@dataclass(frozen=True)
class Figure:
    """Something that is one number."""

    what: str
    value: float
    unit: str
    target: str = ""
    met: bool | None = None


def middle(ordered: list[int]) -> float:
    """The middle of sorted nanoseconds, in microseconds."""
    return ordered[len(ordered) // 2] / 1000


def slow(ordered: list[int]) -> float:
    """What 99 of 100 were faster than, in microseconds."""
    return ordered[len(ordered) * 99 // 100] / 1000
