"""Which parts of a limit go together. The runtime counts by them, so what makes no sense is refused here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any

from billing_resources._engine.facts import is_known
from billing_resources._engine.metadata_rules import LONGEST_VALUE
from billing_resources._engine.price_marks import limit_words

Problems = list[tuple[str, str]]


def limits_make_sense(args: Mapping[str, Any]) -> Problems:
    """What is left over has a next window, percents are of something, and the mark has room."""
    limits = args.get("limits")
    if not is_known(limits) or not isinstance(limits, Mapping):
        return []
    return [
        (f'limits["{name}"]{path}', sentence)
        for name, limit in limits.items()
        if isinstance(limit, Mapping)
        for path, sentence in _problems(limit)
    ]


def _problems(limit: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    if limit.get("rollover") is not None:
        yield from ((".rollover", sentence) for sentence in _of_rollover(limit))
    if limit.get("carry") == "prorate" and limit.get("per") == "lifetime":
        yield ".carry", "needs a window that ends: a lifetime has no share that a plan could give"
    thresholds = limit.get("thresholds")
    if isinstance(thresholds, list):
        yield from ((".thresholds", sentence) for sentence in _of_thresholds(limit, thresholds))
    if _length(limit) > LONGEST_VALUE:
        said = f"makes a mark of more than {LONGEST_VALUE} characters, the most that Stripe's metadata has room for"
        yield ".thresholds", f"{said}: remove some"


def _of_rollover(limit: Mapping[str, Any]) -> Iterator[str]:
    if limit.get("per") == "lifetime":
        yield "needs a next window: a lifetime has one, so nothing of it is left over"
    if limit.get("included") == "unlimited":
        yield "needs an amount: nothing is left over of unlimited"
    if limit.get("overage") == "bill":
        yield "needs overage: block or allow: Stripe's tiers begin anew with each period, and bill what is left over"


def _of_thresholds(limit: Mapping[str, Any], thresholds: list[Any]) -> Iterator[str]:
    if limit.get("included") in {"unlimited", 0}:
        yield "need an amount above 0: they are percents of it"
    whole = all(isinstance(one, int) for one in thresholds)
    if whole and any(one >= other for one, other in pairwise(thresholds)):
        yield "are percents in ascending order, each once"


def _length(limit: Mapping[str, Any]) -> int:
    """How long the mark is; only its thresholds can make it too long, and what is unreadable is refused elsewhere."""
    thresholds = limit.get("thresholds")
    if not isinstance(thresholds, list) or limit.get("included") is None:
        return 0
    rollover = limit.get("rollover")
    readable = isinstance(rollover, Mapping) and {"max", "periods"} <= rollover.keys()
    return len(limit_words({**limit, "rollover": rollover if readable else None}))
