"""A comparison of stacks for people."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Iterator

    from billing_review.parity.parity import Difference, Pair, Parity

_SOURCES = {"manifest": "as provisioned", "catalog": "by the catalog", "account": "at Stripe"}


def lines(parity: Parity) -> Iterator[str]:
    """Every line; colours are click's to leave out where nobody sees them."""
    for pair in parity.pairs:
        yield _heading(pair)
        yield from (f"  {one.sentence}" for one in pair.open)
        yield from (f"  allowed: {one.sentence}\n    {_reason(one)}" for one in pair.allowed)
        yield from _promotion(pair)
    for note in parity.notes:
        yield f"Note: {note}"


def _heading(pair: Pair) -> str:
    names = f"{pair.first.stack} → {pair.second.stack}, {_SOURCES[pair.origin]}"
    there = _count(len(pair.open), "difference") if pair.open else "equal"
    also = f", {len(pair.allowed)} allowed" if pair.allowed else ""
    objects = "" if pair.differences else f" ({_count(len(pair.first.objects), 'object')})"
    return click.style(names, bold=True) + ": " + click.style(there, "red" if pair.open else "green") + also + objects


def _reason(one: Difference) -> str:
    allowance = one.allowed
    if allowance is None:
        return ""
    until = f", until {allowance.until.isoformat()}" if allowance.until else ""
    return f"{allowance.reason} (stack {allowance.stack}{until})"


def _promotion(pair: Pair) -> Iterator[str]:
    from billing_review.telling import tell

    entries = tell(pair.promotion).entries
    if not entries:
        return
    counts = Counter(entry.operation for entry in entries)
    told = ", ".join(f"{number} to {operation}" for operation, number in counts.items())
    yield f"  What {pair.first.stack} would change in {pair.second.stack}: {told}"
    yield from (f"    {entry.headline}" for entry in entries)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
