"""Errors about webhook endpoints."""

from __future__ import annotations

from stripe_emulator.errors import StripeError


def too_many(limit: int, mode: str) -> StripeError:
    """16 endpoints per mode."""
    return StripeError(f"You have reached the maximum of {limit} {mode} webhook endpoints.")


def no_scheme() -> StripeError:
    """A URL must say https."""
    text = "Invalid URL: An explicit scheme (such as https) must be provided."
    return StripeError(text, code="url_invalid", param="url")


def malformed() -> StripeError:
    """Not a URL at all."""
    return StripeError("Invalid URL: The URL is malformed.", code="url_invalid", param="url")


def not_https() -> StripeError:
    """In live mode nothing is sent in the clear."""
    return StripeError("Invalid URL: Live mode webhook URLs must use https.", code="url_invalid", param="url")


def not_public() -> StripeError:
    """Stripe cannot reach a laptop."""
    text = (
        "Invalid URL: URL must be publicly accessible. Consider using a tool like the Stripe CLI to test webhooks "
        "locally: https://github.com/stripe/stripe-cli."
    )
    return StripeError(text, code="url_invalid", param="url")


def too_many_types(most: int) -> StripeError:
    """A list of events by more types than one list has."""
    return StripeError(f"Array must have at most {most} elements.", param="types")
