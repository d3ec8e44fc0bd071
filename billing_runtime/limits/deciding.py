"""Who pays for a use: what the window includes, what was carried over, credits; the rest is beyond the limit."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from billing_runtime.limits.counting import Amount, Counter

#: Where units come from, in the order in which they are used; they go back in the reverse order.
WINDOW, CARRIED, GRANT, OVER = "w", "c", "g", "o"


@dataclass(slots=True)
class Grant:
    """Credits: units that were given or bought, beyond what a plan includes; `left` is what is not used yet."""

    id: str
    left: Amount
    priority: int
    expires_at: int | None
    created_at: int

    @property
    def order(self) -> tuple[int, float, int, str]:
        """What is used first: the smaller priority, what expires sooner, what is older."""
        expires = float("inf") if self.expires_at is None else self.expires_at
        return self.priority, expires, self.created_at, self.id


@dataclass(slots=True)
class Split:
    """How many units of a use come from where."""

    window: Amount = 0
    carried: list[tuple[int, Amount]] = field(default_factory=list)
    grants: list[tuple[str, Amount]] = field(default_factory=list)
    over: Amount = 0

    def buckets(self) -> list[tuple[str, int | str, Amount]]:
        """As a list of (kind, which one, units), in the order in which they were used."""
        found: list[tuple[str, int | str, Amount]] = [(WINDOW, 0, self.window)] if self.window else []
        found += [(CARRIED, start, units) for start, units in self.carried]
        found += [(GRANT, grant, units) for grant, units in self.grants]
        return [*found, (OVER, 0, self.over)] if self.over else found

    @property
    def paid(self) -> Amount:
        """Units that something other than the window's allowance paid."""
        return sum(units for _, units in self.carried) + self.credited

    @property
    def credited(self) -> Amount:
        """Units that credits paid."""
        return sum(units for _, units in self.grants)


def split(counter: Counter, grants: Sequence[Grant], amount: Amount, *, whole: bool = False) -> Split:
    """Where so many units would come from; nothing is changed. The grants are those that may be used now.

    With `whole` credits pay whole units only: the rest is reported to a meter, which counts no parts.
    """
    room = counter.room
    if room is None or room >= amount:
        return Split(window=amount)
    found, rest = Split(window=room), amount - room
    for one in counter.carried:
        if not rest:
            return found
        units = min(one.left, rest)
        if units:
            found.carried.append((one.start, units))
            rest -= units
    for grant in sorted(grants, key=lambda grant: grant.order):
        if not rest:
            return found
        units = min(int(grant.left) if whole else grant.left, rest)
        if units:
            found.grants.append((grant.id, units))
            rest -= units
    found.over = rest
    return found


def available(counter: Counter, grants: Sequence[Grant]) -> Amount | None:
    """How many units could be used now without passing the limit; None: no end to it."""
    room = counter.room
    if room is None:
        return None
    return room + sum(one.left for one in counter.carried) + sum(grant.left for grant in grants)


def take(counter: Counter, grants: Sequence[Grant], amount: Amount, found: Split) -> None:
    """Use so many units, split as found."""
    counter.used += amount
    counter.total += amount
    if not found.carried and not found.grants:
        return
    paid = found.paid
    counter.paid += paid
    counter.paid_total += paid
    for start, units in found.carried:
        for one in counter.carried:
            if one.start == start:
                one.left -= units
    counter.carried = [one for one in counter.carried if one.left]
    given = dict(found.grants)
    for grant in grants:
        grant.left -= given.get(grant.id, 0)
