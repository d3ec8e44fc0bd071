"""A price falls: rarely an accident, but one that fell by 90 % or more may have lost a digit."""

from __future__ import annotations

from collections.abc import Iterator

from billing_review.judgement.comparing import Comparison, told
from billing_review.judgement.rule import Case, Said, said
from billing_review.judgement.rules.price_amounts import Judged, becomes_free, falls, judged, most, rises
from billing_review.report import Severity

_COLLAPSE = -90
_ADVICE = "Customers on the old price go on paying more until they are moved; decide whether they are to follow."
_IN_PLACE = "Expect less from who has it as well: the price stays, and is changed in place."
_SLIP = "Check the amount: it is in minor units, so 1200 is 12.00 USD and 12 is 0.12 USD."


def price_decrease(case: Case) -> Iterator[Said]:
    """What becomes free, and a currency in which anything rises as well, are other rules' to say."""
    for one in case.successions:
        found = [(pair, cheaper) for pair in judged(one) if (cheaper := _cheaper(case, pair))]
        if found:
            sentence = "; ".join(told(old, new, most(cheaper)) for (old, new, _), cheaper in found)
            collapsed = any(_collapsed(most(cheaper)) for _, cheaper in found)
            severity: Severity | None = "medium" if collapsed else None
            advice = _IN_PLACE if one.is_in_place else _ADVICE
            yield said(one.step, f"{case.name(one.step)}: {sentence}.", _SLIP if collapsed else advice, severity)


def _cheaper(case: Case, pair: Judged) -> tuple[Comparison, ...]:
    found = pair[2]
    risen = rises(found, case.settings.price_increase_percent)
    return () if risen or becomes_free(found) else falls(found)


def _collapsed(one: Comparison) -> bool:
    return one.rise is not None and one.rise <= _COLLAPSE
