"""New customers get a shorter free trial, or none."""

from __future__ import annotations

from collections.abc import Iterator

from billing_review.judgement.fields import whole
from billing_review.judgement.rule import Case, Said, said
from billing_review.judgement.sound_prices import priced
from billing_review.judgement.wording import charge
from billing_review.phrases import counted

_ADVICE = "Change the pages and mails that promise the old trial; trials that run already keep their end."


def trial_shortened(case: Case) -> Iterator[Said]:
    """Fewer days than before; a price that asks for nothing until then has none to shorten."""
    for one in case.successions:
        old, new = whole(one.old.get("trial_days")) or 0, whole(one.new.get("trial_days")) or 0
        if new < old:
            found = priced(one.new)
            amount = charge(found) if found is not None else "full price"
            if new:
                what = f"{counted(new, 'day')} of free trial instead of {old:,}, then {amount}"
            else:
                what = f"no free trial any more instead of {counted(old, 'day')}, so {amount} at once"
            yield said(one.step, f"{case.name(one.step)}: {what}.", _ADVICE)
