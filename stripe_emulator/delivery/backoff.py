"""When a delivery that failed is tried again.

Stripe says: up to three days with exponential back-off in live mode, three times over a few hours in test mode. The
moments themselves it does not publish. https://docs.stripe.com/webhooks#automatic-retries
"""

from __future__ import annotations

_MINUTE, _HOUR = 60, 3600
_AFTER_LIVE = (5 * _MINUTE, 30 * _MINUTE, 2 * _HOUR, 4 * _HOUR, 8 * _HOUR, 16 * _HOUR, 32 * _HOUR, 64 * _HOUR)
_AFTER_TEST = (1 * _HOUR, 3 * _HOUR)


def next_attempt(first: int, now: int, *, livemode: bool) -> int | None:
    """Return when to try again what was first tried at a moment and has failed now, or None: never."""
    moments = (first + after for after in (_AFTER_LIVE if livemode else _AFTER_TEST))
    return next((moment for moment in moments if moment > now), None)
