"""Customers get less of something than before, or are refused where they were let through."""

from __future__ import annotations

from collections.abc import Iterator

from billing_review.judgement.included import included_in, lowered
from billing_review.judgement.rule import Case, Said
from billing_review.judgement.together import losses, whom
from billing_review.steps import Args

_AT_ONCE = (
    "Make a new price instead of changing this one, if who has it is to keep what was bought; announce it otherwise."
)
_LATER = "Change the pages that promise the old limit."


def limit_lowered(case: Case) -> Iterator[Said]:
    """Windows are compared as well as figures: 100 per day is more than 1,000 per month."""
    for loss in losses(case, _lost):
        sentence = f"{loss.name}: {'; '.join(loss.words)}, {whom(loss)}."
        yield Said(loss.kind, loss.key, sentence, _AT_ONCE if loss.at_once else _LATER, loss.place)


def _lost(old: Args, new: Args) -> tuple[str, ...]:
    before, after = included_in(old), included_in(new)
    found = ((name, lowered(limit, after.get(name))) for name, limit in before.items())
    return tuple(f"{name}: {words}" for name, words in found if words is not None)
