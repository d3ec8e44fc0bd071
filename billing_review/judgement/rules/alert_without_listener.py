"""An alert fires, and nobody hears it."""

from __future__ import annotations

from collections.abc import Iterator

from billing_review.judgement.listening import endpoints, heard
from billing_review.judgement.rule import Case, Said, said
from billing_review.judgement.runtime_events import ALERTS
from billing_review.phrases import listed

_ADVICE = f"Add {ALERTS} to enabled_events of the endpoint that the application answers."


def alert_without_listener(case: Case) -> Iterator[Said]:
    """Told once for all of them, when an alert or an endpoint changes."""
    watching = [
        step for step in case.change.of("Alert") if step.new is not None and step.new.get("status") != "inactive"
    ]
    moved = any(step.operation != "same" for step in (*case.change.of("Alert"), *endpoints(case.change)))
    if not watching or not moved or heard(case.change, after=True).hears(ALERTS):
        return
    names = listed([case.name(step) for step in watching])
    verb = "fires" if len(watching) == 1 else "fire"
    yield said(watching[0], f"{names} {verb} for nobody: no endpoint receives {ALERTS}.", _ADVICE)
