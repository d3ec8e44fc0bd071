"""A price rises by more than the project lets pass."""

from __future__ import annotations

from collections.abc import Iterator

from billing_review.judgement.comparing import told
from billing_review.judgement.rule import Case, Said, said
from billing_review.judgement.rules.price_amounts import judged, most, rises
from billing_review.judgement.successions import Succession
from billing_review.judgement.wording import people, share

_ADVICE = "Check the amount and announce it: who buys from now on pays it, and who has the old price keeps that."
_IN_PLACE = (
    "Replace the price instead of changing it, unless who has it is to pay this as well; announce it in any case."
)


def price_increase(case: Case) -> Iterator[Said]:
    """Compared at every quantity where it matters, in each currency, per month where the period changes."""
    over = case.settings.price_increase_percent
    for one in case.successions:
        found = [told(old, new, most(risen)) for old, new, all_ in judged(one) if (risen := rises(all_, over))]
        if found:
            sentence = f"{_named(case, one)}: {'; '.join(found)}, above the limit of {share(over)}{_who(case, one)}."
            yield said(one.step, sentence, _IN_PLACE if one.is_in_place else _ADVICE)


def _named(case: Case, one: Succession) -> str:
    name = case.name(one.step)
    return name if one.before == one.step.key else f"{name}, which takes over from {one.before}"


def _who(case: Case, one: Succession) -> str:
    """Amounts in further currencies change in place: Stripe keeps the price that customers have."""
    found = people(case.affected.get(("Price", one.before)))
    if one.is_in_place:
        return f"; the price stays, so who has it{f' ({found})' if found else ''} may pay this as well"
    return f"; {found} stay on the old price" if found else ""
