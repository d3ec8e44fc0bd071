"""Who is on a free plan is left without any."""

from __future__ import annotations

from collections.abc import Iterator

from billing_review.judgement.rule import Case, Said
from billing_review.judgement.rules.audiences import free_plans
from billing_review.phrases import listed

_ADVICE = "Declare another free plan for them, or make sure that the application lets nobody in without a subscription."


def audience_without_plan(case: Case) -> Iterator[Said]:
    """The free plan of a kind of customer goes, is not free any more, or is for others: no plan takes its place."""
    before, after = free_plans(case.change, after=False), free_plans(case.change, after=True)
    for key in dict.fromkeys(before.values()):
        left = [who for who, plan in before.items() if plan == key and who not in after]
        if left:
            product = case.change.find("Product", key)
            name, place = (case.name(product), product.place) if product is not None else (key, None)
            who = listed([f"{one}s" for one in left])
            yield Said(
                "Product",
                key,
                f"{name}: {who} without a subscription have no plan any more, this was theirs.",
                _ADVICE,
                place,
            )
