"""Parts of declared arguments, whatever a source left out of them or made of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from billing_review.steps import Args

_LEAST, _MOST = -12, 18
"""Decimal places of the smallest and the largest number: Stripe takes 12 places behind the point, and 12 before it."""


def part(args: Args | None, *path: str) -> Mapping[str, Any]:
    """The object at a path; empty where there is none."""
    found: Any = args
    for name in path:
        found = found.get(name) if isinstance(found, Mapping) else None
    return found if isinstance(found, Mapping) else {}


def items(args: Args | None, name: str) -> Sequence[Any]:
    """The list of that name; empty where there is none."""
    found = (args or {}).get(name)
    return found if isinstance(found, (list, tuple)) else ()


def text(args: Args | None, name: str) -> str | None:
    """The text of that name, if it is one."""
    found = (args or {}).get(name)
    return found if isinstance(found, str) and found else None


def whole(value: Any) -> int | None:
    """A whole number, if it is one: plans spell some as 14.0."""
    found = number(value)
    return int(found) if found is not None and found == found.to_integral_value() else None


def number(value: Any) -> Decimal | None:
    """An exact number, if it is one."""
    if value is None or isinstance(value, (bool, Mapping)):
        return None
    try:
        found = Decimal(str(value))
    except InvalidOperation:
        return None
    return found if is_usual(found) else None


def is_usual(amount: Decimal) -> bool:
    """Whether a number is one that a catalog can have: what is far beyond them would only take long to write out."""
    return amount.is_finite() and (not amount or _LEAST <= amount.adjusted() <= _MOST)


def same(one: Any, other: Any) -> bool:
    """Whether two declared values are equal, however their numbers are spelled."""
    first, second = number(one), number(other)
    return bool(one == other) if first is None or second is None else first == second
