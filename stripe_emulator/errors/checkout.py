"""Errors about checkout sessions."""

from __future__ import annotations

from collections.abc import Sequence

from stripe_emulator.errors import StripeError


def items_required(mode: str) -> StripeError:
    """Something must be for sale."""
    return StripeError(f"The `line_items` parameter is required in {mode} mode.", param="line_items")


def not_in_mode(name: str, mode: str) -> StripeError:
    """A parameter of another mode."""
    return StripeError(f"You can not pass `{name}` in `{mode}` mode.", param=name)


def not_in_ui_mode(names: Sequence[str], ui_mode: str) -> StripeError:
    """Addresses of another way to show the page."""
    listed = ", ".join(names)
    text = f"The following parameters are not supported with 'ui_mode: {ui_mode}': {listed}."
    return StripeError(text, param=names[0])


def no_return() -> StripeError:
    """An embedded page that never redirects has nowhere to return to."""
    text = "`return_url` can not be passed when `redirect_on_completion` is `never`."
    return StripeError(text, param="return_url")


def bad_url(name: str) -> StripeError:
    """A link that leads nowhere."""
    return StripeError("Not a valid URL", code="url_invalid", param=name)


def recurring_in_payment(name: str) -> StripeError:
    """What recurs needs a subscription."""
    text = (
        "You specified `payment` mode but passed a recurring price. Either switch to `subscription` mode or use only "
        "one-time prices."
    )
    return StripeError(text, param=name)


def nothing_recurring() -> StripeError:
    """A subscription of one-time prices only."""
    return StripeError("You must provide at least one recurring price in `subscription` mode when using prices.")


def metered_quantity(index: int) -> StripeError:
    """Usage is reported, not chosen."""
    item = f"line_items[{index}]"
    text = f"Quantity should not be specified where usage_type is `metered`. Remove quantity from `{item}`"
    return StripeError(text, param=f"{item}[quantity]")


def no_quantity(index: int) -> StripeError:
    """Licensed prices are sold in numbers."""
    item = f"line_items[{index}]"
    return StripeError(f"Quantity is required. Add `quantity` to `{item}`", param=f"{item}[quantity]")


def quantity_out_of_bounds(name: str, low: int, high: int) -> StripeError:
    """A quantity that the customer could not have chosen."""
    text = f"The quantity must be between the adjustable minimum ({low}) and maximum ({high})."
    return StripeError(text, param=f"{name}[quantity]")


def bad_bounds(name: str) -> StripeError:
    """A most that is less than the least, or more than Stripe takes."""
    text = "The adjustable maximum must be between the adjustable minimum and 999999."
    return StripeError(text, param=f"{name}[adjustable_quantity][maximum]")


def other_currency(index: int, currency: str, expected: str) -> StripeError:
    """A session is paid in one currency."""
    text = f"The price specified only supports `{currency}`. This doesn't match the expected currency: `{expected}`."
    return StripeError(text, param=f"line_items[{index}][price]")


def too_many_items(limit: int, what: str) -> StripeError:
    """More than a page shows."""
    return StripeError(f"You can have at most {limit} {what}.", param="line_items")


def too_soon() -> StripeError:
    """Half an hour is the least a customer gets."""
    text = "The `expires_at` timestamp must be at least 30 minutes from Checkout Session creation."
    return StripeError(text, param="expires_at")


def too_late() -> StripeError:
    """A day is the most."""
    text = "The `expires_at` timestamp must be less than 24 hours from Checkout Session creation."
    return StripeError(text, param="expires_at")


def trial_too_short() -> StripeError:
    """A trial that would be over before it is understood."""
    text = "The `trial_end` timestamp must be at least 48 hours in the future."
    return StripeError(text, param="subscription_data[trial_end]")


def not_open(status: str) -> StripeError:
    """Only what is open can be closed."""
    text = (
        'Only Checkout Sessions with a status in ["open"] can be expired. '
        f"This Checkout Session has a status of `{status}`."
    )
    return StripeError(text)


def too_many_optional(limit: int) -> StripeError:
    """More than a page offers besides."""
    return StripeError(f"You can have at most {limit} optional items.", param="optional_items")


def sold_already(name: str) -> StripeError:
    """What is sold anyway is no option."""
    return StripeError("This price is already among the line items of the session.", param=name)


def metered_optional(name: str) -> StripeError:
    """Usage cannot be added in numbers."""
    text = f"Metered prices are not supported in `optional_items`. Remove `{name}`."
    return StripeError(text, param=f"{name}[price]")


def total_too_small(currency: str) -> StripeError:
    """A sum that is not worth a payment."""
    text = f"The Checkout Session's total amount due is less than what can be charged in {currency}."
    return StripeError(text, code="amount_too_small")


def one_discount() -> StripeError:
    """A session has one discount."""
    return StripeError("You can specify at most one discount.", param="discounts")


def lines_fixed(status: str) -> StripeError:
    """What was paid, or cannot be paid any more, does not change."""
    text = f"The line items of a Checkout Session with a status of `{status}` cannot be changed."
    return StripeError(text, param="line_items")


def no_such_line(identifier: str, name: str) -> StripeError:
    """A line item of another session."""
    return StripeError(f"No such line item: '{identifier}'", code="resource_missing", param=name)
