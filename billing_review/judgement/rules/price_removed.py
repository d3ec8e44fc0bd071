"""A price is no longer for sale, while its product is."""

from __future__ import annotations

from collections.abc import Iterator

from billing_review.judgement.fields import text
from billing_review.judgement.rule import Case, Said, said
from billing_review.judgement.sound_prices import priced
from billing_review.judgement.wording import charge, people
from billing_review.report import Severity
from billing_review.steps import Step

_ADVICE = "Make sure that nothing offers it any more; who has it keeps it until `billing migrate` moves them."


def price_removed(case: Case) -> Iterator[Said]:
    """More serious where customers are on it; where another price takes over the lookup key, it is replaced instead."""
    for step in case.change.of("Price"):
        product = case.change.find("Product", text(step.old, "product") or "")
        if step.operation != "delete" or _is_taken_over(case, step) or (product is not None and product.new is None):
            continue
        found, on_it = priced(step.old), people(case.on(step))
        amount = f" ({charge(found)})" if found is not None else ""
        stay = f"; {on_it} stay on it" if on_it else ""
        severity: Severity | None = "medium" if on_it else None
        yield said(step, f"{case.name(step)}{amount} is archived and not for sale any more{stay}.", _ADVICE, severity)


def _is_taken_over(case: Case, step: Step) -> bool:
    return any(one.before == step.key for one in case.successions)
