"""Which events a list of the v2 namespace has: of certain types, of one object, of a time."""

from __future__ import annotations

import operator
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from stripe_emulator.call import Call
from stripe_emulator.errors import fields as errors
from stripe_emulator.parameters import thin_events

Document = dict[str, Any]

_MOST_TYPES = 20
_COMPARISONS = {"gt": operator.gt, "gte": operator.ge, "lt": operator.lt, "lte": operator.le}


def filter_of(call: Call) -> Callable[[Document], bool]:
    """Return what says whether an event is asked for, or refuse filters that mean nothing."""
    types, about = call.params.get("types"), call.params.get("object_id")
    times = call.params.get("created", {})
    bounds = [(_COMPARISONS[name], _seconds(f"created.{name}", text)) for name, text in times.items()]
    _refuse_bad_types(types or [])

    def is_wanted(event: Document) -> bool:
        if types and event["type"] not in types:
            return False
        if about is not None and (event["related_object"] or {}).get("id") != about:
            return False
        return all(is_so(event["created"], bound) for is_so, bound in bounds)

    return is_wanted


def _refuse_bad_types(types: list[str]) -> None:
    known = thin_events()
    problems = [f"types[{at}]: {errors.not_one_of(name, known)}" for at, name in enumerate(types) if name not in known]
    if len(types) > _MOST_TYPES:
        problems = [f"types: Must have at most {_MOST_TYPES} elements."]
    if problems:
        raise errors.invalid_fields(problems)


def _seconds(name: str, text: str) -> float:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise errors.invalid_fields([f"{name}: Expected an RFC 3339 timestamp."]) from None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
