"""Errors about coupons and promotion codes."""

from __future__ import annotations

from stripe_emulator.errors import StripeError


def coupon_exists() -> StripeError:
    """A chosen coupon id that is taken."""
    return StripeError("Coupon already exists.", code="resource_already_exists", param="id")


def nothing_off() -> StripeError:
    """A coupon that takes nothing off."""
    return StripeError("Must provide percent_off or amount_off.", code="parameter_missing")


def both_off() -> StripeError:
    """A coupon that takes off a percentage and an amount."""
    return StripeError("Received both percent_off and amount_off parameters. Please pass in only one.")


def no_currency() -> StripeError:
    """An amount of nothing in particular."""
    return StripeError("You must pass currency when passing amount_off", param="currency")


def no_months() -> StripeError:
    """A repetition without an end."""
    text = "The duration_in_months param must be set when creating a coupon with a repeating duration"
    return StripeError(text, param="duration")


def months_without_repetition(duration: str) -> StripeError:
    """Months for a coupon that does not repeat."""
    text = f"The duration_in_months param cannot be set when creating a coupon with a duration of `{duration}`."
    return StripeError(text, param="duration_in_months")


def percent_too_small(value: float) -> StripeError:
    """A hundredth of a percent at least."""
    text = f"This value must be greater than or equal to 0.01 (it currently is '{value}')."
    return StripeError(text, param="percent_off")


def percent_too_large(value: float) -> StripeError:
    """More than everything."""
    text = f"This value must be less than or equal to 100 (it currently is '{value}')."
    return StripeError(text, param="percent_off")


def options_without_amount() -> StripeError:
    """An update of amounts that a percentage coupon does not have."""
    return StripeError("Only coupons with an `amount_off` can have `currency_options`.", param="currency_options")


def own_currency_fixed(currency: str) -> StripeError:
    """The option of the coupon's own currency only mirrors the coupon."""
    text = f"The amount of the coupon's own currency `{currency}` cannot be changed."
    return StripeError(text, param=f"currency_options[{currency}]")


def no_coupon() -> StripeError:
    """A promotion of nothing."""
    text = "You must pass promotion.coupon when passing promotion"
    return StripeError(text, param="promotion.coupon")


def coupon_invalid(coupon: str) -> StripeError:
    """An active code stands on a coupon that can be redeemed."""
    text = f"The coupon `{coupon}` is no longer valid, so no promotion code for it can be active."
    return StripeError(text, code="coupon_expired")


def not_redeemable() -> StripeError:
    """A code whose time is over or that was used up stays inactive."""
    return StripeError("This promotion code has expired or was redeemed too often to be active again.", param="active")


def bad_code(code: str) -> StripeError:
    """Letters, digits, dashes and underscores only."""
    text = rf"This value must match the regex pattern. (/\A[a-zA-Z0-9\-_]+\z/ does not match for the value {code})."
    return StripeError(text, param="code")


def code_taken(code: str) -> StripeError:
    """One active code per customer who can use it, whatever the case of its letters."""
    return StripeError(f"An active promotion code with `code: {code}` already exists.")


def beyond_coupon(name: str, coupons: str) -> StripeError:
    """A code is never wider than its coupon."""
    return StripeError(f"The `{name}` of a promotion code cannot exceed its coupon's `{coupons}`.", param=name)


def minimum_needs(name: str) -> StripeError:
    """A minimum is an amount in a currency."""
    text = "`restrictions[minimum_amount]` and `restrictions[minimum_amount_currency]` must be set together."
    return StripeError(text, param=f"restrictions[{name}]")


def minimum_twice(currency: str) -> StripeError:
    """The code's own currency is none of the others."""
    text = f"`{currency}` is the minimum_amount_currency already, and cannot be among the currency options as well."
    return StripeError(text, param=f"restrictions[currency_options][{currency}]")


def used_up(coupon: str, param: str) -> StripeError:
    """A coupon whose time is over, or that was redeemed as often as it may be."""
    text = f"Coupon {coupon} is expired or used up and cannot be applied."
    return StripeError(text, code="coupon_expired", param=param)


def other_currency(currency: str, expected: str, param: str) -> StripeError:
    """An amount off that is in none of the currencies that are needed."""
    text = f"The coupon's currency `{currency}` doesn't match the expected currency: `{expected}`."
    return StripeError(text, param=param)


def code_inactive(param: str) -> StripeError:
    """A code that is switched off, over or used up."""
    return StripeError("This promotion code is inactive and cannot be redeemed.", param=param)


def code_of_another(param: str) -> StripeError:
    """A code that is meant for somebody else."""
    return StripeError("This promotion code cannot be redeemed by this customer.", param=param)


def not_first_time(param: str) -> StripeError:
    """A code for those who never paid before."""
    text = "This promotion code cannot be redeemed because the associated customer has prior transactions."
    return StripeError(text, param=param)


def below_minimum(param: str) -> StripeError:
    """A code for larger purchases."""
    text = "This promotion code cannot be redeemed because the purchase is below its minimum amount."
    return StripeError(text, param=param)


def no_discount(owner: str) -> StripeError:
    """Nothing to take away."""
    return StripeError(f"No active discount for {owner}", status=404, code="resource_missing", param="id")
