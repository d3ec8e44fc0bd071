"""Why a bank says no to a payment, in Stripe's words. https://docs.stripe.com/declines/codes."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Decline:
    """Why a bank says no, in Stripe's words."""

    code: str
    decline_code: str | None
    message: str
    param: str | None = None
    is_hard: bool = False
    """Whether it makes no sense to try the same method again."""


def _declined(decline_code: str, message: str = "Your card was declined.", *, is_hard: bool = False) -> Decline:
    return Decline("card_declined", decline_code, message, is_hard=is_hard)


GENERIC = _declined("generic_decline")
INSUFFICIENT_FUNDS = _declined("insufficient_funds", "Your card has insufficient funds.")
LOST_CARD = _declined("lost_card", is_hard=True)
STOLEN_CARD = _declined("stolen_card", is_hard=True)
VELOCITY = _declined(
    "card_velocity_exceeded",
    "Your card was declined for making repeated attempts too frequently or exceeding its amount limit.",
)
FRAUDULENT = _declined("fraudulent", is_hard=True)
EXPIRED = Decline("expired_card", "expired_card", "Your card has expired.", "exp_month")
INCORRECT_CVC = Decline("incorrect_cvc", "incorrect_cvc", "Your card's security code is incorrect.", "cvc")
PROCESSING_ERROR = Decline(
    "processing_error",
    "processing_error",
    "An error occurred while processing your card. Try again in a little bit.",
)
NOT_AUTHENTICATED = Decline(
    "payment_intent_authentication_failure",
    None,
    "We are unable to authenticate your payment method. Please choose a different payment method and try again.",
)
NEEDS_AUTHENTICATION = Decline(
    "authentication_required",
    "authentication_required",
    "Your card was declined. This transaction requires authentication.",
    is_hard=True,
)
SETUP_NOT_AUTHENTICATED = Decline("setup_intent_authentication_failure", None, NOT_AUTHENTICATED.message)
NO_ACCOUNT = Decline("bank_account_unusable", None, "The bank account could not be located.", is_hard=True)
ACCOUNT_CLOSED = Decline("bank_account_unusable", None, "The customer's bank account has been closed.", is_hard=True)
NO_FUNDS_IN_ACCOUNT = Decline(
    "payment_intent_payment_attempt_failed",
    "insufficient_funds",
    "The customer's account has insufficient funds to cover this payment.",
)
DEBIT_NOT_AUTHORIZED = Decline(
    "debit_not_authorized",
    None,
    "The customer has notified their bank that this payment was unauthorized.",
    is_hard=True,
)
