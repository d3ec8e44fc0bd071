"""Where the stripe package (16.1.0) does what must not happen here."""

from __future__ import annotations

import logging

import stripe
from stripe import _util


def mend() -> None:
    """Let a promotion code say ``currency_options: null``, and log no bodies: signing secrets are in them.

    The package asks ``null`` for its entries, and ends; with ``STRIPE_LOG=debug`` it prints whole answers to where the
    engine shows them.
    """
    stripe.log = _util.STRIPE_LOG = None
    logging.getLogger("stripe").setLevel(logging.WARNING)
    stripe.PromotionCode.Restrictions._inner_class_dicts = []  # noqa: SLF001 - there is no public way
