"""Before 2025-09-30.clover a discount and a promotion code had their coupon whole, and no source.

https://docs.stripe.com/changelog/clover
"""

from __future__ import annotations

from stripe_emulator.versions.change import Change, Document, Find, whole, without

_SINCE = "2025-09-30"


def _discount(document: Document, find: Find) -> Document:
    source = document.get("source") or {}
    return {**without(document, "source"), "coupon": whole(source.get("coupon"), "coupon", find)}


def _promotion_code(document: Document, find: Find) -> Document:
    promotion = document.get("promotion") or {}
    return {**without(document, "promotion"), "coupon": whole(promotion.get("coupon"), "coupon", find)}


CHANGES = (
    Change(_SINCE, ("discount",), _discount),
    Change(_SINCE, ("promotion_code",), _promotion_code),
)
