"""Errors about billing credits."""

from __future__ import annotations

from stripe_emulator.errors import StripeError

_SCOPE = "applicability_config[scope]"


def too_many(limit: int) -> StripeError:
    """So many unused grants per customer."""
    return StripeError(f"A customer can have at most {limit} unused credit grants.")


def no_scope() -> StripeError:
    """Credits for nothing in particular."""
    text = "You must specify either `price_type` or `prices`."
    return StripeError(text, code="parameter_missing", param=_SCOPE)


def too_many_prices(limit: int) -> StripeError:
    """A grant names so many prices at most."""
    return StripeError(f"You can specify at most {limit} prices.", param=f"{_SCOPE}[prices]")


def not_metered(price: str, name: str) -> StripeError:
    """Credits pay for usage only."""
    text = f"The price `{price}` is not metered. Credit grants only apply to metered prices with a meter."
    return StripeError(text, param=name)


def expires_before_effective() -> StripeError:
    """An end before the beginning."""
    return StripeError("The `expires_at` of a credit grant must be after its `effective_at`.", param="expires_at")


def already(status: str) -> StripeError:
    """What is over stays as it is."""
    return StripeError(f"This credit grant is already {status}.", code="status_transition_invalid")


def used() -> StripeError:
    """What paid for something cannot be taken back."""
    text = "This credit grant has been applied to an invoice and cannot be voided. Expire it instead."
    return StripeError(text, code="status_transition_invalid")
