"""The copy of an endpoint goes, and with it the new secret."""

from __future__ import annotations

from collections.abc import Iterator

from billing_review.judgement.listening import endpoints
from billing_review.judgement.rule import Case, Said, said

_ADVICE = "Make sure that the application still verifies with the old secret, or keep the copy and remove the first."


def rotation_undone(case: Case) -> Iterator[Said]:
    """``rotate: 2`` back to 1 takes the second endpoint away, so the old secret is the only one again."""
    there = {step.key for step in endpoints(case.change) if step.new is not None}
    for step in endpoints(case.change):
        first = step.key.partition("~")[0]
        if step.operation == "delete" and "~" in step.key and first in there:
            yield said(
                step,
                f"{step.key}: the copy of {first} goes, so only the secret from before the rotation is left.",
                _ADVICE,
            )
