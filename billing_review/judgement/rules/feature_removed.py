"""A plan no longer comes with something."""

from __future__ import annotations

from collections.abc import Iterator

from billing_review.judgement.fields import part, text
from billing_review.judgement.rule import Case, Said, said
from billing_review.judgement.together import losses, whom
from billing_review.phrases import listed
from billing_review.steps import Args, Step

_ADVICE = "Make a new price instead of changing this one, if who has it is to keep the feature; announce it otherwise."
_ENTITLED = "Announce it: Stripe takes the entitlement from every customer of the product, at once."


def feature_removed(case: Case) -> Iterator[Said]:
    """Words on prices that go, and entitlements of products that stay."""
    for loss in losses(case, _gone):
        what = f"{listed(loss.words)} {'is' if len(loss.words) == 1 else 'are'} no longer included"
        yield Said(loss.kind, loss.key, f"{loss.name}: {what}, {whom(loss)}.", _ADVICE, loss.place)
    for step in case.change.of("ProductFeature"):
        product = case.change.find("Product", text(step.old, "product") or "")
        if step.operation == "delete" and (product is None or product.new is not None):
            owner = case.name(product) if product is not None else text(step.old, "product") or step.key
            yield said(step, f"{owner}: no longer entitles to {_feature(case, step)}.", _ENTITLED)


def _gone(old: Args, new: Args) -> tuple[str, ...]:
    left = part(new, "features")
    return tuple(_shown(name, value) for name, value in part(old, "features").items() if name not in left)


def _shown(name: str, value: object) -> str:
    return f"{name} ({value})" if isinstance(value, str) and value not in ("", "included", "1", "true") else name


def _feature(case: Case, step: Step) -> str:
    key = text(step.old, "entitlement_feature") or step.key
    feature = case.change.find("Feature", key)
    return case.name(feature) if feature is not None else key
