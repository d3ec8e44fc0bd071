"""A stack where real money moves loses something. See docs/guards.md."""

from __future__ import annotations

from collections.abc import Iterator

from billing_review.judgement.rule import Case, Said, said
from billing_review.judgement.sound_prices import priced
from billing_review.judgement.wording import charge, name_of, people
from billing_review.report import Severity
from billing_review.steps import Step

_ADVICE = "`billing up` refuses it until the stack says billing:allowDestructive: true; take that out again afterwards."
_NOUNS = {"Price": "is archived", "Product": "is archived", "Meter": "is deactivated", "Alert": "is archived"}


def destructive_step(case: Case) -> Iterator[Said]:
    """What goes; a replacement archives the old one as well, but another takes its place."""
    stack = f"the live stack {case.change.source.stack}" if case.change.source.stack else "the live stack"
    for step in case.change.steps if case.change.source.livemode else ():
        if step.operation in {"delete", "replace"}:
            replaced = step.operation == "replace"
            severity: Severity | None = "medium" if replaced else None
            fate = "is replaced by a new one" if replaced else _NOUNS.get(step.kind, "is removed")
            yield said(step, f"{step.kind} {_named(step)} of {stack} {fate}{_who(case, step)}.", _ADVICE, severity)


def _named(step: Step) -> str:
    name = name_of(step, step.old)
    found = priced(step.old) if step.kind == "Price" else None
    amount = f" ({charge(found)})" if found is not None else ""
    return f"{step.key}{amount}" if name == step.key else f"{step.key}, {name}{amount},"


def _who(case: Case, step: Step) -> str:
    found = people(case.on(step))
    return f"; {found} stay on it" if found else ""
