"""A price that was paid costs nothing any more."""

from __future__ import annotations

from collections.abc import Iterator

from billing_review.judgement.rule import Case, Said, said
from billing_review.judgement.rules.price_amounts import becomes_free, judged
from billing_review.judgement.wording import charge
from billing_review.phrases import listed

_ADVICE = "Check the amount: whoever subscribes from now on pays nothing, for as long as they stay."


def price_free(case: Case) -> Iterator[Said]:
    """In one of its currencies or in all."""
    for one in case.successions:
        found = [f"{charge(old)} becomes nothing" for old, _, all_ in judged(one) if becomes_free(all_)]
        if found:
            yield said(one.step, f"{case.name(one.step)}: {listed(found)}.", _ADVICE)
