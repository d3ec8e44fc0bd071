"""A new price cannot be found the way that its siblings are."""

from __future__ import annotations

from collections.abc import Iterator

from billing_review.judgement.fields import text
from billing_review.judgement.rule import Case, Said, said
from billing_review.judgement.sound_prices import priced
from billing_review.judgement.wording import charge
from billing_review.phrases import listed
from billing_review.steps import Step

_ADVICE = "Write a lookup_key: it moves to the successor when the amount changes, an id does not."


def lookup_key_missing(case: Case) -> Iterator[Said]:
    """Added without a lookup key, while other prices of the product have one."""
    for step in case.change.of("Price"):
        if step.old is not None or step.new is None or text(step.new, "lookup_key"):
            continue
        siblings = [one.key for one in case.change.of("Price") if _is_sibling(one, step)]
        if siblings:
            found = priced(step.new)
            amount = f" ({charge(found)})" if found is not None else ""
            verb = "has" if len(siblings) == 1 else "have"
            yield said(
                step,
                f"{case.name(step)}{amount} is added without a lookup key, while {listed(siblings)} {verb} one.",
                _ADVICE,
            )


def _is_sibling(one: Step, step: Step) -> bool:
    product = text(step.new, "product")
    return text(one.new, "product") == product and product is not None and text(one.new, "lookup_key") is not None
