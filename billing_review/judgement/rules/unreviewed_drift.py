"""Somebody changed an object at Stripe, past the repository."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from billing_review.judgement.fields import number, text
from billing_review.judgement.rule import Case, Said, said
from billing_review.money import money
from billing_review.steps import Step

_ADVICE = "Ask who changed it and why, then write it into the program, or let this change set it back."
_ADVICE_GONE = "Ask who removed it and why, then take it out of the program, or let an update make it anew."
GONE = ""
"""The path of the whole object."""
_AMOUNTS = ("unit_amount", "unit_amount_decimal", "flat_amount", "flat_amount_decimal", "amount_off")
_LONG = 60


def unreviewed_drift(case: Case) -> Iterator[Said]:
    """Each object with everything that was changed on it."""
    for step in case.change.steps:
        if GONE in step.drift:
            yield said(step, f"{case.name(step)}: removed at Stripe past this repository.", _ADVICE_GONE)
        elif step.drift:
            found = [
                f"{path} {_shown(step, path, one.declared)} → {_shown(step, path, one.found)}"
                for path, one in step.drift.items()
            ]
            yield said(step, f"{case.name(step)}: changed at Stripe past this repository: {'; '.join(found)}.", _ADVICE)


def _shown(step: Step, path: str, value: Any) -> str:
    """A value as people write it; long ones are cut, and what may be secret is not shown."""
    if value is None:
        return "nothing"
    if path.rpartition(".")[2] == "secret" or "whsec_" in str(value):
        return "(secret)"
    amount, currency = number(value), _currency(step, path)
    if path.rpartition(".")[2] in _AMOUNTS and amount is not None and currency is not None:
        return money(amount, currency)
    words = str(value).lower() if isinstance(value, bool) else str(value)
    return words if len(words) <= _LONG else f"{words[:_LONG]}…"


def _currency(step: Step, path: str) -> str | None:
    before, _, rest = path.partition("currency_options.")
    return rest.partition(".")[0] if rest and not before else text(step.args, "currency")
