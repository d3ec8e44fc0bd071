"""Who is who in a change: names by which objects are told, and who is on a price."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from billing_review.report import Affected
from billing_review.steps import Args, Change, Plan, Step
from billing_review.telling.price.titles import price_titles

_NAMES = {
    "Product": ("name",),
    "Meter": ("display_name",),
    "Feature": ("name", "lookup_key"),
    "Coupon": ("name", "id"),
}
"""The fields that people know an object by, best first."""


class Book:
    """What a teller looks up beside the object itself."""

    def __init__(self, change: Change, affected: Mapping[tuple[str, str], Affected]) -> None:
        self.change = change
        self._affected = affected
        self._steps = {(step.kind, step.key): step for step in change.steps}
        self._plans = {plan.key: plan for plan in change.plans}

    @cached_property
    def args(self) -> Mapping[tuple[str, str], Args]:
        """Every object's fields after the change, by kind and key."""
        return {named: step.args for named, step in self._steps.items()}

    def find(self, kind: str, key: Any) -> Step | None:
        """One object's step."""
        return self._steps.get((kind, str(key)))

    def name(self, kind: str, key: Any) -> str:
        """What people call an object that another one refers to; its key where nobody knows more."""
        if kind == "Price":
            return self.titles.get(str(key), str(key))
        step = self.find(kind, key)
        known = [step.args.get(field) for field in _NAMES.get(kind, ())] if step else []
        return str(next((name for name in known if name), key))

    def plan(self, key: str) -> Plan | None:
        """What the catalog says of a plan."""
        return self._plans.get(key)

    def affected(self, step: Step) -> Affected | None:
        """Who is on it; None where nobody looked."""
        return self._affected.get((step.kind, step.key))

    @cached_property
    def titles(self) -> Mapping[str, str]:
        """The title of every price, by its key: no two are the same."""
        return price_titles(self.change)

    @cached_property
    def lookup_keys(self) -> Mapping[str, str]:
        """The keys of the prices that have each lookup key afterwards."""
        prices = [(step.new.get("lookup_key"), step.key) for step in self.change.of("Price") if step.new]
        return {lookup: key for lookup, key in prices if lookup}

    @cached_property
    def lookup_keys_before(self) -> Mapping[str, str]:
        """The keys of the prices that have each lookup key today."""
        prices = [(step.old.get("lookup_key"), step.key) for step in self.change.of("Price") if step.old]
        return {lookup: key for lookup, key in prices if lookup}
