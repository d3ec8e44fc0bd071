"""A plan is not for everybody any more that it was for."""

from __future__ import annotations

from collections.abc import Iterator

from billing_review.judgement.rule import Case, Said
from billing_review.judgement.rules.audiences import audience
from billing_review.phrases import listed

_ADVICE = "Look whether any of them is on it: the application cannot sell it to them again."


def audience_narrowed(case: Case) -> Iterator[Said]:
    """Users or organizations cannot get it any more."""
    for plan in case.change.plans:
        if plan.old is None or plan.new is None:
            continue
        kept = audience(plan.new)
        gone = [f"{one}s" for one in audience(plan.old) if one not in kept]
        if gone:
            product = case.change.find("Product", plan.key)
            name, place = (case.name(product), product.place) if product is not None else (plan.key, None)
            yield Said("Product", plan.key, f"{name}: not for {listed(gone)} any more.", _ADVICE, place)
