"""What several prices of one product lose alike, told once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from billing_review.judgement.fields import text
from billing_review.judgement.rule import Case
from billing_review.judgement.wording import people
from billing_review.phrases import listed
from billing_review.report import Affected
from billing_review.steps import Args, Step


@dataclass(frozen=True, slots=True)
class Loss:
    """What is lost, who loses it, and whether at once."""

    words: tuple[str, ...]
    """One for each thing that is lost."""
    kind: str
    key: str
    name: str
    place: str | None
    at_once: bool
    """Whether customers who are on it lose it as well."""
    who: str | None
    """Those customers, where somebody counted them."""


Lost = Callable[[Args, Args], tuple[str, ...]]


def losses(case: Case, lost: Lost) -> Iterator[Loss]:
    """What each price and plan loses; one loss where all of a product lose the same."""
    groups: dict[tuple[str, tuple[str, ...], bool], list[Step]] = {}
    for one in case.successions:
        if one.before == one.step.key and (words := lost(one.old, one.new)):
            groups.setdefault((text(one.new, "product") or "", words, one.is_in_place), []).append(one.step)
    told = {(owner, words) for owner, words, _ in groups}
    for plan in case.change.plans:
        words = lost(plan.old, plan.new) if plan.old is not None and plan.new is not None else ()
        if words and (plan.key, words) not in told:  # a plan is told with its prices
            groups[plan.key, words, True] = []
    for (owner, words, at_once), prices in groups.items():
        yield _loss(case, owner, words, prices, at_once=at_once)


def _loss(case: Case, owner: str, words: tuple[str, ...], prices: list[Step], *, at_once: bool) -> Loss:
    who = people(together([found for one in prices if (found := case.on(one)) is not None])) if at_once else None
    if len(prices) == 1:
        (step,) = prices
        return Loss(words, step.kind, step.key, case.name(step), step.place, at_once, who)
    product = case.change.find("Product", owner)
    first = product or next(iter(prices), None)
    name = owner if product is None else case.name(product)
    on = f" ({listed(one.key for one in prices)})" if prices else ""
    return Loss(words, "Product", owner, f"{name}{on}", first.place if first else None, at_once, who)


def together(found: list[Affected]) -> Affected:
    """Everybody on any of them."""
    return Affected(
        active=sum(one.active for one in found),
        trialing=sum(one.trialing for one in found),
        past_due=sum(one.past_due for one in found),
        seats=sum(one.seats for one in found),
        complete=all(one.complete for one in found),
    )


def whom(loss: Loss) -> str:
    """Who feels it: those who are on it as well, or only those who come."""
    if not loss.at_once:
        return "for new customers; who has the old price keeps what it includes"
    return (
        f"at once, for who is on it ({loss.who}) and for new customers"
        if loss.who
        else "at once, for who is on it and for new customers"
    )
