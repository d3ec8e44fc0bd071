"""A coupon takes off everything, for good."""

from __future__ import annotations

from collections.abc import Iterator

from billing_review.judgement.fields import number, text, whole
from billing_review.judgement.rule import Case, Said, said
from billing_review.steps import Args

_ADVICE = "Bound it by max_redemptions, by months or by a date, unless whoever has the code is to pay nothing, ever."


def discount_everything(case: Case) -> Iterator[Said]:
    """100 % for ever, to be redeemed by anybody any number of times; told when it becomes so."""
    for step in case.change.of("Coupon"):
        if _gives_all(step.new) and not _gives_all(step.old):
            yield said(step, f"{case.name(step)}: 100 % off for ever, any number of times.", _ADVICE)


def _gives_all(args: Args | None) -> bool:
    if args is None or number(args.get("percent_off")) != 100:
        return False
    return text(args, "duration") == "forever" and whole(args.get("max_redemptions")) is None
