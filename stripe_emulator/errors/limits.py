"""Errors about too much at once. https://docs.stripe.com/rate-limits, https://docs.stripe.com/error-low-level."""

from __future__ import annotations

from stripe_emulator.errors import StripeError

REASONS = ("global-rate", "endpoint-rate", "global-concurrency", "endpoint-concurrency", "resource-specific")


def too_many(reason: str, *, livemode: bool = False) -> StripeError:
    """More requests than an account may send."""
    text = (
        "Request rate limit exceeded. You can learn more about rate limits here https://stripe.com/docs/rate-limits."
        if livemode
        else "Testmode request rate limit exceeded, the rate limits in testmode are lower than livemode. You can learn "
        "more about rate limits here https://stripe.com/docs/rate-limits."
    )
    return StripeError(text, status=429, code="rate_limit", headers={"Stripe-Rate-Limited-Reason": reason})


def locked() -> StripeError:
    """Another request or a process of Stripe's works on the object."""
    text = (
        "This object cannot be accessed right now because another API request or Stripe process is currently accessing "
        "it. If you see this error intermittently, retry the request. If you see this error frequently and are making "
        "multiple concurrent requests to a single object, make your requests serially or at a lower rate. For more "
        "details, see https://stripe.com/docs/rate-limits#object-lock-timeouts."
    )
    return StripeError(text, status=429, code="lock_timeout")
