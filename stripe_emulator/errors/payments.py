"""Errors about payment methods and charges."""

from __future__ import annotations

from typing import Any

from stripe_emulator.errors import StripeError
from stripe_emulator.errors.declines import GENERIC, Decline


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
    return refused_by_bank(GENERIC)


def refused_by_bank(decline: Decline, *, keeps: bool = False, **more: Any) -> StripeError:
    """The bank said no, for this reason; `more` is what the error shows of the attempt."""
    return StripeError(
        decline.message,
        status=402,
        code=decline.code,
        param=decline.param,
        kind="card_error",
        more={"decline_code": decline.decline_code, **more},
        keeps=keeps,
    )


def bad_number() -> StripeError:
    """A number in which a digit is wrong."""
    text = "Your card number is incorrect."
    return StripeError(text, status=402, code="incorrect_number", param="number", kind="card_error")


def live_card() -> StripeError:
    """A number that might be somebody's."""
    text = (
        "Your card was declined. Your request was in test mode, but used a non test (live) card. "
        "For a list of valid test cards, visit: https://stripe.com/docs/testing."
    )
    more = {"decline_code": "test_mode_live_card"}
    return StripeError(text, status=402, code="card_declined", param="number", kind="card_error", more=more)


def bad_expiry(part: str) -> StripeError:
    """A month or a year in which no card expires any more."""
    text = f"Your card's expiration {part} is invalid."
    return StripeError(text, status=402, code=f"invalid_expiry_{part}", param=f"exp_{part}", kind="card_error")


def bad_cvc() -> StripeError:
    """Not three or four digits."""
    text = "Your card's security code is invalid."
    return StripeError(text, status=402, code="invalid_cvc", param="cvc", kind="card_error")


def no_such_token(token: str) -> StripeError:
    """Not one of Stripe's test tokens."""
    return StripeError(f"No such token: '{token}'", code="resource_missing", param="card[token]")


def bad_account_number() -> StripeError:
    """Not one of Stripe's test bank accounts."""
    text = "You must use a test bank account number in test mode."
    return StripeError(text, code="account_number_invalid", param="us_bank_account[account_number]")


def type_not_emulated(kind: str) -> StripeError:
    """Only cards and bank accounts."""
    text = f"The Stripe emulator has payment methods of the types card and us_bank_account, not {kind}."
    return StripeError(text, param="type")


def not_saved() -> StripeError:
    """Only what belongs to a customer can be changed."""
    text = "You must save this PaymentMethod to a customer before you can update it."
    return StripeError(text)
