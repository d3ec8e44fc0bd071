"""A lookup key that applications may ask for finds nothing any more."""

from __future__ import annotations

from collections.abc import Iterator

from billing_review.judgement.fields import text
from billing_review.judgement.rule import Case, Said, said
from billing_review.judgement.sound_prices import priced
from billing_review.judgement.successions import holders
from billing_review.judgement.wording import charge
from billing_review.steps import Step

_ADVICE = "Give the lookup key to an active price, or first make sure that no application asks for it."


def lookup_key_lost(case: Case) -> Iterator[Said]:
    """Removed with its price, taken off, or renamed, without another active price taking it."""
    kept = holders(case.change, lambda step: step.new)
    for key, step in holders(case.change, lambda step: step.old).items():
        if key not in kept:
            what = f"the lookup key {key} {_fate(step)}, and finds nothing any more{_price(step)}"
            yield said(step, f"{case.name(step)}: {what}.", _ADVICE)


def _fate(step: Step) -> str:
    if step.new is None:
        return "goes with the price"
    renamed = text(step.new, "lookup_key")
    return f"is renamed to {renamed}" if renamed else "is taken off the price"


def _price(step: Step) -> str:
    found = priced(step.old)
    return f" (so far {charge(found)})" if found is not None else ""
