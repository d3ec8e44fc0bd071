"""A signing secret is being changed: two endpoints receive everything, and one of them is to go.

Stripe tries to deliver an event for up to three days. https://docs.stripe.com/webhooks#automatic-retries
"""

from __future__ import annotations

from collections.abc import Iterator

from billing_review.judgement.listening import endpoints
from billing_review.judgement.rotation import family, place
from billing_review.judgement.rule import Case, Said, said
from billing_review.steps import Step

_REPEATS = "for so long Stripe may repeat what it sent before"


def rotation_due(case: Case) -> Iterator[Said]:
    """Said whenever anything changes; how old a secret is, neither a plan nor a catalog knows."""
    if all(step.operation == "same" and not step.drift for step in case.change.steps):
        return
    there = sorted((step for step in endpoints(case.change) if step.new is not None), key=lambda step: place(step.key))
    for twin in there:
        first = next(step for step in there if family(step.key) == family(twin.key))
        if first is not twin and first.old is not None:
            yield said(first, _sentence(first, twin), _advice(first, twin))


def _sentence(first: Step, twin: Step) -> str:
    verifies = f"once the application verifies with the secret of {twin.key}"
    if twin.old is None:
        return f"{first.key}: may go three days after {twin.key} is made, {verifies}: {_REPEATS}."
    return f"{first.key}: may go {verifies}, if that was made three days ago or more: {_REPEATS}."


def _advice(first: Step, twin: Step) -> str:
    return (
        f"In the catalog, write retired: {place(first.key)} beside rotate: {place(twin.key)} of {family(first.key)}. "
        f"A smaller rotate would take {twin.key} away, and the new secret with it."
    )
