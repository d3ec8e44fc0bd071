"""A larger quantity costs less than a smaller one. https://docs.stripe.com/products-prices/pricing-models#volume-pricing"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from billing_review.judgement.rule import Case, Said, said
from billing_review.judgement.sound_prices import priced
from billing_review.judgement.successions import currencies
from billing_review.judgement.wording import quantity_of
from billing_review.money import money
from billing_review.pricing import Pricing

_ADVICE = (
    "Use graduated tiers, or raise the amount of the upper tier, unless customers are meant to buy more to pay less."
)


@dataclass(frozen=True, slots=True)
class Cliff:
    """One more costs less."""

    quantity: int
    """The last quantity before the fall."""
    before: Decimal
    after: Decimal
    dearer_from: int
    """The least quantity of that tier that costs more than the larger one."""


def volume_cliff(case: Case) -> Iterator[Said]:
    """With volume tiers, where every unit has the amount of the tier reached; only amounts that this change brings."""
    for step in case.change.of("Price"):
        for currency in currencies(step.new or {}):
            pricing = priced(step.new, currency)
            old = priced(step.old, currency) if currency in currencies(step.old or {}) else None
            found = cliffs(pricing) if pricing is not None and pricing != old else ()
            if found and pricing is not None:
                told = "; ".join(_told(pricing, cliff) for cliff in found)
                yield said(step, f"{case.name(step)}: {told}.", _ADVICE)


def cliffs(pricing: Pricing) -> tuple[Cliff, ...]:
    """Every quantity of which one more costs less in all."""
    if pricing.mode != "volume":
        return ()
    found, below = [], 0
    for tier in pricing.tiers:
        if tier.up_to is None:
            break
        before, after = pricing.cost(tier.up_to), pricing.cost(tier.up_to + 1)
        if after < before:
            least = int((after - tier.flat) // tier.unit) + 1 if tier.unit else below + 1
            found.append(Cliff(tier.up_to, before, after, max(below + 1, least)))
        below = tier.up_to
    return tuple(found)


def _told(pricing: Pricing, cliff: Cliff) -> str:
    more = quantity_of(pricing, cliff.quantity + 1)
    amounts = f"{money(cliff.after, pricing.currency)} instead of {money(cliff.before, pricing.currency)}"
    less = money(cliff.before - cliff.after, pricing.currency)
    dearer = (
        f", and {cliff.dearer_from:,} to {cliff.quantity:,} all cost more than that"
        if cliff.dearer_from < cliff.quantity
        else ""
    )
    return f"{more} cost {less} less than {cliff.quantity:,} ({amounts}){dearer}"
