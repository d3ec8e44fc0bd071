"""A suppression has ended."""

from __future__ import annotations

from collections.abc import Iterator

from billing_review.judgement.rule import Case, Said

KIND = "Suppression"
_ADVICE = "Take it out, or decide again and write a later date."


def suppression_expired(case: Case) -> Iterator[Said]:
    """What it was about counts again."""
    for one in case.settings.exemptions:
        if not one.holds(case.today):
            about = f" on {one.on}" if one.on else ""
            sentence = f"The suppression of {one.rule}{about} ended on {one.until.isoformat()} ({one.reason})."
            yield Said(KIND, one.on or one.rule, sentence, _ADVICE, one.place)
