"""Nobody receives an event that the runtime needs, and nobody did before."""

from __future__ import annotations

from collections.abc import Iterator

from billing_review.judgement.fields import part
from billing_review.judgement.listening import endpoints, heard
from billing_review.judgement.rule import Case, Said, said
from billing_review.judgement.runtime_events import NEEDED
from billing_review.phrases import listed
from billing_review.steps import Change, Step

_ADVICE = "Add the events to enabled_events of the endpoint that the application answers."


def webhook_event_missing(case: Case) -> Iterator[Said]:
    """Told when endpoints change, and when the first subscription is for sale without any endpoint."""
    step = _told_at(case.change)
    before, after = heard(case.change, after=False), heard(case.change, after=True)
    missing = [event for event in NEEDED if not before.hears(event) and not after.hears(event)]
    if step is None or not missing:
        return
    if step.kind == "Price":
        yield said(
            step,
            f"{step.key}: a subscription is for sale, but no endpoint is declared that receives {listed(missing)}.",
            _ADVICE,
        )
    else:
        what = "; ".join(f"{event} ({NEEDED[event]})" for event in missing)
        yield said(step, f"{step.key}: nobody receives {what}.", _ADVICE)


def _told_at(change: Change) -> Step | None:
    there = [step for step in endpoints(change) if step.new is not None]
    if there:
        return next((step for step in there if step.operation != "same"), None)
    prices = [step for step in change.of("Price") if part(step.args, "recurring")]
    was_sold = any(step.old is not None for step in prices) or any(step.old is not None for step in endpoints(change))
    return None if was_sold else next((step for step in prices if step.new is not None), None)
