"""An event was received and is not any more."""

from __future__ import annotations

from collections.abc import Iterator

from billing_review.judgement.listening import endpoints, heard
from billing_review.judgement.rule import Case, Said, said
from billing_review.judgement.runtime_events import EVERY, NEEDED
from billing_review.judgement.wording import listed
from billing_review.report import Severity

_ADVICE = "Leave the event on an endpoint that is not disabled, or make sure that nothing lives by it."


def webhook_event_lost(case: Case) -> Iterator[Said]:
    """Worse for those that the runtime needs; told at the first endpoint that gives it up."""
    before, after = heard(case.change, after=False), heard(case.change, after=True)
    if EVERY in after.events:
        return
    gone = [event for event in NEEDED if before.hears(event) and not after.hears(event)]
    others = sorted(before.events - after.events - set(NEEDED) - {EVERY})
    step = next((one for one in endpoints(case.change) if one.operation != "same"), None)
    if step is None:
        return
    if gone:
        lost = "; ".join(f"{event}, so the application does not learn {_unlearned(event)}" for event in gone)
        yield said(step, f"{step.key}: from now on nobody receives {lost}.", _ADVICE)
    every = EVERY in before.events and EVERY not in after.events
    if others or every:
        severity: Severity | None = "low"
        what = listed([*others, *(["any event that no endpoint names"] if every else [])])
        yield said(step, f"{step.key}: from now on nobody receives {what}.", _ADVICE, severity)


def _unlearned(event: str) -> str:
    words = NEEDED[event]
    return words if words.startswith("that ") else f"of {words}"
