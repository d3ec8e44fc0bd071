"""How much counting may ask of Stripe. https://docs.stripe.com/rate-limits"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Bound:
    """The limits of one counting."""

    calls: int = 2000
    """Requests at most, repeated ones included: what is not counted by then is not counted."""
    per_second: int | None = 20
    """Stripe takes 25 in a second at one address, in test mode and live; the application needs some of them."""
    side_by_side: int = 8
    """Pages that are read at the same time."""
