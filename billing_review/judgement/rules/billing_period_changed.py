"""A price is billed in other periods than before."""

from __future__ import annotations

from collections.abc import Iterator

from billing_review.judgement.comparing import months
from billing_review.judgement.rule import Case, Said, said
from billing_review.judgement.sound_prices import priced
from billing_review.judgement.successions import currencies
from billing_review.judgement.wording import charge, period
from billing_review.pricing import Pricing

_ADVICE = "Sell the new period as a price of its own beside the old one, unless whoever asks for this one expects it."


def billing_period_changed(case: Case) -> Iterator[Said]:
    """Month to year, or once to every month: the bill, its date and every limit per period change with it."""
    for one in case.successions:
        for currency in currencies(one.new)[:1]:
            old, new = priced(one.old), priced(one.new, currency)
            if old is not None and new is not None and months(old) != months(new):
                what = f"billed {_every(new)} instead of {_every(old)}: {charge(old)} becomes {charge(new)}"
                yield said(one.step, f"{case.name(one.step)}: {what}.", _ADVICE)


def _every(pricing: Pricing) -> str:
    return "once" if pricing.interval is None else f"every {period(pricing)}"
