"""Who is affected by a change, counted at Stripe: the only part of a review that asks anybody anything."""

from __future__ import annotations

from billing_review.counting.bound import Bound
from billing_review.counting.cache import Cache
from billing_review.counting.clock import Clock
from billing_review.counting.count import count

__all__ = ["Bound", "Cache", "Clock", "count"]
