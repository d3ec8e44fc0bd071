"""Problems of an entry seen from the whole it stands in."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from billing_resources._engine.limit_rules import limits_make_sense
from billing_resources._engine.validation import Place, rule_problems
from billing_resources.catalog.entries import Entry

_STEP = re.compile(r'\[(\d+)\]|\["([^"]*)"\]|\.?([^.\[\]]+)')
Problems = Iterator[tuple[Place, str]]


def problems_of_rules(entries: Iterable[Entry], refused: Iterable[tuple[Place, str]]) -> Problems:
    """What the rules over several fields say of each entry, where its fields were not refused already."""
    known = list(refused)
    for entry in entries:
        broken = _refused_fields(known, entry.place)
        for path, sentence in rule_problems(entry.kind, entry.args, broken):
            yield entry.written(steps(path)), sentence


def problems_of_plan(plan: Mapping[str, Any], place: Place, refused: Iterable[tuple[Place, str]]) -> Problems:
    """What the rules say of the limits of a plan: it may have no price that has them as well."""
    if "limits" not in _refused_fields(refused, place):
        yield from (((*place, *steps(path)), sentence) for path, sentence in limits_make_sense(plan))


def _refused_fields(refused: Iterable[tuple[Place, str]], outer: Place) -> set[str]:
    length = len(outer)
    return {str(place[length]) for place, _ in refused if len(place) > length and place[:length] == outer}


def steps(path: str) -> Place:
    """The place that a rule's path means: ``tiers[0].up_to``, ``metadata["a.b"]``."""
    found = [match.groups() for match in _STEP.finditer(path)]
    return tuple(int(index) if index else name if key is None else key for index, key, name in found)
