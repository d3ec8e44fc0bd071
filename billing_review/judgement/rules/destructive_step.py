"""A stack where real money moves loses something. See docs/guards.md."""

from __future__ import annotations

from collections.abc import Iterator

from billing_review.judgement.fields import text
from billing_review.judgement.rule import Case, Said, said
from billing_review.judgement.sound_prices import priced
from billing_review.judgement.wording import charge, people
from billing_review.phrases import counted
from billing_review.steps import Step

_ADVICE = "`billing up` refuses it until the stack says billing:allowDestructive: true; take that out again afterwards."
_FATES = {"Price": "archived", "Product": "archived", "Meter": "deactivated", "Alert": "archived"}


def destructive_step(case: Case) -> Iterator[Said]:
    """What goes; a replacement archives the old one as well, but another takes its place."""
    stack = f"the live stack {case.change.source.stack}" if case.change.source.stack else "the live stack"
    for step in case.change.steps if case.change.source.livemode else ():
        if step.operation == "replace":
            yield said(
                step, f"{_named(case, step)}: replaced by a new one on {stack}{_who(case, step)}.", _ADVICE, "medium"
            )
        elif step.operation == "delete" and not _goes_with_its_product(case, step):
            fate = _FATES.get(step.kind, "removed")
            yield said(step, f"{_named(case, step)}: {fate} on {stack}{_with(case, step)}{_who(case, step)}.", _ADVICE)


def _named(case: Case, step: Step) -> str:
    found = priced(step.old) if step.kind == "Price" else None
    amount = f" ({charge(found)})" if found is not None else ""
    return f"{case.name(step)}{amount}"


def _goes_with_its_product(case: Case, step: Step) -> bool:
    """Whether the product's own finding tells it."""
    product = case.change.find("Product", text(step.old, "product") or "")
    return product is not None and product.operation == "delete"


def _with(case: Case, step: Step) -> str:
    prices = [one for one in case.change.of("Price") if text(one.old, "product") == step.key]
    return f", and its {counted(len(prices), 'price')} with it" if step.kind == "Product" and prices else ""


def _who(case: Case, step: Step) -> str:
    found = people(case.on(step))
    return f"; {found} stay on the old one" if found else ""
