"""Where the stripe package (16.1.0) cannot read an answer that Stripe's own types allow."""

from __future__ import annotations

import stripe


def mend() -> None:
    """Let a promotion code say ``currency_options: null``: the package asks that for its entries, and ends."""
    stripe.PromotionCode.Restrictions._inner_class_dicts = []  # noqa: SLF001 - there is no public way
