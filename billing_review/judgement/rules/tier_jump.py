"""A step between two tiers that looks like a slip of the pen."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import pairwise

from billing_review.judgement.rule import Case, Said, said
from billing_review.judgement.rules.tier_gap import units
from billing_review.judgement.rules.tiers import WrittenTier, new_tiers
from billing_review.money import money

_ADVICE = "Check the amounts of both tiers: they are in minor units, so 1200 is 12.00 USD."
_FACTOR = 10
Paid = tuple[WrittenTier, Decimal]


def tier_jump(case: Case) -> Iterator[Said]:
    """Tenfold from one tier to the next, or a unit that is dearer again after it had become cheaper."""
    for written in new_tiers(case):
        paid = [(tier, tier.unit) for tier in written.tiers if tier.unit]
        for (tier, unit), words in (*_tenfold(paid, written.currency), *_back_again(paid, written.currency)):
            amount = money(unit, written.currency)
            yield said(written.step, f"{case.name(written.step)}: {units(tier)} cost {amount} each, {words}.", _ADVICE)


def _tenfold(paid: Sequence[Paid], currency: str) -> Iterator[tuple[Paid, str]]:
    for (_, before), (tier, unit) in pairwise(paid):
        high, low = max(before, unit), min(before, unit)
        if low > 0 and high >= low * _FACTOR:
            yield (tier, unit), f"the tier before {money(before, currency)}"


def _back_again(paid: Sequence[Paid], currency: str) -> Iterator[tuple[Paid, str]]:
    for (_, first), (_, second), (tier, third) in zip(paid, paid[1:], paid[2:], strict=False):
        if second < first and second < third < second * _FACTOR:
            yield (tier, third), f"more again than the {money(second, currency)} of the tier before"
