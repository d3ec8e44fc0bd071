"""A price loses a currency that it was sold in."""

from __future__ import annotations

from collections.abc import Iterator

from billing_review.judgement.rule import Case, Said, said
from billing_review.judgement.sound_prices import priced
from billing_review.judgement.successions import Succession, currencies
from billing_review.judgement.wording import charge
from billing_review.phrases import listed

_ADVICE = "Give it an amount in this currency as well, or make sure that nobody is sent to checkout in it."


def currency_missing(case: Case) -> Iterator[Said]:
    """Customers of that currency cannot buy it any more."""
    for one in case.successions:
        kept = currencies(one.new)
        gone = [currency for currency in currencies(one.old) if currency not in kept]
        if gone and kept:
            amounts = listed([_amount(one, currency) for currency in gone])
            left = listed([currency.upper() for currency in kept])
            yield said(one.step, f"{case.name(one.step)}: {amounts} is gone, only {left} is left.", _ADVICE)


def _amount(one: Succession, currency: str) -> str:
    found = priced(one.old, currency)
    return currency.upper() if found is None else charge(found)
