"""Tax moves into or out of an amount: the same figure is another price."""

from __future__ import annotations

from collections.abc import Iterator

from billing_review.judgement.fields import part, text
from billing_review.judgement.rule import Case, Said, said
from billing_review.judgement.sound_prices import priced
from billing_review.judgement.successions import currencies
from billing_review.judgement.wording import charge
from billing_review.report import Severity
from billing_review.steps import Args

_ADVICE = "Check that the amount was meant: with tax included you keep less of it, with tax on top customers pay more."
_WORDS = {
    "inclusive": "with tax included",
    "exclusive": "plus tax",
    "unspecified": "with tax as the account's settings say",
}


def tax_behavior_changed(case: Case) -> Iterator[Said]:
    """Less serious where nothing was said before, since the account's settings may have said the same."""
    for one in case.successions:
        for currency in currencies(one.new):
            old, new = _behavior(one.old, currency), _behavior(one.new, currency)
            found = priced(one.new, currency)
            if currency in currencies(one.old) and old != new and found is not None:
                severity: Severity | None = "low" if old == "unspecified" else None
                what = f"{charge(found)} {_said(new)}, before it was {_said(old)}"
                yield said(one.step, f"{case.name(one.step)}: {what}.", _ADVICE, severity)
                break


def _behavior(args: Args, currency: str) -> str:
    own = args if currency == args.get("currency") else part(args, "currency_options", currency)
    return text(own, "tax_behavior") or "unspecified"


def _said(behavior: str) -> str:
    return _WORDS.get(behavior, behavior)
