"""A signing secret is being changed: two endpoints receive everything, and one of them is to go.

Stripe tries to deliver an event for up to three days. https://docs.stripe.com/webhooks#automatic-retries
"""

from __future__ import annotations

from collections.abc import Iterator

from billing_review.judgement.listening import endpoints
from billing_review.judgement.rule import Case, Said, said
from billing_review.steps import Step

_ADVICE = "Remove the first endpoint, not the copy: rotate: 1 takes the copy away, and the new secret with it."
_REPEATS = "for so long Stripe may repeat what it sent before"


def rotation_due(case: Case) -> Iterator[Said]:
    """Said whenever anything changes; how old a secret is, neither a plan nor a catalog knows."""
    if all(step.operation == "same" and not step.drift for step in case.change.steps):
        return
    there = {step.key: step for step in endpoints(case.change) if step.new is not None}
    for key, twin in there.items():
        first = there.get(key.partition("~")[0])
        if "~" in key and first is not None and first.old is not None:
            yield said(first, _sentence(first, twin), _ADVICE)


def _sentence(first: Step, twin: Step) -> str:
    verifies = f"once the application verifies with the secret of {twin.key}"
    if twin.old is None:
        return f"{first.key}: may go three days after {twin.key} is made, {verifies}: {_REPEATS}."
    return f"{first.key}: may go {verifies}, if that was made three days ago or more: {_REPEATS}."
