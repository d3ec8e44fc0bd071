"""Whom a change affects: the prices on which people stay, and the plans and products that these belong to."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from billing_review.steps import Change, Step

Key = tuple[str, str]

GOES = ("replace", "delete")
_FELT = frozenset({"active", "currency_options", "features", "limits", "seats", "tax_behavior", "trial_days"})
"""Fields of a price that change in place and that its customers feel; names and metadata they do not."""


@dataclass(frozen=True, slots=True)
class Targets:
    """What is to be counted, by kind and key."""

    prices: dict[Key, str]
    """Their ids at Stripe, as they are before the change."""
    plans: dict[Key, frozenset[str]]
    """The ids of their prices that change."""
    products: dict[Key, str]
    """Those that go; all of their prices count, also the retired ones that no program has any more."""
    unknown: tuple[str, ...] = ()
    """Prices whose ids the source of the change does not know."""

    def __bool__(self) -> bool:
        """Whether there is anything to count or to be sorry about."""
        return bool(self.prices or self.products or self.unknown)


def targets_of(change: Change) -> Targets:
    """Pick from a change what somebody may be on."""
    felt = [step for step in change.of("Price") if is_felt(step)]
    prices = {("Price", step.key): step.object_id for step in felt if step.object_id is not None}
    products = {
        ("Product", step.key): step.object_id
        for step in change.of("Product")
        if step.operation in GOES and step.object_id is not None
    }
    unknown = tuple(step.key for step in felt if step.object_id is None)
    return Targets(prices, dict(_plans(felt)), products, unknown)


def is_felt(step: Step) -> bool:
    """Whether those who are on a price feel what happens to it."""
    if step.operation in GOES:
        return True
    return step.operation == "update" and any(root(path) in _FELT for path in step.changed)


def root(path: str) -> str:
    """The field that a path begins with: tiers of tiers[1].up_to."""
    return re.split(r"[.\[]", path, maxsplit=1)[0]


def _plans(felt: list[Step]) -> Iterator[tuple[Key, frozenset[str]]]:
    for plan in {step.plan for step in felt if step.plan is not None}:
        ids = frozenset(step.object_id for step in felt if step.plan == plan and step.object_id is not None)
        if ids:
            yield ("Plan", plan), ids
