"""A product had a default price and has none any more, or one that is archived."""

from __future__ import annotations

from collections.abc import Iterator

from billing_review.judgement.fields import text
from billing_review.judgement.rule import Case, Said, said
from billing_review.judgement.sound_prices import priced
from billing_review.judgement.wording import charge
from billing_review.steps import Args, Step

_ADVICE = "Write default: true on the price that is to be sold when nobody says which."


def default_price_lost(case: Case) -> Iterator[Said]:
    """Its default price goes, or is no longer the default, and no other price is."""
    for product in case.change.of("Product"):
        if product.new is None:
            continue
        prices = case.change.of("Price")
        before = next((price for price in prices if _is_default(price.old, product.key)), None)
        after = any(_is_default(price.new, product.key) for price in prices)
        if before is not None and not after:
            yield said(product, f"{case.name(product)}: has no default price any more, since {_fate(before)}.", _ADVICE)


def _is_default(args: Args | None, product: str) -> bool:
    return args is not None and args.get("default") is True and text(args, "product") == product


def _fate(price: Step) -> str:
    found = priced(price.old)
    amount = f" ({charge(found)})" if found is not None else ""
    return f"{price.key}{amount} {'is archived' if price.new is None else 'is no longer it'}"
