"""A price rises by more than the project lets pass."""

from __future__ import annotations

from collections.abc import Iterator

from billing_review.judgement.comparing import told
from billing_review.judgement.rule import Case, Said, said
from billing_review.judgement.rules.price_amounts import judged, most, rises
from billing_review.judgement.successions import Succession
from billing_review.judgement.wording import name_of, people, share

_ADVICE = "Check the amount and announce it: who buys from now on pays it, and who has the old price keeps that."


def price_increase(case: Case) -> Iterator[Said]:
    """Compared at every quantity where it matters, in each currency, per month where the period changes."""
    over = case.settings.price_increase_percent
    for one in case.successions:
        found = [told(old, new, most(risen)) for old, new, all_ in judged(one) if (risen := rises(all_, over))]
        if found:
            yield said(
                one.step,
                f"{_named(one)}: {'; '.join(found)}, above the limit of {share(over)}{_who(case, one)}.",
                _ADVICE,
            )


def _named(one: Succession) -> str:
    name = name_of(one.step)
    return name if one.before == one.step.key else f"{name}, which takes over from {one.before}"


def _who(case: Case, one: Succession) -> str:
    found = people(case.affected.get(("Price", one.before)))
    return f"; {found} stay on the old price" if found else ""
