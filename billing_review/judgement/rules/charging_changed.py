"""The same price counts something else: seats instead of a flat amount, usage instead of seats, volume tiers."""

from __future__ import annotations

from collections.abc import Iterator

from billing_review.judgement.rule import Case, Said, said
from billing_review.judgement.sound_prices import priced
from billing_review.judgement.wording import charge
from billing_review.pricing import Pricing

_ADVICE = "Compare the bills of a small and a large customer, and whether the application reports what is counted now."


def charging_changed(case: Case) -> Iterator[Said]:
    """What the amount is multiplied by decides about the bill as much as the amount."""
    for one in case.successions:
        old, new = priced(one.old), priced(one.new)
        if old is not None and new is not None and _way(old) != _way(new):
            what = f"charged {_way(new)} instead of {_way(old)}: {charge(old)} becomes {charge(new)}"
            yield said(one.step, f"{case.name(one.step)}: {what}.", _ADVICE)


def _way(pricing: Pricing) -> str:
    what = "by usage" if pricing.metered else "by seat" if pricing.per_seat else "a fixed amount"
    if pricing.tiers:
        return f"{what} in {pricing.mode} tiers" if pricing.metered or pricing.per_seat else f"in {pricing.mode} tiers"
    if pricing.package is None:
        return what
    return f"{what} in packages" if pricing.metered or pricing.per_seat else "in packages"
