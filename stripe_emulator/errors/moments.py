"""Errors about moments in time that a parameter names."""

from __future__ import annotations

from stripe_emulator.errors import StripeError


def in_the_past(name: str, moment: int) -> StripeError:
    """An end that is over already."""
    text = (
        f"The parameter `{name}` expects a unix timestamp representing a date and time in the future. "
        f"You specified the value `{moment}` which is in the past."
    )
    return StripeError(text, param=name)


def too_far_ahead(name: str) -> StripeError:
    """An end that nobody plans for."""
    return StripeError("Invalid timestamp: can be no more than five years in the future.", param=name)
