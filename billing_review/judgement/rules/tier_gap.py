"""Tiers that leave some quantities without a bound, an amount or a reason."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from billing_review.judgement.rule import Case, Said, said
from billing_review.judgement.rules.tiers import WrittenTier, new_tiers
from billing_review.money import money

_ADVICE = "Write tiers whose bounds rise and of which each has an amount; a free part belongs at the beginning."


def tier_gap(case: Case) -> Iterator[Said]:
    """Bounds that do not rise, a tier without an amount, and units that are free between others that cost something."""
    for written in new_tiers(case):
        tiers = written.tiers
        for sentence in (*_bounds(tiers), *_without_amount(tiers), *_free_between(tiers, written.currency)):
            yield said(written.step, f"{case.name(written.step)}: {sentence}.", _ADVICE)


def units(tier: WrittenTier) -> str:
    """Which units a tier is about: units 21 to 100."""
    first = "?" if tier.first is None else f"{tier.first:,}"
    return f"units from {first} on" if tier.last is None else f"units {first} to {tier.last:,}"


def _bounds(tiers: Sequence[WrittenTier]) -> Iterator[str]:
    for before, tier in pairwise(tiers):
        if before.last is None:
            yield "a tier without an end is followed by another, which is never reached"
        elif tier.last is not None and tier.last <= before.last:
            yield f"the tier up to {tier.last:,} comes after the one up to {before.last:,}, so it is never reached"
    if tiers[-1].last is not None:
        yield f"nothing says what is paid beyond {tiers[-1].last:,} units"
    if not all(tier.is_bounded for tier in tiers):
        yield "a tier has an end that is no number"


def _without_amount(tiers: Sequence[WrittenTier]) -> Iterator[str]:
    for tier in tiers:
        if tier.unit is None and tier.flat is None:
            yield f"{units(tier)} have no amount, so they cost nothing"


def _free_between(tiers: Sequence[WrittenTier], currency: str) -> Iterator[str]:
    for before, tier in pairwise(tiers):
        if tier.is_free and not before.is_free and before.unit:
            yield f"{units(tier)} are free, while those before them cost {money(before.unit, currency)} each"
