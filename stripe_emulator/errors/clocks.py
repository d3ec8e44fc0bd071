"""Errors about test clocks. The words are the emulator's own: only their status and parameter are to be relied on."""

from __future__ import annotations

from stripe_emulator.errors import StripeError


def not_in_live_mode() -> StripeError:
    """Time in live mode is real."""
    return StripeError("Test clocks can only be used with a test mode key.")


def still_advancing() -> StripeError:
    """One step at a time."""
    return StripeError("This test clock is still advancing; wait until its status is `ready`.", status=429)


def only_forward(now: int) -> StripeError:
    """Clocks are never turned back."""
    text = f"A test clock can only move forward in time: `frozen_time` must be later than {now}."
    return StripeError(text, param="frozen_time")


def too_far(latest: int) -> StripeError:
    """Two intervals of the shortest subscription, two years without one."""
    text = (
        "Test clocks can be advanced by at most two intervals of their shortest subscription, or two years if they "
        f"have none: `frozen_time` can be at most {latest} here."
    )
    return StripeError(text, param="frozen_time")


def too_many_customers(limit: int) -> StripeError:
    """Three customers."""
    return StripeError(f"A test clock can have at most {limit} customers.", param="test_clock")


def too_many_subscriptions(limit: int) -> StripeError:
    """Three subscriptions of each customer."""
    text = f"A customer on a test clock can have at most {limit} subscriptions."
    return StripeError(text, code="customer_max_subscriptions")


def has_a_clock() -> StripeError:
    """Once on a clock, always on that clock."""
    return StripeError("This customer already has a test clock.", param="customer")


def has_subscriptions() -> StripeError:
    """What was billed in real time does not move into another time."""
    text = "The Stripe emulator puts only customers without subscriptions on a test clock."
    return StripeError(text, param="customer")
