"""After a change at Stripe, what is cached is brought up to date."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from billing_runtime.errors import StripeUnavailable

if TYPE_CHECKING:
    from billing_runtime._context import Context

_log = logging.getLogger("billing_runtime")


def refreshed(context: Context, customer_id: str) -> None:
    """Fetch the customer's subscriptions again. The change is made, so a failure now is nobody's: webhooks follow."""
    try:
        context.cache.refresh(customer_id)
    except StripeUnavailable as failure:
        _log.warning("What was changed at Stripe is not in the cache yet: %s", failure)
