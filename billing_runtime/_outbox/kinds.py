"""What a meter makes of its events decides what it is told: one rule for each kind. Pure.

https://docs.stripe.com/billing/subscriptions/usage-based/recording-usage
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from billing_runtime.catalog import Meter

#: sum: how much was used, slice by slice. count: one event for every unit. last: the newest value. total: all that was
#: used in a UTC hour or day, again and again, since its newest event stands for it. seen: whether anything was.
Kind = Literal["sum", "count", "last", "total", "seen"]

_SECONDS = {"hour": 3600, "day": 86_400}


def kind_of(meter: Meter) -> Kind:
    """How a meter is told what was used."""
    if meter.formula == "last":
        return "last"
    if meter.window is None:
        return meter.formula
    return "total" if meter.formula == "sum" else "seen"


def window_of(meter: Meter, slice_: int) -> int:
    """How long a stretch of time is, in seconds, whose usage is one row as long as it is open."""
    return _SECONDS[meter.window] if meter.window in _SECONDS and meter.formula != "last" else slice_


class Rule(NamedTuple):
    """How a meter is told, and the length of the stretches of time that it is told of, in seconds."""

    kind: Kind
    window: int


@dataclass(frozen=True, slots=True)
class MeterRules:
    """The kinds of the meters in force; one that the manifest no longer has is told sums."""

    meters: Callable[[], Mapping[str, Meter]]
    slice: int

    def of(self, key: str) -> Rule:
        """How a meter of this name is told."""
        meter = self.meters().get(key)
        return Rule("sum", self.slice) if meter is None else Rule(kind_of(meter), window_of(meter, self.slice))


#: For whoever only looks, and tells nobody.
SUMS = MeterRules(dict, 60)
