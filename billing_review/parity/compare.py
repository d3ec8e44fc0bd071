"""What two environments say differently, field by field; equal amounts are equal however they are written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from billing_review.parity.environment import Environment, Key
from billing_review.parity.sections import path_of, rank

_MAPS = frozenset({"limits", "features", "currency_options", "metadata"})
"""Fields whose entries are told one by one, also where the other side has none."""


@dataclass(frozen=True, slots=True)
class Gap:
    """One place at which two environments differ; None where a side has nothing there."""

    kind: str
    key: str
    within: str
    """The path inside the object; empty where a side lacks the whole object."""
    first: Any
    second: Any

    @property
    def path(self) -> str:
        """The path that an allowance would name."""
        return path_of(self.kind, self.key, self.within)

    @property
    def field(self) -> str:
        """The field at the top of the object."""
        return self.within.partition(".")[0].partition("[")[0]


def gaps(first: Environment, second: Environment) -> Iterator[Gap]:
    """Every place at which the two differ, apart from what is each stack's own: ids, and addresses it declares."""
    mine, theirs = dict(first.everything()), dict(second.everything())
    own = first.own_addresses | second.own_addresses
    if {first.origin, second.origin} & {"account"}:
        mine, theirs = _without_plans(mine), _without_plans(theirs)
    for kind, key in sorted({**mine, **theirs}, key=lambda one: rank(one[0])):
        for gap in object_gaps(kind, key, mine.get((kind, key)), theirs.get((kind, key))):
            if not (gap.within.rpartition(".")[2] == "url" and (kind, key) in own):
                yield gap


def object_gaps(kind: str, key: str, first: Any, second: Any) -> Iterator[Gap]:
    """Every place at which two versions of one object differ."""
    if first is None or second is None:
        if first is not second:
            yield Gap(kind, key, "", first, second)
        return
    for within, one, other in _inside("", folded(first), folded(second)):
        yield Gap(kind, key, within, one, other)


def paths(environment: Environment) -> Iterator[str]:
    """Every path of an environment: its objects, and each value inside them."""
    for (kind, key), args in environment.everything():
        yield path_of(kind, key)
        for within, _, _ in _inside("", folded(args), {}):
            yield path_of(kind, key, within)


def folded(value: Any) -> Any:
    """A value in the form that compares: an amount has one name and is a decimal, what says nothing is not there."""
    if isinstance(value, Mapping):
        parts = {str(name).removesuffix("_decimal"): _entry(str(name), part) for name, part in value.items()}
        return {name: part for name, part in parts.items() if part not in (None, {}, [])}
    if isinstance(value, (list, tuple)):
        return [folded(part) for part in value]
    return value


def _entry(name: str, value: Any) -> Any:
    bare = name.removesuffix("_decimal")
    if not bare.endswith("_amount") or isinstance(value, Mapping) or value is None:
        return folded(value)
    amount = Decimal(str(value))
    return None if bare == "flat_amount" and not amount else amount  # no fee to enter a tier is a fee of nothing


def _without_plans(found: Mapping[Key, Any]) -> dict[Key, Any]:
    return {key: args for key, args in found.items() if key[0] != "Plan"}


def _inside(within: str, first: Any, second: Any) -> Iterator[tuple[str, Any, Any]]:
    if first == second:
        return
    if isinstance(first, Mapping) and isinstance(second, Mapping):
        for name in {**first, **second}:
            yield from _entries(f"{within}.{name}".removeprefix("."), name, first.get(name), second.get(name))
    elif _are_alike(first, second):
        for index, (one, other) in enumerate(zip(first, second, strict=True)):
            yield from _inside(f"{within}[{index}]", one, other)
    else:
        yield within, first, second


def _entries(within: str, name: str, first: Any, second: Any) -> Iterator[tuple[str, Any, Any]]:
    if name in _MAPS and "." not in within:
        yield from _inside(within, first or {}, second or {})
    else:
        yield from _inside(within, first, second)


def _are_alike(first: Any, second: Any) -> bool:
    """Whether two lists are told item by item: the same tiers at other amounts."""
    if not isinstance(first, list) or not isinstance(second, list) or len(first) != len(second):
        return False
    pairs = list(zip(first, second, strict=True))
    return all(
        isinstance(one, Mapping) and isinstance(other, Mapping) and one.get("up_to") == other.get("up_to")
        for one, other in pairs
    )
