"""What is seldom there of a counter, as the JSON it is kept in: a public format of ours; empty if there is nothing."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from billing_runtime.catalog import Rollover
from billing_runtime.limits.counting import Base, Carried, Shares, amount_of, amount_text, stand_on_base

if TYPE_CHECKING:
    from billing_runtime.limits.counting import Counter, Left, Tally

Json = dict[str, Any]


def counter_details(counter: Counter) -> str:
    """Of a counter: what its window knows of plans, carried units, windows ahead."""
    if not (counter.met or counter.carried or counter.level or counter.shares or counter.ahead):
        return ""
    kept = _plans(counter)
    if counter.carried:
        kept["carried"] = [[one.start, amount_text(one.left)] for one in counter.carried]
    if counter.ahead:
        kept["ahead"] = list(counter.ahead)
    return _text(kept)


def read_counter_details(counter: Counter, text: str) -> None:
    """The reverse."""
    if not text:
        return
    kept: Json = json.loads(text)
    _read_plans(counter, kept)
    counter.carried = [Carried(start, amount_of(left)) for start, left in kept.get("carried", ())]
    counter.ahead = [(per, start) for per, start in kept.get("ahead", ())]


def left_details(left: Left) -> str:
    """Of a window that is no longer open: the same of its plans, and what only matters if somebody comes back to it."""
    kept = _plans(left)
    if left.moved or kept:
        kept |= {"terms": left.terms, "reached": left.reached}
    if left.rollover is not None:
        kept["rollover"] = [left.rollover.max, left.rollover.periods, amount_text(left.handed)]
    return _text(kept) if kept else ""


def read_left_details(left: Left, text: str) -> None:
    """The reverse."""
    if not text:
        return
    kept: Json = json.loads(text)
    left.terms, left.reached = kept.get("terms", ""), kept.get("reached", 0)
    if "rollover" in kept:
        most, periods, handed = kept["rollover"]
        left.rollover, left.handed = Rollover(most, periods), amount_of(handed)
    _read_plans(left, kept)


def _plans(tally: Tally) -> Json:
    kept: Json = {}
    if tally.met:
        kept["met"] = dict(tally.met)
    if tally.bases:
        kept["bases"] = [[one.epoch, amount_text(one.used), amount_text(one.paid)] for one in tally.bases]
    if tally.shares:
        kept["shares"] = [tally.shares.sum, tally.shares.endless, tally.shares.since, tally.shares.size]
    if tally.level:
        kept["level"] = amount_text(tally.level)
    return kept


def _read_plans(tally: Tally, kept: Json) -> None:
    tally.met = kept.get("met", {})
    tally.bases = [Base(epoch, amount_of(used), amount_of(paid)) for epoch, used, paid in kept.get("bases", ())]
    tally.shares = Shares(*kept["shares"]) if "shares" in kept else None
    tally.level = amount_of(kept.get("level", "0"))
    stand_on_base(tally)


def _text(kept: Json) -> str:
    return json.dumps(kept, separators=(",", ":"))
