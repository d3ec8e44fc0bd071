"""A suppression has nothing to suppress."""

from __future__ import annotations

from collections.abc import Iterator

from billing_review.judgement.rule import Case, Said
from billing_review.judgement.rules.suppression_expired import KIND

_ADVICE = "Take it out: what it was written for is done, or it names the wrong object."


def suppression_idle(case: Case) -> Iterator[Said]:
    """Nothing was found that it covers; not told where nothing changes at all."""
    if all(step.operation == "same" and not step.drift for step in case.change.steps) and not case.found:
        return
    for one in case.settings.exemptions:
        if one.holds(case.today) and not any(one.covers(found.rule, found.key) for found in case.found):
            about = f" on {one.on}" if one.on else ""
            yield Said(
                KIND, one.on or one.rule, f"The suppression of {one.rule}{about} matches nothing.", _ADVICE, one.place
            )
