"""Places inside an object: ``tiers[1].up_to`` is ``("tiers", "1", "up_to")``."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

Place = tuple[str, ...]
_STEP = re.compile(r'\["([^"]*)"\]|\[(\d+)\]|([^.\[\]]+)')


@lru_cache(maxsize=4096)
def place_of(path: str) -> Place:
    """The place that a path names."""
    return tuple(next(part for part in found if part) for found in _STEP.findall(path) if any(found))


def at(value: Any, place: Place) -> Any:
    """What stands there; None where nothing does."""
    for step in place:
        if isinstance(value, Mapping):
            value = value.get(step)
        elif isinstance(value, list | tuple) and step.isdigit() and int(step) < len(value):
            value = value[int(step)]
        else:
            return None
    return value


def inside(args: Any, *names: str) -> Mapping[str, Any]:
    """The object that stands there; an empty one where there is none."""
    found = at(args, names)
    return found if isinstance(found, Mapping) else {}


def leaves(value: Any, place: Place = ()) -> Iterator[Place]:
    """Every place with a value of its own: a list of plain values is one."""
    if isinstance(value, Mapping) and value:
        parts = [(str(key), part) for key, part in value.items()]
    elif isinstance(value, list | tuple) and any(isinstance(part, Mapping) for part in value):
        parts = [(str(index), part) for index, part in enumerate(value)]
    elif value is None or (isinstance(value, Mapping) and place):
        return
    else:
        yield from [place] if place else []
        return
    for key, part in parts:
        yield from leaves(part, (*place, key))


def covers(pattern: Sequence[str], place: Place) -> bool:
    """Whether a place is the pattern's or inside of it; ``*`` is any one step."""
    if len(place) < len(pattern):
        return False
    return all(wanted in ("*", step) for wanted, step in zip(pattern, place, strict=False))
