"""Usage that was refused or let through is billed from now on."""

from __future__ import annotations

from collections.abc import Iterator

from billing_review.judgement.included import included_in
from billing_review.judgement.rule import Case, Said
from billing_review.judgement.together import losses, whom
from billing_review.steps import Args

_ADVICE = "Announce it before the first bill, and check that a price bills the meter of this limit."


def overage_billed(case: Case) -> Iterator[Said]:
    """Customers who stopped at a limit so far run up a bill beyond it."""
    for loss in losses(case, _billed):
        yield Said(loss.kind, loss.key, f"{loss.name}: {'; '.join(loss.words)}, {whom(loss)}.", _ADVICE, loss.place)


def _billed(old: Args, new: Args) -> tuple[str, ...]:
    before, after = included_in(old), included_in(new)
    return tuple(
        f"{name}: what is beyond {limit.text} is billed, before it was {before[name].beyond}"
        for name, limit in after.items()
        if limit.overage == "bill" and name in before and before[name].overage != "bill"
    )
