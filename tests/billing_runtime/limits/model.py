"""What a counter must say, worked out the long way: every use in a list, and of each window and plan where it began."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from billing_runtime.limits.counting import Allowance, Place


@dataclass
class Opened:
    """A window: the number of the first use that counts in it, and in it for each plan."""

    place: Place
    end: int | None
    first: int
    terms: str
    plans: dict[str, int] = field(default_factory=dict)
    sizes: list[tuple[int, int | None]] = field(default_factory=list)


class Model:
    """Uses by their numbers; what was given back is taken off the use."""

    def __init__(self) -> None:
        self.uses: list[int] = []
        self.windows: dict[Place, Opened] = {}
        self.open: Opened | None = None

    def since(self, number: int) -> int:
        """What was used from this use on."""
        return sum(self.uses[number:])

    @property
    def usage(self) -> int:
        """What counts under the plan that holds."""
        assert self.open is not None
        return self.since(self.open.plans[self.open.terms])

    def observe(self, allowance: Allowance, now: int) -> None:
        """Somebody asks, at this time, under this plan."""
        window = allowance.schedule.at(now)
        place = allowance.limit.per, window.start
        size = None if allowance.limit.included == "unlimited" else allowance.limit.included
        fresh = False
        if self.open is None:
            self.open = Opened(place, window.end, 0, allowance.terms, {allowance.terms: 0}, [(window.start, size)])
        elif self.open.place != place:
            fresh = self._enter(place, window.start, size)
        self.open.end = window.end
        self.windows[place] = self.open
        if self.open.terms != allowance.terms:
            self._change(allowance, now, size, fresh=fresh)

    def _enter(self, place: Place, start: int, size: int | None) -> bool:
        before = self.open
        assert before is not None
        if before.end is not None and before.end <= start:
            first = len(self.uses)
            sizes = [(start, before.sizes[-1][1])]
            self.open = Opened(place, None, first, before.terms, {before.terms: first}, sizes)
            return False
        back = self.windows.get(place)
        if back is None:
            plans = dict(before.plans)
            self.open = Opened(place, None, before.first, before.terms, plans, [(start, size)])
            return True
        for terms, first in before.plans.items():
            back.plans.setdefault(terms, max(first, back.first))
        self.open = back
        return False

    def _change(self, allowance: Allowance, now: int, size: int | None, *, fresh: bool) -> None:
        one = self.open
        assert one is not None
        start, end = one.place[1], one.end
        soon = 3600 if end is None else min(3600, (end - start) // 100)
        at = start if now - start <= soon else now
        if not self.since(one.first) and len(one.plans) == 1 and (fresh or at == start):
            one.plans, one.sizes = {allowance.terms: one.first}, [(start, size)]
        else:
            here = one.plans[one.terms]
            reset = allowance.limit.carry == "reset"
            one.plans.setdefault(allowance.terms, len(self.uses) if reset else here)
            if not fresh:
                one.sizes.append((at, size))
        one.terms = allowance.terms

    def granted(self, allowance: Allowance) -> int | None:
        """What the open window includes."""
        one = self.open
        assert one is not None
        size = None if allowance.limit.included == "unlimited" else allowance.limit.included
        if size is None or one.end is None or allowance.limit.carry != "prorate":
            return size
        edges = [at for at, _ in one.sizes[1:]] + [one.end]
        whole, since = Fraction(0), one.place[1]
        for (_, held), until in zip(one.sizes, edges, strict=True):
            if until > since:
                whole += (size if held is None else held) * (until - since)
                since = until
        return int(whole / (one.end - one.place[1]))
