"""Errors about a customer's balance."""

from __future__ import annotations

from stripe_emulator.errors import StripeError, requests


def other_currency(mine: str, given: str) -> StripeError:
    """A customer has one currency."""
    text = (
        f"You cannot combine currencies on a single customer. This customer has a balance, subscription or invoice in "
        f"{mine}, not {given}."
    )
    return StripeError(text, param="currency")


def of_another_customer(identifier: str) -> StripeError:
    """Nobody sees what belongs to somebody else."""
    return requests.no_such("customer balance transaction", identifier, param="transaction", status=404)
