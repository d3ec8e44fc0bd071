"""Where the stripe package (16.1.0) does what must not happen here."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

import stripe
from stripe import _util


def as_json(answer: Any) -> Any:
    """Stripe's answer as plain JSON; the SDK itself leaves the objects inside of maps as they are."""
    if isinstance(answer, stripe.StripeObject):
        answer = answer.to_dict(for_json=True)
    if isinstance(answer, Mapping):
        return {name: as_json(part) for name, part in answer.items()}
    return [as_json(part) for part in answer] if isinstance(answer, list) else answer


def mend() -> None:
    """Let a promotion code say ``currency_options: null``, and log no bodies: signing secrets are in them.

    The package asks ``null`` for its entries, and ends; with ``STRIPE_LOG=debug`` it prints whole answers to where the
    engine shows them.
    """
    stripe.log = _util.STRIPE_LOG = None
    logging.getLogger("stripe").setLevel(logging.WARNING)
    stripe.PromotionCode.Restrictions._inner_class_dicts = []  # noqa: SLF001 - there is no public way
