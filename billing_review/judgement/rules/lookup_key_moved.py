"""A lookup key leads to a price of another kind than before."""

from __future__ import annotations

from collections.abc import Iterator

from billing_review.judgement.comparing import months
from billing_review.judgement.fields import text
from billing_review.judgement.rule import Case, Said, said
from billing_review.judgement.sound_prices import priced
from billing_review.judgement.successions import holders
from billing_review.judgement.wording import charge
from billing_review.steps import Args, Step

_ADVICE = "Check that every application that asks for the key expects this price."


def lookup_key_moved(case: Case) -> Iterator[Said]:
    """To another price with another product, currency or period; equal terms under another name are harmless."""
    after = holders(case.change, lambda step: step.new)
    for key, old in holders(case.change, lambda step: step.old).items():
        new = after.get(key)
        if new is not None and new.key != old.key and _differ(old, new):
            what = f"the lookup key {key} leads here ({_terms(new.new)}), before to {old.key} ({_terms(old.old)})"
            yield said(new, f"{case.name(new)}: {what}.", _ADVICE)


def _differ(old: Step, new: Step) -> bool:
    before, after = priced(old.old), priced(new.new)
    differs = before is not None and after is not None and months(before) != months(after)
    return differs or any(text(old.old, name) != text(new.new, name) for name in ("product", "currency"))


def _terms(args: Args | None) -> str:
    found, product = priced(args), text(args, "product") or "no product"
    return f"{product}, {charge(found)}" if found is not None else product
