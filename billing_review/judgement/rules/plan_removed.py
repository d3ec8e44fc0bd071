"""A plan goes while customers are on it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from billing_review.judgement.fields import part, text
from billing_review.judgement.rule import Case, Said
from billing_review.judgement.sound_prices import priced
from billing_review.judgement.together import together
from billing_review.judgement.wording import charge, people, subscriptions
from billing_review.phrases import listed
from billing_review.report import Affected, Severity
from billing_review.steps import Step

_ADVICE = (
    "Move its customers with `billing migrate` first, or take it off the pages and let them stay on its old prices."
)


def plan_removed(case: Case) -> Iterator[Said]:
    """Worst where customers were counted on it; nothing to say where they were counted and nobody is."""
    free = {plan.key for plan in case.change.plans if plan.old is not None and plan.old.get("free") is True}
    for key in _removed(case):
        product = case.change.find("Product", key)
        prices = [step for step in case.change.of("Price") if text(step.old, "product") == key]
        counted = [found for step in prices if (found := case.on(step)) is not None]
        if not prices and key in free:
            continue  # it was never subscribed to: who had it is another rule's
        if prices and len(counted) == len(prices) and not any(_may_have_somebody(one) for one in counted):
            continue
        who = people(together(counted))
        name, place = (case.name(product), product.place) if product is not None else (key, None)
        severity: Severity | None = "high" if who else None
        yield Said(
            "Product", key, f"{name}: the plan goes{_sold(prices)}{_stay(prices, who)}.", _ADVICE, place, severity
        )


def _removed(case: Case) -> Sequence[str]:
    """Plans that the source names; products that were subscribed to, where it names none."""
    plans = [plan.key for plan in case.change.plans if plan.old is not None and plan.new is None]
    sold = {text(step.old, "product") for step in case.change.of("Price") if part(step.old, "recurring")}
    gone = [step.key for step in case.change.of("Product") if step.operation == "delete" and step.key in sold]
    return list(dict.fromkeys([*plans, *gone]))


def _may_have_somebody(affected: Affected) -> bool:
    return subscriptions(affected) > 0 or not affected.complete


def _sold(prices: Sequence[Step]) -> str:
    amounts = [charge(found) for step in prices if (found := priced(step.old)) is not None]
    return f", sold so far for {listed(amounts)}" if amounts else ""


def _stay(prices: Sequence[Step], who: str | None) -> str:
    if not prices:
        return ""
    return f"; {who} stay on its old prices" if who else "; nobody has counted who is on it"
