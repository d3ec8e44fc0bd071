"""A tax rate is made anew with another percentage."""

from __future__ import annotations

from collections.abc import Iterator

from billing_review.judgement.fields import number
from billing_review.judgement.rule import Case, Said, said
from billing_review.judgement.wording import share

_ADVICE = "Change running subscriptions to the new rate as well: they keep the one that they were made with."


def tax_rate_changed(case: Case) -> Iterator[Said]:
    """Stripe cannot change a percentage, so subscriptions go on with the archived rate."""
    for step in case.change.of("TaxRate"):
        old, new = (number((side or {}).get("percentage")) for side in (step.old, step.new))
        if old is not None and new is not None and old != new:
            yield said(
                step,
                f"{case.name(step)}: {share(new)} instead of {share(old)}, for what the new rate is put on only.",
                _ADVICE,
            )
