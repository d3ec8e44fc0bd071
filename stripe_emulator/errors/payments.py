"""Errors about payment methods and charges."""

from __future__ import annotations

from stripe_emulator.errors import StripeError


def not_attached(identifier: str, param: str) -> StripeError:
    """A default payment method must be attached to the customer first."""
    text = (
        f"The customer does not have a payment method with the ID {identifier}. "
        "The payment method must be attached to the customer."
    )
    return StripeError(text, code="resource_missing", param=param)


def attached_elsewhere() -> StripeError:
    """A payment method belongs to one customer."""
    return StripeError("The payment method you provided has already been attached to a customer.")


def detached() -> StripeError:
    """A detached payment method cannot be used again."""
    text = (
        "This PaymentMethod was previously used without being attached to a Customer or was detached from a Customer, "
        "and may not be used again."
    )
    return StripeError(text)


def not_attached_anywhere() -> StripeError:
    """Only an attached payment method can be detached."""
    text = "The payment method you provided is not attached to a customer so detachment is impossible."
    return StripeError(text)


def declined() -> StripeError:
    """The bank said no."""
    return StripeError("Your card was declined.", status=402, code="card_declined", kind="card_error")


def bad_number() -> StripeError:
    """Not one of Stripe's test cards."""
    text = "Your card number is incorrect."
    return StripeError(text, status=402, code="incorrect_number", param="number", kind="card_error")
