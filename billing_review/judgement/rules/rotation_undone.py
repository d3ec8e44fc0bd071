"""The copy of an endpoint goes, and with it the new secret."""

from __future__ import annotations

from collections.abc import Iterator

from billing_review.judgement.listening import endpoints
from billing_review.judgement.rotation import family, place
from billing_review.judgement.rule import Case, Said, said
from billing_review.steps import Step


def rotation_undone(case: Case) -> Iterator[Said]:
    """A smaller ``rotate`` takes the newest endpoint away, so an older secret is the only one again."""
    there = [step for step in endpoints(case.change) if step.new is not None]
    for step in endpoints(case.change):
        kin = sorted((one for one in there if family(one.key) == family(step.key)), key=lambda one: place(one.key))
        if step.operation == "delete" and kin and place(kin[-1].key) < place(step.key):
            sentence = (
                f"{step.key}: the copy of {kin[-1].key} goes, so only the secret from before the rotation is left."
            )
            yield said(step, sentence, _advice(step, kin[-1]))


def _advice(gone: Step, left: Step) -> str:
    return (
        f"Make sure that the application still verifies with the old secret, or keep rotate: {place(gone.key)} of "
        f"{family(gone.key)} and write retired: {place(left.key)} beside it, which takes {left.key} away instead."
    )
