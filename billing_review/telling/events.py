"""Which events are sent to somebody. https://docs.stripe.com/api/events/types"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from billing_review.telling.fields import Field, Scene
from billing_review.telling.words import number, some

_MOST = 3
_ALL = "every event"
FIRST_SIGNATURE = "Stripe makes its signing secret: the application needs it to trust what is reported."
NEXT_SIGNATURE = "Stripe makes a new signing secret: until the application has it, it refuses what Stripe reports."


def how_many(events: Sequence[str]) -> str:
    """``8 kinds of events``, or every one."""
    if "*" in events:
        return _ALL
    if not events:
        return "no event"
    return "1 kind of event" if len(events) == 1 else f"{number(len(events))} kinds of events"


def _events(value: Any, _: Scene) -> str:
    return _ALL if "*" in value else ", ".join(sorted(value)) or "none"


def _said(_: str, old: str | None, new: str | None) -> str:
    before, after = _set(old), _set(new)
    if "*" in before | after:
        return f"receives {how_many([*after])} instead of {how_many([*before])}"
    more, less = sorted(after - before), sorted(before - after)
    parts = [f"also receives {_some(more)}"] if more else []
    return ", ".join([*parts, f"no longer receives {_some(less)}"] if less else parts)


def _set(shown: str | None) -> set[str]:
    return {"*"} if shown == _ALL else set((shown or "").split(", "))


def _some(events: list[str]) -> str:
    return some(events, most=_MOST, noun="event")


ENABLED_EVENTS = Field("enabled_events", "Events", _events, said=_said)
