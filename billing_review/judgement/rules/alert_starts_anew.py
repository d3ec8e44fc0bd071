"""A new alert counts from nothing. https://docs.stripe.com/billing/subscriptions/usage-based/alerts"""

from __future__ import annotations

from collections.abc import Iterator

from billing_review.judgement.fields import part, whole
from billing_review.judgement.rule import Case, Said, said
from billing_review.steps import Args

_ADVICE = "Expect it to be late for who has used much already; whoever it fired for is told a second time."


def alert_starts_anew(case: Case) -> Iterator[Said]:
    """A replaced alert knows no usage from before, and fires once more for each customer."""
    for step in case.change.of("Alert"):
        if step.operation == "replace":
            old, new = _threshold(step.old), _threshold(step.new)
            what = f" (at {new} instead of {old})" if old != new and old and new else ""
            yield said(
                step, f"{case.name(step)}: the alert is made anew{what}, and counts only usage from then on.", _ADVICE
            )


def _threshold(args: Args | None) -> str | None:
    found = whole(part(args, "usage_threshold").get("gte"))
    return None if found is None else f"{found:,}"
