"""What a price costs, in a phrase: ``12.00 USD a seat and month``."""

from __future__ import annotations

from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction

from billing_review.money import PRECISION, figure, money, percent
from billing_review.pricing import ZERO, Pricing
from billing_review.telling.words import counted, joined, with_article

_MOST_TIERS = 3
_IN_MONTHS = {"day": Fraction(12, 365), "week": Fraction(12, 52), "month": Fraction(1), "year": Fraction(12)}
"""How many months an interval is: a year has 365 days or 52 weeks."""


def period(pricing: Pricing) -> str | None:
    """``month``, ``3 months``; None for what is paid once."""
    if pricing.interval is None:
        return None
    return pricing.interval if pricing.interval_count == 1 else counted(pricing.interval_count, pricing.interval)


def billed(pricing: Pricing) -> str:
    """``every month``, ``once``."""
    every = period(pricing)
    return f"every {every}" if every else "once"


def rate(pricing: Pricing, noun: str) -> str:
    """What an amount is for: ``a seat and month``, ``a month``, ``for every started 1,000 units``."""
    if pricing.package:
        which = "started" if pricing.package.round == "up" else "full"
        packages = f"for every {which} {counted(pricing.package.divide_by, noun)}"
        return packages if pricing.metered else f"{_by_time(pricing)} {packages}"
    if pricing.metered:
        return with_article(noun)
    return _by_thing(pricing, noun) if pricing.per_seat or pricing.tiers else _by_time(pricing)


def phrase(pricing: Pricing, noun: str) -> str:
    """The whole of it, tiers in short."""
    if pricing.tiers:
        return f"{_tiers(pricing)} {_tier_rate(pricing, noun)} in {tiers_in_words(pricing)}"
    return f"{money(pricing.unit or ZERO, pricing.currency)} {rate(pricing, noun)}"


def phrases(pricings: tuple[Pricing, ...], noun: str) -> str:
    """The same in every currency: ``12.00 USD / 11.00 EUR / 1,500 JPY a seat and month``."""
    first, *others = pricings
    if first.tiers:
        also = f" and in {joined(one.currency.upper() for one in others)}" if others else ""
        return f"{phrase(first, noun)}{also}"
    amounts = [money(one.unit or ZERO, one.currency) for one in pricings]
    return f"{' / '.join(amounts)} {rate(first, noun)}"


def tiers_in_words(pricing: Pricing) -> str:
    """``3 volume tiers``, ``1 graduated tier with fees``."""
    fees = " with fees" if any(tier.flat for tier in pricing.tiers) and not _only_fees(pricing) else ""
    return f"{counted(len(pricing.tiers), f'{pricing.mode} tier')}{fees}"


def change_of(old: Pricing, new: Pricing, was: str, noun: str) -> str:
    """``12.00 → 14.00 USD a seat and month (+16.7 %)``, of two prices that are not in tiers.

    ``was`` is what one of it was called.
    """
    if rate(old, was) != rate(new, noun):
        return f"{phrase(old, was)} → {phrase(new, noun)}{_compared(old, new, noun)}"
    before, after = old.unit or ZERO, new.unit or ZERO
    return f"{both(before, after, new.currency)} {rate(new, noun)}{in_percent(before, after)}"


def both(old: Decimal, new: Decimal, currency: str) -> str:
    """``12.00 → 14.00 USD``."""
    return f"{figure(old, currency)} → {money(new, currency)}"


def in_percent(old: Decimal, new: Decimal) -> str:
    """`` (+16.7 %)``, or nothing where there was nothing."""
    change = percent(old, new)
    return f" ({change})" if change and old != new else ""


def a_month(pricing: Pricing) -> Decimal | None:
    """What a simple recurring amount is for a month, in minor units, not rounded; None where it says nothing."""
    if pricing.interval not in _IN_MONTHS or pricing.tiers or pricing.package or pricing.metered:
        return None
    span = _IN_MONTHS[pricing.interval] * pricing.interval_count
    with localcontext(prec=PRECISION):
        return (pricing.unit or ZERO) * span.denominator / span.numerator


def about(amount: Decimal, currency: str) -> str:
    """An amount that may have no end, in whole minor units: ``about 10.83 USD``."""
    whole = amount.to_integral_value(rounding=ROUND_HALF_UP)
    return money(whole, currency) if whole == amount else f"about {money(whole, currency)}"


def months(old: Pricing, new: Pricing) -> tuple[Decimal, Decimal] | None:
    """Two amounts for one month, where they are for different intervals and can be compared."""
    before, after = a_month(old), a_month(new)
    if before is None or after is None or old.per_seat != new.per_seat or billed(old) == billed(new):
        return None
    return before, after


def _compared(old: Pricing, new: Pricing, noun: str) -> str:
    """What the amounts are for one month or for a unit, where that is what differs."""
    found = months(old, new)
    if found is None:
        return _in_full_packages(old, new)
    before, after = (about(one, new.currency) for one in found)
    each = f" {with_article(noun)}" if new.per_seat else ""
    return (
        f", which in a month is {before.removesuffix(f' {new.currency.upper()}')} → {after}{each}{in_percent(*found)}"
    )


def _in_full_packages(old: Pricing, new: Pricing) -> str:
    """How much more a unit costs where only the packages differ, and are full."""
    sizes = [one.package.divide_by if one.package else 1 for one in (old, new)]
    same_otherwise = replace(old, package=None, unit=None) == replace(new, package=None, unit=None)
    if not same_otherwise or sizes[0] == sizes[1]:
        return ""
    with localcontext(prec=PRECISION):
        change = percent((old.unit or ZERO) * sizes[1], (new.unit or ZERO) * sizes[0])
    return f" ({change} for full packages)" if change else ""


def _by_time(pricing: Pricing) -> str:
    every = period(pricing)
    if every is None:
        return "once"
    return f"a {every}" if pricing.interval_count == 1 else f"every {every}"


def _by_thing(pricing: Pricing, noun: str) -> str:
    every = period(pricing)
    if every is None:
        return with_article(noun)
    return f"{with_article(noun)} {'and' if pricing.interval_count == 1 else 'every'} {every}"


def _only_fees(pricing: Pricing) -> bool:
    """Whether a tier costs the same whatever the quantity inside of it."""
    return not any(tier.unit for tier in pricing.tiers) and any(tier.flat for tier in pricing.tiers)


def _tier_rate(pricing: Pricing, noun: str) -> str:
    return _by_time(pricing) if _only_fees(pricing) else rate(pricing, noun)


def _tiers(pricing: Pricing) -> str:
    amounts = [tier.flat if _only_fees(pricing) else tier.unit for tier in pricing.tiers]
    shown = [figure(one, pricing.currency) for one in amounts]
    listed = " / ".join(shown) if len(shown) <= _MOST_TIERS else f"{shown[0]} to {shown[-1]}"
    return f"{listed} {pricing.currency.upper()}"
