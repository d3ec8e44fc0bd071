"""What stripe-mock is too old to know (exclusions.json), taken out of a request before stripe-mock is asked."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

from tests.stripe_mock.recorded import Pair, Recorded, segments
from tests.stripe_mock.schema import schema_of

FILE = Path(__file__).with_name("exclusions.json")


@dataclass
class Excluded:
    """What a request had that is newer than stripe-mock, and what is left of it."""

    left: Recorded
    names: set[str] = field(default_factory=set)


def apply(request: Recorded) -> Excluded:
    """Take out what is newer: a parameter goes, a word gives way to an older one, what was required is filled in."""
    entry = _operations().get(request.operation, {})
    excluded = Excluded(request.without(_newer(request, entry.get("parameters", []))))
    excluded.names = {name for name, _ in set(request.pairs) - set(excluded.left.pairs)}
    for name, words in entry.get("words", {}).items():
        _use_older_word(excluded, segments(name), words)
    for name in entry.get("optional", []):
        if _fill_in(excluded, name):
            excluded.names.add(f"no {name}")
    for name in _emptied(request, excluded.left):
        _fill_in(excluded, name)
    return excluded


def is_unknown(operation: str) -> bool:
    """Say whether stripe-mock is known not to have an operation."""
    return bool(_operations().get(operation, {}).get("unknown"))


def _newer(request: Recorded, names: list[str]) -> Iterator[Pair]:
    for pair in request.pairs:
        if any(_begins(segments(pair[0]), segments(name)) for name in names):
            yield pair


def _begins(path: list[str], beginning: list[str]) -> bool:
    """Compare paths; an empty segment of the list stands for every index and every key."""
    return len(path) >= len(beginning) and all(
        wanted in ("", found) for wanted, found in zip(beginning, path, strict=False)
    )


def _use_older_word(excluded: Excluded, name: list[str], words: list[str]) -> None:
    def older(pair: Pair) -> Pair:
        path = segments(pair[0])
        if pair[1] not in words or len(path) != len(name) or not _begins(path, name):
            return pair
        excluded.names.add(f"{pair[0]}={pair[1]}")
        known = schema_of(excluded.left.operation)
        assert known is not None
        return pair[0], known.at(path).words[0]

    left = excluded.left
    excluded.left = replace(left, query=tuple(map(older, left.query)), body=tuple(map(older, left.body)))


def _emptied(request: Recorded, left: Recorded) -> list[str]:
    """Name what had to be there and consisted of newer parameters only."""
    known = schema_of(request.operation)
    before, after = ({segments(name)[0] for name, _ in pairs} for pairs in (request.pairs, left.pairs))
    return [name for name in sorted(before - after) if known is not None and name in known.required]


def _fill_in(excluded: Excluded, name: str) -> bool:
    """Add as little as possible of what had to be there, unless it is, or what it belongs to is not."""
    parent = segments(name)[:-1]
    sent = [segments(other) for other, _ in excluded.left.pairs]
    known = schema_of(excluded.left.operation)
    there = any(_begins(path, segments(name)) for path in sent)
    if there or known is None or (parent and not any(_begins(path, parent) for path in sent)):
        return False
    example = known.at(segments(name)).example(name)
    excluded.left = replace(excluded.left, body=(*excluded.left.body, *example))
    return True


@cache
def _operations() -> dict[str, dict[str, Any]]:
    return dict(json.loads(FILE.read_text(encoding="utf-8"))["operations"])
