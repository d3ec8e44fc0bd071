"""Until when something can be redeemed."""

from __future__ import annotations

from stripe_emulator.call import Call
from stripe_emulator.errors import moments as errors

_FIVE_YEARS = 1827 * 24 * 3600  # with as many leap days as five years can have


def refuse_bad_end(call: Call, name: str, moment: int) -> None:
    """Answer 400 for an end that is over, or more than five years away."""
    if moment <= call.now:
        raise errors.in_the_past(name, moment)
    if moment > call.now + _FIVE_YEARS:
        raise errors.too_far_ahead(name)
