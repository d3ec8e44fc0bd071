"""The form of a limit: what its parts may be, and how a mark on a price writes them.

`100000 overage=bill meter=ai-tokens`, or `5000 per=month rollover=2000/3 carry=prorate thresholds=80,100`: an amount,
then words. Words of a later version are left unread; words that are known must make sense.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Any, Final

from billing_runtime.catalog import Limit, Rollover

PER = ("period", "month", "day", "hour", "lifetime")
OVERAGE = ("block", "allow", "bill")
CARRY = ("carry", "reset", "prorate")
HIGHEST = 1000
_UNLIMITED: Final = "unlimited"
NO_NUMBER = "holds no whole number where one must stand"


class UnreadableError(ValueError):
    """A part of a limit makes no sense; its text continues a sentence that begins with the limit."""


def limit_of_words(amount: str, words: Mapping[str, str]) -> Limit:
    """The limit that a mark means. Raises UnreadableError."""
    return Limit(
        included=_UNLIMITED if amount == _UNLIMITED else whole(amount),
        per=_one_of(PER, words.get("per", "period"), "a window"),
        overage=_one_of(OVERAGE, words.get("overage", "block"), "an overage"),
        meter=words.get("meter"),
        rollover=_rollover(words.get("rollover")),
        carry=_one_of(CARRY, words.get("carry", "carry"), "a way to carry usage over"),
        thresholds=_thresholds(words.get("thresholds")),
    )


def limit_of_json(data: Mapping[str, Any]) -> Limit:
    """The limit that a manifest means; its numbers may be floats, and its schema has been checked."""
    included, rollover = data["included"], data.get("rollover")
    return Limit(
        included=_UNLIMITED if included == _UNLIMITED else int(included),
        per=data.get("per", "period"),
        overage=data.get("overage", "block"),
        meter=data.get("meter"),
        rollover=None if rollover is None else Rollover(_most(rollover["max"]), int(rollover["periods"])),
        carry=data.get("carry", "carry"),
        thresholds=tuple(sorted(int(one) for one in data.get("thresholds") or ())),
    )


def faults(limit: Limit) -> list[str]:
    """What is wrong with a limit that a program has written, each as the end of a sentence."""
    found = [] if _is_amount(limit.included) else ["included must be a whole number from 0 on, or 'unlimited'"]
    for name, value, known in (
        ("per", limit.per, PER),
        ("overage", limit.overage, OVERAGE),
        ("carry", limit.carry, CARRY),
    ):
        found += [] if value in known else [f"{name} must be {', '.join(known[:-1])} or {known[-1]}"]
    if limit.rollover is not None and not _is_rollover(limit.rollover):
        found.append("rollover must have max, a whole number from 0 on or None, and periods, from 1 on")
    if not all(map(_is_percent, limit.thresholds)) or any(one >= other for one, other in pairwise(limit.thresholds)):
        found.append(f"thresholds must be whole percents from 1 to {HIGHEST}, ascending, each once")
    return found


def whole(text: str) -> int:
    """The whole number in a mark. Raises UnreadableError."""
    if not (text.isascii() and text.isdigit()):
        raise UnreadableError(NO_NUMBER)
    return int(text)


def _one_of(known: tuple[str, ...], text: str, what: str) -> str:
    if text not in known:
        message = f"names {what} that this version does not know"
        raise UnreadableError(message)
    return text


def _rollover(text: str | None) -> Rollover | None:
    if text is None:
        return None
    most, _, periods = text.partition("/")
    rollover = Rollover(_most(_UNLIMITED if most == _UNLIMITED else whole(most)), whole(periods))
    if rollover.periods < 1:
        raise UnreadableError(NO_NUMBER)
    return rollover


def _most(value: Any) -> int | None:
    return None if value == _UNLIMITED else int(value)


def _thresholds(text: str | None) -> tuple[int, ...]:
    found = () if text is None else tuple(whole(one) for one in text.split(","))
    if not all(map(_is_percent, found)) or any(one >= other for one, other in pairwise(found)):
        message = f"lists thresholds that are no percents from 1 to {HIGHEST} in ascending order"
        raise UnreadableError(message)
    return found


def _is_amount(value: Any) -> bool:
    return value == _UNLIMITED or _is_whole(value, 0)


def _is_rollover(value: Rollover) -> bool:
    return (value.max is None or _is_whole(value.max, 0)) and _is_whole(value.periods, 1)


def _is_percent(value: Any) -> bool:
    return _is_whole(value, 1) and value <= HIGHEST


def _is_whole(value: Any, least: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= least
