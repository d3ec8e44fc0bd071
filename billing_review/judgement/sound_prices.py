"""The arithmetic of a price where it can be done: rising tiers, the last without an end, amounts that are numbers."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from itertools import pairwise
from typing import Any

from billing_review.judgement.fields import is_usual, part
from billing_review.pricing import Pricing, pricing_of
from billing_review.steps import Args


def priced(args: Args | None, currency: str | None = None) -> Pricing | None:
    """The arithmetic of a price in one currency; None where it cannot be done, which is another rule's to say."""
    if not args or not isinstance(args.get("currency"), str):
        return None
    try:
        found = pricing_of(_tidy(args), currency)
    except (ArithmeticError, AttributeError, KeyError, TypeError, ValueError):
        return None
    return found if _is_sound(found) else None


def _tidy(args: Args) -> dict[str, Any]:
    """The same without parts that are no objects, and without a currency that another rule speaks of."""
    options = {code: one for code, one in part(args, "currency_options").items() if isinstance(one, Mapping)}
    return {**args, "recurring": part(args, "recurring"), "currency_options": options}


def _is_sound(pricing: Pricing) -> bool:
    if not pricing.tiers:
        return pricing.unit is not None and is_usual(pricing.unit) and _packages_hold_something(pricing)
    bounds = [tier.up_to for tier in pricing.tiers]
    inner = [bound for bound in bounds[:-1] if bound is not None and is_usual(Decimal(bound))]
    rises = len(inner) == len(bounds) - 1 and all(below < above for below, above in pairwise([0, *inner]))
    amounts = [amount for tier in pricing.tiers for amount in (tier.unit, tier.flat)]
    return rises and bounds[-1] is None and all(map(is_usual, amounts))


def _packages_hold_something(pricing: Pricing) -> bool:
    return pricing.package is None or (pricing.package.divide_by > 0 and is_usual(Decimal(pricing.package.divide_by)))
