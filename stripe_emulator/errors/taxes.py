"""Errors about tax rates."""

from __future__ import annotations

from stripe_emulator.errors import StripeError


def percentage_out_of_range(value: float) -> StripeError:
    """A tax takes something between nothing and everything."""
    return StripeError(f"This value must be between 0 and 100 (it currently is '{value}').", param="percentage")


def too_many_decimals(value: float) -> StripeError:
    """A tax rate is kept with four decimals."""
    return StripeError(f"Invalid decimal: {value}; must contain at most 4 decimal places.", param="percentage")


def bad_country(country: str) -> StripeError:
    """A country is two letters."""
    text = f"Country '{country}' is unknown. Try using a 2-character alphanumeric country code instead, such as 'US'."
    return StripeError(text, param="country")
