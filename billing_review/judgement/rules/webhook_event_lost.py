"""An event was received and is not any more."""

from __future__ import annotations

from collections.abc import Iterator

from billing_review.judgement.listening import Heard, endpoints, heard
from billing_review.judgement.rule import Case, Said, said
from billing_review.judgement.runtime_events import ALERTS, EVERY, NEEDED
from billing_review.phrases import listed

_ADVICE = "Leave the event on an endpoint that is not disabled, or make sure that nothing lives by it."


def webhook_event_lost(case: Case) -> Iterator[Said]:
    """Worse for those that the runtime needs; told at the first endpoint that changes."""
    before, after = heard(case.change, after=False), heard(case.change, after=True)
    step = next((one for one in endpoints(case.change) if one.operation != "same"), None)
    if step is None:
        return
    gone = [f"{event} ({NEEDED[event]})" for event in NEEDED if before.hears(event) and not after.hears(event)]
    if gone:
        yield said(step, f"{step.key}: from now on the application does not receive {listed(gone)}.", _ADVICE)
    others = _others(before, after)
    if others:
        yield said(step, f"{step.key}: from now on nobody receives {listed(others)}.", _ADVICE, "low")


def _others(before: Heard, after: Heard) -> list[str]:
    """Events that the application itself may live by; alerts are another rule's."""
    if EVERY in after.events or not after.is_all_known:
        return []
    named = sorted(before.events - after.events - {*NEEDED, ALERTS, EVERY})
    return [*named, *(["events that no endpoint names"] if EVERY in before.events else [])]
