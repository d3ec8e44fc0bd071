"""What one counter has counted, in the window that is open and in those that were left.

A counter is a running total, and everything else a mark on it: where the open window began, where a plan began at 0.
What was taken carries the counter's `epoch`, so it is known later of which marks it came before.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Context, Decimal, Inexact, InvalidOperation
from typing import TYPE_CHECKING

from billing_runtime.catalog import Rollover

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from billing_runtime.catalog import Limit
    from billing_runtime.limits.windows import Schedule

Amount = int | Decimal
#: Sums of amounts are exact, or refused.
EXACT = Context(prec=60, traps=[Inexact, InvalidOperation])
#: What `Counter.credits` is made of.
CREDITS, TOP_UP = 1, 2

#: A window by `per` and start: its name, whatever the plan.
Place = tuple[str, int]


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
    everything that a counter follows: as long as it stays, an open window stays as it is. Its last word is what a
    window that ends under it leaves to the next ones.
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
class Base:
    """What the window had counted when a plan began at 0: what was taken before this epoch is in it."""

    epoch: int
    used: Amount
    paid: Amount


@dataclass(slots=True)
class Shares:
    """What the plans of a window included so far, each for its seconds, and the plan that holds since then.

    `sum` is in units times seconds; `endless` are seconds under plans that have no end. From `since` on the window
    includes `size`. However often plans change, this is all there is to remember.
    """

    sum: int
    endless: int
    since: int
    size: int | None


@dataclass(slots=True)
class Tally:
    """What was counted in one window.

    `used` is everything that was used since epoch `since`; `paid` is the part of it that rolled-over units and credits
    paid. `total` and `paid_total` are the same since the counter's beginning, so that whoever comes back to a window
    finds what was used meanwhile. `granted` is what the window includes, `terms` the plan it was last counted under,
    `reached` the highest threshold that usage has passed, `level` what a meter of last values was told. `epoch` grows
    with every mark: a new window, a plan that began at 0.
    """

    per: str = ""
    start: int = 0
    end: int | None = None
    used: Amount = 0
    paid: Amount = 0
    total: Amount = 0
    paid_total: Amount = 0
    granted: int | None = None
    terms: str = ""
    since: int = 0
    epoch: int = 0
    reached: int = 0
    level: Amount = 0
    base: Base | None = None
    """Where the plan that holds began at 0, if not with the window; it is one of the bases."""
    bases: Sequence[Base] = ()
    met: Mapping[str, int] = field(default_factory=dict)
    """The epoch in which each plan of the window began to count; only once there was a second one."""
    shares: Shares | None = None
    """Only once there was a second plan."""

    @property
    def usage(self) -> Amount:
        """What counts in the window under the plan that holds now."""
        return self.used if self.base is None else self.used - self.base.used

    @property
    def own(self) -> Amount:
        """The part of the usage that nothing else has paid: it is what the window's allowance is for."""
        own = self.used - self.paid
        return own if self.base is None else own - (self.base.used - self.base.paid)

    @property
    def room(self) -> Amount | None:
        """How much of what the window includes is left, never less than 0; None: no end to it."""
        return None if self.granted is None else max(0, self.granted - self.own)

    @property
    def excess(self) -> Amount:
        """What was used beyond everything that was included or paid."""
        return 0 if self.granted is None else max(0, self.own - self.granted)

    @property
    def size(self) -> int | None:
        """What the plan that holds includes in a whole window."""
        return self.granted if self.shares is None else self.shares.size

    @property
    def place(self) -> Place:
        """Which window it is."""
        return self.per, self.start

    def take_back(self, units: Amount, paid: Amount, epoch: int) -> None:
        """Units that were taken in this epoch are given back; `paid` of them something else had paid."""
        self.used -= units
        self.paid -= paid
        for base in self.bases:
            if epoch < base.epoch:
                base.used -= units
                base.paid -= paid


@dataclass(slots=True)
class Left(Tally):
    """A window that is no longer open: it ended, or (`moved`) a change of plan left it before its end."""

    moved: bool = False
    rollover: Rollover | None = None
    """What a window of its plan leaves to the next ones."""
    handed: Amount = 0
    """How many units, those from before it among them, the next one began with."""


@dataclass(slots=True)
class Counter(Tally):
    """How much of a name an entity, or one of its members, has used.

    The tally is the open window's. `held` is how many of the used units open reservations hold, of whatever window;
    none of them ends before `sweep_at`.
    """

    entity_id: str = ""
    name: str = ""
    member_id: str = ""
    held: Amount = 0
    sweep_at: int | None = None
    key: str = ""
    credits: int = 0
    """CREDITS once there were credits of this name, with TOP_UP where they are bought automatically."""
    members: bool = False
    """Whether members may have limits of their own."""
    carried: Sequence[Carried] = ()
    ahead: Sequence[Place] = ()
    """Windows that begin later and have counted before: the clock was set back since."""
    left: list[Left] = field(default_factory=list)
    """Windows that were closed or left since the counter was read, or changed: they are still to be written."""


def key_of(limit: Limit, terms: str, schedule: Schedule) -> str:
    """The key of an allowance. It is kept with the counter."""
    known = "" if schedule.known is None else f"{schedule.known.start}-{schedule.known.end}"
    policy = limit.rollover
    left_over = "" if policy is None else f"{'' if policy.max is None else policy.max}/{policy.periods}"
    every = f"{schedule.interval}{schedule.count}"
    return f"{terms}|{limit.included}|{limit.per}|{every}|{schedule.anchor}|{known}|{left_over}"


def rollover_of(key: str) -> Rollover | None:
    """What a window that ends under an allowance of this key leaves to the next ones."""
    most, separator, periods = key.rpartition("|")[2].partition("/")
    return Rollover(int(most) if most else None, int(periods)) if separator else None


def left_behind(counter: Counter, *, moved: bool) -> Left:
    """The open window as it is now, to be kept."""
    met, bases, shares = copied_plans(counter)
    left = Left(
        counter.per, counter.start, counter.end, counter.used, counter.paid, counter.total, counter.paid_total,
        counter.granted, counter.terms, counter.since, counter.epoch, counter.reached,
        counter.level, None, bases, met, shares, moved, rollover_of(counter.key),
    )  # fmt: skip
    stand_on_base(left)
    return left


def copied_plans(tally: Tally) -> tuple[Mapping[str, int], Sequence[Base], Shares | None]:
    """`met`, `bases` and `shares`, to be changed apart from the tally's."""
    bases = [Base(one.epoch, one.used, one.paid) for one in tally.bases]
    now = tally.shares
    return dict(tally.met), bases, None if now is None else Shares(now.sum, now.endless, now.since, now.size)


def stand_on_base(tally: Tally) -> None:
    """The plan that holds counts from where it began."""
    epoch = tally.met.get(tally.terms)
    tally.base = None if epoch is None else next((one for one in tally.bases if one.epoch == epoch), None)


def included(limit: Limit) -> int | None:
    """How much a limit includes; None: there is no end to it."""
    return None if limit.included == "unlimited" else limit.included
