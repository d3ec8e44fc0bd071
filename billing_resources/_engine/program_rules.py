"""Rules over what a program declares together: known as far as the program has come."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from billing_resources._engine.ceilings import ceiling
from billing_resources._engine.declared import declared_here
from billing_resources._engine.included_rules import billed_limits, included_is_free

if TYPE_CHECKING:
    from billing_resources._engine.kind import Kind

Problems = Iterator[tuple[str, str]]


def problems_in_program(kind: Kind, args: Mapping[str, Any]) -> Problems:
    """What is wrong with this resource beside those declared before it."""
    yield from _too_many(kind, args)
    if kind.name == "Price":
        yield from _pays_for_what_is_included(args)


def _too_many(kind: Kind, args: Mapping[str, Any]) -> Problems:
    mine = ceiling(kind.name, args)
    if mine is None:
        return
    others = (ceiling(one.resource.kind.name, one.args) for one in declared_here().values())
    if sum(other is not None and other.of == mine.of for other in others) >= mine.most:
        yield "", mine.sentence


def _pays_for_what_is_included(args: Mapping[str, Any]) -> Problems:
    recurring = args.get("recurring")
    bills = recurring.get("meter") if isinstance(recurring, Mapping) else None
    for name, limit in billed_limits(args):
        meter = declared_here().get(("Meter", str(limit["meter"])))
        if meter is not None and meter.resource.id is bills:
            yield from included_is_free(args, name, limit)
