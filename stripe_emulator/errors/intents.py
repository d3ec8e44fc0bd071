"""Errors about payment intents, setup intents, charges and refunds."""

from __future__ import annotations

from typing import Any

from stripe_emulator.errors import StripeError

Document = dict[str, Any]


def failed(error: Document, name: str, intent: Document, *, keeps: bool) -> StripeError:
    """An attempt failed: the error of the intent, with the intent inside; what happened stays unless told otherwise."""
    known = ("message", "code", "param", "type", "doc_url")
    more = {key: value for key, value in error.items() if key not in known}
    return StripeError(
        error["message"],
        status=402,
        code=error["code"],
        param=error.get("param"),
        kind=error["type"],
        more={**more, name: intent},
        keeps=keeps,
    )


def method_of_a_customer() -> StripeError:
    """What a customer has saved is used for that customer."""
    text = (
        "The provided PaymentMethod was previously used with a PaymentIntent or attached to a Customer. To use it, "
        "provide the Customer with the PaymentIntent."
    )
    return StripeError(text, param="payment_method")


def no_method() -> StripeError:
    """Nothing to pay with."""
    text = (
        "You cannot confirm this PaymentIntent because it's missing a payment method. You can either update the "
        "PaymentIntent with a payment method and then confirm it again, or confirm it again directly with a payment "
        "method or ConfirmationToken."
    )
    return StripeError(text, code="payment_intent_unexpected_state")


def no_method_to_set_up() -> StripeError:
    """Nothing to save."""
    text = (
        "You cannot confirm this SetupIntent because it's missing a payment method. Update the SetupIntent with a "
        "payment method and then confirm it again."
    )
    return StripeError(text, code="setup_intent_unexpected_state")


def cannot_confirm(intent: Document) -> StripeError:
    """Done, under way, or given up."""
    noun, code = _names(intent)
    if intent["status"] == "succeeded":
        text = f"You cannot confirm this {noun} because it has already succeeded after being previously confirmed."
    else:
        text = (
            f"You cannot confirm this {noun} because it has a status of {intent['status']}. Only a {noun} with one of "
            "the following statuses may be confirmed: requires_confirmation, requires_action, requires_payment_method."
        )
    return _unexpected(text, code, intent)


def cannot_update(intent: Document) -> StripeError:
    """Its amount is what is being paid, or has been."""
    noun, code = _names(intent)
    text = (
        f"This {noun} could not be updated because it has a status of {intent['status']}. You may only update the "
        f"amount, currency or payment method of a {noun} with one of the following statuses: requires_payment_method, "
        "requires_confirmation, requires_action."
    )
    return _unexpected(text, code, intent)


def cannot_cancel(intent: Document) -> StripeError:
    """Too late."""
    noun, code = _names(intent)
    text = (
        f"You cannot cancel this {noun} because it has a status of {intent['status']}. Only a {noun} with one of the "
        "following statuses may be canceled: requires_payment_method, requires_capture, requires_confirmation, "
        "requires_action, processing."
    )
    return _unexpected(text, code, intent)


def belongs_to_invoice() -> StripeError:
    """An invoice decides about its own payment."""
    text = "This PaymentIntent belongs to an invoice: void the invoice, or pay it, instead of changing its payment."
    return StripeError(text)


def cannot_capture(intent: Document) -> StripeError:
    """Nothing is held."""
    text = (
        f"This PaymentIntent could not be captured because it has a status of {intent['status']}. Only a PaymentIntent "
        "with one of the following statuses may be captured: requires_capture."
    )
    return _unexpected(text, "payment_intent_unexpected_state", intent)


def captures_too_much(capturable: int) -> StripeError:
    """Not more than was held."""
    text = f"The amount to capture must be positive and at most {capturable}, which is what can be captured."
    return StripeError(text, code="amount_too_large", param="amount_to_capture")


def amount_too_small(currency: str, least: str) -> StripeError:
    """Stripe takes no less."""
    text = f"Amount must be at least {least} {currency}"
    return StripeError(text, code="amount_too_small", param="amount")


def nothing_to_refund() -> StripeError:
    """A refund is of a charge."""
    return StripeError("One of the following params should be provided for this request: payment_intent or charge.")


def not_charged(intent: str) -> StripeError:
    """Nothing was taken yet."""
    return StripeError(f"The PaymentIntent {intent} does not have a successful charge to refund.")


def already_refunded(charge: str) -> StripeError:
    """It has all been given back."""
    return StripeError(f"Charge {charge} has already been refunded.", code="charge_already_refunded")


def disputed(charge: str) -> StripeError:
    """The bank has taken it back."""
    return StripeError(f"Charge {charge} has been charged back; cannot issue a refund.", code="charge_disputed")


def refunds_too_much(asked: int, left: int) -> StripeError:
    """Not more than was taken."""
    text = f"Refund amount ({asked}) is greater than unrefunded amount on charge ({left})"
    return StripeError(text, param="amount")


def dispute_closed() -> StripeError:
    """The bank has decided."""
    return StripeError("This dispute is already closed.")


def _names(intent: Document) -> tuple[str, str]:
    if intent["object"] == "setup_intent":
        return "SetupIntent", "setup_intent_unexpected_state"
    return "PaymentIntent", "payment_intent_unexpected_state"


def _unexpected(text: str, code: str, intent: Document) -> StripeError:
    shown = {name: value for name, value in intent.items() if not name.startswith("_")}
    return StripeError(text, code=code, more={intent["object"]: shown})
