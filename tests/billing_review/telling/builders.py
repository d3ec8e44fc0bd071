"""Changes in a line or two, and entries as plain text: everything that is in them, so that nothing goes unread."""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from billing_review.report import Affected, Costs, Entry, Example, Fact, Report
from billing_review.steps import Change, Operation, Plan, Source, Step
from billing_review.telling import tell

NOTHING = "∅"


def same(kind: str, key: str, **args: Any) -> Step:
    """An object that stays as it is."""
    return Step(kind, key, "same", args, args)


def new(kind: str, key: str, **args: Any) -> Step:
    """An object that is made."""
    return Step(kind, key, "create", None, args)


def gone(kind: str, key: str, **args: Any) -> Step:
    """An object that goes."""
    return Step(kind, key, "delete", args, None)


def updated(step: Step, **changes: Any) -> Step:
    """The object with other fields, changed in place; a field of None is taken away."""
    return _changed(step, "update", changes)


def replaced(step: Step, **changes: Any) -> Step:
    """The object with other fields, made anew."""
    return _changed(step, "replace", changes)


def _changed(step: Step, operation: Operation, changes: Mapping[str, Any]) -> Step:
    args = {name: value for name, value in {**step.args, **changes}.items() if value is not None}
    return replace(step, operation=operation, new=args, changed=tuple(changes))


TEAM = same("Product", "team", name="Team")
AI = same("Product", "ai", name="Assistant")
TOKENS = same("Meter", "tokens", display_name="AI tokens", event_name="ai_tokens")
SEAT = same(
    "Price",
    "team.monthly",
    product="team",
    currency="usd",
    unit_amount=1200,
    recurring={"interval": "month"},
    seats={"mode": "follow"},
    lookup_key="team_monthly",
)
FLAT = same("Price", "ai.base", product="ai", currency="usd", unit_amount=500, recurring={"interval": "month"})
USAGE = same(
    "Price",
    "ai.tokens",
    product="ai",
    currency="usd",
    unit_amount=2,
    recurring={"interval": "month", "meter": "tokens"},
)
VOLUME = same(
    "Price",
    "team.volume",
    product="team",
    currency="usd",
    tiers_mode="volume",
    tiers=[
        {"up_to": 20, "unit_amount": 1200},
        {"up_to": 100, "unit_amount": 1000},
        {"up_to": "inf", "unit_amount": 800},
    ],
    recurring={"interval": "month"},
    seats={"mode": "follow"},
)
GRADUATED = same("Price", "team.graduated", **{**VOLUME.args, "tiers_mode": "graduated"})


def report(*steps: Step, plans: Sequence[Plan] = (), affected: Mapping[str, Affected] | None = None) -> Report:
    """The report of a change; ``affected`` is by the price's key."""
    known = {(step.kind, step.key) for step in steps}
    beside = [step for step in (TEAM, AI, TOKENS) if (step.kind, step.key) not in known]
    counted = {("Price", key): one for key, one in (affected or {}).items()}
    return tell(Change(Source("plan"), (*beside, *steps), tuple(plans)), affected=counted)


def entry(step: Step, *beside: Step, plans: Sequence[Plan] = (), affected: Affected | None = None) -> Entry:
    """What is told of one step."""
    found = report(step, *beside, plans=plans, affected={step.key: affected} if affected else None)
    return next(one for one in found.entries if (one.kind, one.key) == (step.kind, step.key))


def told(step: Step, *beside: Step, plans: Sequence[Plan] = (), affected: Affected | None = None) -> str:
    """The same as text, with every word and amount of it."""
    return text(entry(step, *beside, plans=plans, affected=affected))


def text(one: Entry) -> str:
    """An entry as text."""
    return "\n".join(_lines(one))


def golden(expected: str) -> str:
    """An expected text, as it is indented in a test."""
    return inspect.cleandoc(expected)


def _lines(one: Entry) -> Iterator[str]:
    yield one.headline
    yield from (f"- {sentence}" for sentence in one.sentences)
    yield from (_fact(fact) for fact in one.facts)
    for costs in one.costs:
        yield from _costs(costs)


def _fact(fact: Fact) -> str:
    return f"| {fact.label}: {_change(fact.old, fact.new)}{f' ({fact.note})' if fact.note else ''}"


def _costs(costs: Costs) -> Iterator[str]:
    yield f"$ {costs.currency}{f': {costs.explanation}' if costs.explanation else ''}"
    yield from (f"  [{row.units}] {_change(row.old, row.new)}" for row in costs.tiers)
    yield from (f"  {_example(one)}" for one in costs.examples)


def _example(one: Example) -> str:
    change = f" ({one.change})" if one.change else ""
    return f"{one.quantity} {one.unit}: {_change(one.old, one.new)}{change}; {one.sum}"


def _change(old: str | None, later: str | None) -> str:
    return f"{old or NOTHING} → {later or NOTHING}"
