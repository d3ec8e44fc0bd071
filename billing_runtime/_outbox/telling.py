"""What Stripe is told of a row, by the kind of its meter, and which time is said. Pure.

https://docs.stripe.com/billing/subscriptions/usage-based/recording-usage-api
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from billing_runtime._outbox.kinds import Kind, Rule
    from billing_runtime._outbox.rows import OutboxRow
    from billing_runtime.catalog import Meter

_DAY = 86_400
# Stripe takes what is 35 calendar days old at most, and five minutes ahead; its clock need not be ours.
OLDEST = 35 * _DAY - 3600
_AHEAD = 4 * 60
_SKEW = 60


@dataclass(frozen=True, slots=True)
class MeterEvent:
    """One event as every way of Stripe's takes it."""

    event_name: str
    identifier: str
    payload: dict[str, str]
    value: int
    timestamp: int


class Task(NamedTuple):
    """What is to be done about a row: so many events with one value each, or so many of its lane's to be taken back."""

    do: Literal["nothing", "tell", "take back"]
    units: int = 1


def task_of(row: OutboxRow, kind: Kind) -> Task:
    """What is to be done about a row."""
    if kind == "sum":
        return Task("tell") if row.amount else Task("nothing")
    if kind in {"last", "total"}:
        return Task("tell")
    units = row.amount if kind == "count" else _appeared(row)
    if not units:
        return Task("nothing")
    return Task("tell" if units > 0 else "take back", abs(units))


def units_of(row: OutboxRow, kind: Kind) -> int:
    """By how much a row changes what the meter has counted, as far as that can be said."""
    return _appeared(row) if kind == "seen" else row.amount


def value_of(row: OutboxRow, kind: Kind) -> int:
    """The number that an event of a row carries; those that are counted one by one carry 1."""
    if kind == "sum":
        return row.amount
    return (row.value or 0) if kind in {"last", "total"} else 1


def event_of(row: OutboxRow, meter: Meter, kind: Kind, number: int) -> MeterEvent:
    """The event of a row, or its `number`th where there is one for every unit."""
    identifier = f"{row.identifier}-{number}" if kind in {"count", "seen"} else str(row.identifier)
    value = value_of(row, kind)
    payload = {meter.customer_key: str(row.customer_id), meter.value_key: str(value)}
    return MeterEvent(meter.event_name, identifier, payload, value, row.at)


@dataclass(frozen=True, slots=True)
class Moment:
    """Now, here and as far as is known at Stripe, whose clock is `ahead` seconds behind ours."""

    now: int
    ahead: int = 0

    @property
    def at_stripe(self) -> int:
        """Now, by Stripe's clock; a small difference is the time that messages take."""
        return self.now - self.ahead if abs(self.ahead) > _SKEW else self.now


def timestamp_of(row: OutboxRow, rule: Rule, moment: Moment) -> int | None:
    """The time that is said of a row's usage: when it was, inside of its billing period; None: Stripe takes none.

    What is too old for Stripe is said to be of the end of its billing period, or of now: it is billed as it would have
    been. A meter of windows must be told in the window itself.
    """
    # Not of this second: a subscription that is ended in it is billed up to its beginning.
    at, now = min(row.at, moment.now - 1), moment.at_stripe
    oldest = now - OLDEST
    if at < oldest:
        at = now if rule.kind not in {"total", "seen"} else row.slice + rule.window - 1
    at = _inside(row, min(at, now + _AHEAD))
    return at if at >= oldest else None


def is_early(row: OutboxRow, at: int, moment: Moment) -> bool:
    """Whether Stripe would say that it is in the future: only the beginning of the period has not come there yet."""
    return at > moment.at_stripe + _AHEAD and at <= row.period_start


def given_up_at(row: OutboxRow, rule: Rule) -> int | None:
    """When Stripe will take no event of a row any more, by our clock; None: as long as the period lasts."""
    end = row.slice + rule.window if rule.kind in {"total", "seen"} else row.period_end
    if end is None:
        return None
    last = end if row.period_end is None else min(end, row.period_end)
    return last - 1 + OLDEST


def _inside(row: OutboxRow, at: int) -> int:
    at = max(at, row.period_start)
    return at if row.period_end is None else min(at, row.period_end - 1)


def _appeared(row: OutboxRow) -> int:
    """Whether a window that had no usage has some with this row (1), or the reverse (-1)."""
    after = row.value or 0
    return int(after > 0) - int(after - row.amount > 0)
