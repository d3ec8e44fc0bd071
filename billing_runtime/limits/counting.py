"""What one counter has counted in its open window, and what a new window or another plan makes of it.

Nothing runs at a renewal: a counter is brought up to date when it is next asked, so it is right even if Stripe's event
is late. What it was before a change of plan stays with the window, so whoever changes to and fro gains nothing.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from billing_runtime.catalog import Limit
    from billing_runtime.limits.windows import Schedule, Window

Amount = int | Decimal
Json = dict[str, Any]
Find = Callable[[str, int], "Left | None"]

#: What `Counter.credits` is made of.
CREDITS, TOP_UP = 1, 2


def amount_text(value: Amount) -> str:
    """An amount in plain digits, as it is kept."""
    return str(value) if type(value) is int else format(value, "f")


def amount_of(text: str) -> Amount:
    """The amount in kept digits."""
    try:
        return int(text)
    except ValueError:
        return Decimal(text)


@dataclass(frozen=True, slots=True)
class Allowance:
    """A limit as it holds for one entity: what grants it, and in which windows it is counted.

    `terms` names what grants it (a price, a free plan, the defaults): another one is another plan. `key` stands for
    terms and schedule together: as long as it stays, an open window stays as it is.
    """

    limit: Limit
    terms: str
    schedule: Schedule
    period: Schedule
    """The billing periods of what grants it: what is billed is told to Stripe period by period."""
    key: str
    refusal: str = "limit reached"
    """Why more than the limit is refused."""


@dataclass(slots=True)
class Carried:
    """Units of an earlier window that may still be used."""

    start: int
    left: Amount


@dataclass(slots=True)
class Counter:
    """How much of a name an entity, or one of its members, has used.

    `used` is everything that was used in the open window, reserved units (`held`) among it; `paid` is the part of it
    that rolled-over units and credits paid. `total` is everything ever. `granted` is what the window includes.
    """

    entity_id: str
    name: str
    member_id: str
    per: str = ""
    start: int = 0
    end: int | None = None
    used: Amount = 0
    paid: Amount = 0
    held: Amount = 0
    total: Amount = 0
    granted: int | None = None
    key: str = ""
    terms: str = ""
    credits: int = 0
    """CREDITS once there were credits of this name, with TOP_UP where they are bought automatically."""
    base: Amount = 0
    bases: dict[str, Amount] = field(default_factory=dict)
    """What had been used when the window first met each plan; only once there was a second one."""
    segments: list[tuple[int, int | None]] = field(default_factory=list)
    """Since when the plans of the window included how much; only once there was a second one."""
    carried: list[Carried] = field(default_factory=list)
    linked: list[tuple[str, int]] = field(default_factory=list)
    """Windows that were left for this one before their end: what was used in them counts in this one as well."""
    told: Amount = 0
    """What a meter of last values was told of the open window."""
    left: list[Left] = field(default_factory=list)
    """Windows that were closed or left since the counter was read; they are still to be written."""

    @property
    def usage(self) -> Amount:
        """What counts in the open window under the plan that holds now."""
        return self.used - self.base

    @property
    def room(self) -> Amount | None:
        """How much of what the window includes is left, never less than 0; None: no end to it."""
        if self.granted is None:
            return None
        rest = self.granted - (self.used - self.paid - self.base)
        return max(0, rest)

    @property
    def excess(self) -> Amount:
        """What was used beyond everything that was included or paid."""
        if self.granted is None:
            return 0
        over = self.used - self.paid - self.base - self.granted
        return max(0, over)

    def details(self) -> str:
        """What is seldom there, as JSON; empty if nothing is."""
        kept: Json = {}
        if self.base or self.bases:
            kept["base"] = amount_text(self.base)
            kept["bases"] = {terms: amount_text(base) for terms, base in self.bases.items()}
        if self.segments:
            kept["segments"] = [[at, size] for at, size in self.segments]
        if self.linked:
            kept["linked"] = self.linked
        if self.told:
            kept["told"] = amount_text(self.told)
        if self.carried:
            kept["carried"] = [[one.start, amount_text(one.left)] for one in self.carried]
        return json.dumps(kept, separators=(",", ":")) if kept else ""

    def read_details(self, text: str) -> None:
        """The reverse."""
        if not text:
            return
        kept: Json = json.loads(text)
        self.base = amount_of(kept.get("base", "0"))
        self.bases = {terms: amount_of(base) for terms, base in kept.get("bases", {}).items()}
        self.segments = [(at, size) for at, size in kept.get("segments", ())]
        self.linked = [(per, start) for per, start in kept.get("linked", ())]
        self.told = amount_of(kept.get("told", "0"))
        self.carried = [Carried(start, amount_of(left)) for start, left in kept.get("carried", ())]


@dataclass(slots=True)
class Left:
    """A window that is no longer open: it ended, or a change of plan moved on before its end.

    `total` is the counter's total when it was left, so that whoever comes back finds what was used meanwhile.
    """

    per: str
    start: int
    end: int | None
    used: Amount
    paid: Amount
    total: Amount
    granted: int | None
    details: str = ""


def advance(counter: Counter, allowance: Allowance, now: int, find: Find) -> bool:
    """Bring a counter up to date with the clock and with the plan; whether anything changed.

    `find(per, start)` is the window of this counter that was left before its end, if there is one.
    """
    if now < counter.start and counter.key == allowance.key:
        return False  # a clock that was set back: the window that has begun stays open
    if counter.key == allowance.key and (counter.end is None or now < counter.end):
        return False
    window = allowance.schedule.at(now)
    if counter.key and (counter.per, counter.start) != (allowance.limit.per, window.start):
        if counter.end is not None and counter.end <= window.start:
            _roll(counter, allowance, window)
        else:
            _move(counter, allowance, window, find)
    _grant(counter, allowance, window, now)
    counter.per, (counter.start, counter.end) = allowance.limit.per, window
    counter.key, counter.terms = allowance.key, allowance.terms
    return True


def _roll(counter: Counter, allowance: Allowance, window: Window) -> None:
    """The window has ended; units that were left over are carried on as the plan allows."""
    counter.left.append(_closed(counter))
    carried = _carried_on(counter, allowance, window)
    _empty(counter)
    counter.carried = carried
    counter.terms = allowance.terms  # a new window begins under the plan that holds now


def _move(counter: Counter, allowance: Allowance, window: Window, find: Find) -> None:
    """Another plan counts in other windows, before the open one has ended.

    What was used stays used. Whoever comes back to a window finds it as it was left, and what was used meanwhile.
    """
    counter.bases.setdefault(counter.terms, counter.base)
    counter.left.append(_closed(counter))
    link = counter.per, counter.start
    back = find(allowance.limit.per, window.start)
    if back is None:
        counter.segments = []
        counter.linked.append(link)
        return
    meanwhile, held, linked, told = counter.total - back.total, counter.held, counter.linked, counter.told
    _empty(counter)
    counter.used, counter.paid = back.used + meanwhile, back.paid
    counter.granted, counter.held = back.granted, held
    counter.read_details(back.details)
    if told:
        counter.told += meanwhile
    counter.linked = sorted({*counter.linked, *linked, link} - {(back.per, back.start)})


def _closed(counter: Counter) -> Left:
    return Left(
        counter.per, counter.start, counter.end, counter.used, counter.paid, counter.total, counter.granted,
        counter.details(),
    )  # fmt: skip


def _empty(counter: Counter) -> None:
    counter.used = counter.paid = counter.base = counter.held = counter.told = 0
    counter.bases, counter.segments, counter.carried, counter.linked = {}, [], [], []


def _carried_on(counter: Counter, allowance: Allowance, window: Window) -> list[Carried]:
    """What is left of earlier windows, oldest first: of so many windows at most, and no more than the maximum.

    A window in which nothing was ever asked for was not used at all.
    """
    policy = allowance.limit.rollover
    if policy is None:
        return []
    windows, start = [], window.start
    for _ in range(policy.periods):
        start = allowance.schedule.before(start).start
        windows.append(start)
    found = [one for one in counter.carried if one.start >= windows[-1]]
    if counter.start >= windows[-1] and (room := counter.room):
        found.append(Carried(counter.start, room))
    size = included(allowance.limit)
    if size and counter.terms == allowance.terms and counter.end is not None:
        found += [Carried(start, size) for start in reversed(windows) if start >= counter.end]
    return _at_most(found, policy.max)


def _at_most(carried: list[Carried], most: int | None) -> list[Carried]:
    """The newest of them, up to a sum."""
    if most is None:
        return carried
    kept: list[Carried] = []
    for one in reversed(carried):
        left = min(one.left, most - sum(other.left for other in kept))
        if left > 0:
            kept.append(Carried(one.start, left))
    return kept[::-1]


def _grant(counter: Counter, allowance: Allowance, window: Window, now: int) -> None:
    """What the window includes from now on; where the plan is another one, its policy is applied, once."""
    size = included(allowance.limit)
    if counter.key and counter.terms != allowance.terms:
        bases = counter.bases or {counter.terms: counter.base}
        if allowance.terms not in bases:
            bases[allowance.terms] = counter.used if allowance.limit.carry == "reset" else counter.base
        counter.base, counter.bases = bases[allowance.terms], bases
        counter.segments = [*(counter.segments or [(window.start, counter.granted)]), (now, size)]
    counter.granted = size
    if allowance.limit.carry == "prorate" and counter.segments:
        counter.granted = _prorated(counter.segments, window, size)


def _prorated(segments: list[tuple[int, int | None]], window: Window, size: int | None) -> int | None:
    """What the plans of a window included, each for its part of it; the fraction of a unit is left out."""
    if size is None or window.end is None:
        return size
    edges = [max(window.start, at) for at, _ in segments[1:]] + [window.end]
    since, sum_ = window.start, 0
    for (_, one), until in zip(segments, edges, strict=True):
        sum_ += (size if one is None else one) * (until - since)
        since = until
    return sum_ // (window.end - window.start)


def included(limit: Limit) -> int | None:
    """How much a limit includes; None: there is no end to it."""
    return None if limit.included == "unlimited" else limit.included
