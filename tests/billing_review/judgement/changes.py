"""Changes on paper, and what one rule says of them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from billing_review.judgement import JudgementSettings, judge
from billing_review.report import Affected, Finding
from billing_review.steps import Args, Change, Operation, Plan, Source, Step

TODAY = date(2026, 11, 27)
MONTH = {"interval": "month"}
YEAR = {"interval": "year"}
EVERYTHING = ["*"]
Counted = Mapping[tuple[str, str], Affected]


def args(base: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    """The base with other fields; None takes one away."""
    return {name: value for name, value in {**base, **over}.items() if value is not None}


def price(**over: Any) -> dict[str, Any]:
    """12.00 USD per month, of the product team."""
    return args({"product": "team", "currency": "usd", "unit_amount": 1200, "recurring": MONTH}, over)


def volume(*tiers: tuple[int | str, int], mode: str = "volume", **over: Any) -> dict[str, Any]:
    """A price per seat in tiers: (20, 1200) is 12.00 USD each up to 20 seats."""
    written = [{"up_to": bound, "unit_amount": amount} for bound, amount in tiers]
    return price(unit_amount=None, tiers=written, tiers_mode=mode, **{"seats": {"mode": "follow"}, **over})


def metered(**over: Any) -> dict[str, Any]:
    """0.04 USD for every unit that the meter tokens counts."""
    return price(**{"unit_amount": 4, "recurring": {**MONTH, "usage_type": "metered", "meter": "tokens"}, **over})


def step(
    kind: str, key: str, old: Args | None, new: Args | None, operation: Operation | None = None, **more: Any
) -> Step:
    """What happens to one object; by default what its arguments say, and an update in place."""
    meant: Operation = "create" if old is None else "delete" if new is None else "same" if old == new else "update"
    return Step(kind, key, operation or meant, old, new, **more)


def unchanged(kind: str, key: str, args: Args, **more: Any) -> Step:
    """An object that stays as it is."""
    return step(kind, key, args, args, **more)


def replaced(old: Args, new: Args, key: str = "team.monthly", kind: str = "Price", **more: Any) -> Step:
    """An object whose place a new one takes."""
    return step(kind, key, old, new, "replace", **more)


def change(*steps: Step, plans: tuple[Plan, ...] = (), livemode: bool | None = None) -> Change:
    """A change of these objects."""
    stack = "production" if livemode else None
    return Change(Source("plan", project="billing", stack=stack, livemode=livemode), steps, plans)


def findings(of: Change, rule: str, counted: Counted | None = None, **settings: Any) -> list[Finding]:
    """What one rule finds."""
    found = judge(of, JudgementSettings(**settings), today=TODAY, affected=counted or {})
    return [one for one in found if one.rule == rule]


def told(of: Change, rule: str, counted: Counted | None = None, **settings: Any) -> list[str]:
    """The sentences of one rule."""
    return [one.sentence for one in findings(of, rule, counted, **settings)]


def worse(of: Change, rule: str, counted: Counted | None = None) -> list[str]:
    """The severities of one rule."""
    return [one.severity for one in findings(of, rule, counted)]
