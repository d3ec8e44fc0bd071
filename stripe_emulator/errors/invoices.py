"""Errors about invoices, their lines and what waits for them."""

from __future__ import annotations

from stripe_emulator.errors import StripeError


def too_many_invoices(limit: int, span: str) -> StripeError:
    """A subscription is invoiced 10 times a minute and 20 times a day at most."""
    text = f"This subscription has had {limit} new invoices within a {span}. Try again later."
    headers = {"Stripe-Rate-Limited-Reason": "resource-specific"}
    return StripeError(text, status=429, code="rate_limit", kind="invalid_request_error", headers=headers)


def not_a_draft(what: str) -> StripeError:
    """Only drafts change."""
    text = f"This invoice is already finalized, so {what}."
    return StripeError(text, code="invoice_not_editable")


def already_finalized() -> StripeError:
    """Finalized twice."""
    text = "This invoice is already finalized, you can't re-finalize a non-draft invoice."
    return StripeError(text, code="invoice_not_editable")


def already_paid() -> StripeError:
    """Paid twice."""
    return StripeError("Invoice is already paid", code="invoice_already_paid")


def bad_transition(status: str, verb: str) -> StripeError:
    """A step that leads nowhere from this status."""
    text = f"You can only {verb} an invoice that is open; this one is {status}."
    return StripeError(text, code="status_transition_invalid")


def nothing_to_invoice() -> StripeError:
    """An invoice for a subscription that has nothing pending."""
    text = "Nothing to invoice for subscription"
    return StripeError(text, code="invoice_no_subscription_line_items")


def of_subscription_cannot_be_deleted() -> StripeError:
    """A subscription's invoice is voided instead."""
    return StripeError("You can't delete invoices created by subscriptions.")


def cannot_be_deleted() -> StripeError:
    """What is finalized stays."""
    return StripeError("You can only delete draft invoices", code="invoice_not_editable")


def item_is_invoiced() -> StripeError:
    """What stands on a finalized invoice stays as it is."""
    text = "This invoice item is attached to an invoice that is no longer a draft, so it cannot be changed."
    return StripeError(text, code="invoice_not_editable")


def proration_is_fixed() -> StripeError:
    """The amount of a proration follows from a subscription."""
    return StripeError("The amount and quantity of a proration cannot be changed.", param="amount")


def two_amounts(names: list[str]) -> StripeError:
    """One way to say what something costs."""
    text = f"You may only specify one of these parameters: {', '.join(names)}."
    return StripeError(text, param=names[0])


def no_amount() -> StripeError:
    """An invoice item costs something."""
    return StripeError("You must pass either `amount`, `unit_amount_decimal`, `pricing` or `price_data`.")


def recurring_price(param: str) -> StripeError:
    """What is paid once has a price that is paid once."""
    text = "The price specified is set to `type=recurring` but this field only accepts prices with `type=one_time`."
    return StripeError(text, param=param)


def other_currency(currency: str, expected: str) -> StripeError:
    """An invoice has one currency."""
    text = f"The currency `{currency}` doesn't match the expected currency: `{expected}`."
    return StripeError(text, param="currency")


def no_line(line: str) -> StripeError:
    """A line that is not on this invoice."""
    return StripeError(f"No such line item: '{line}'", code="resource_missing", param="lines")


def no_due_date() -> StripeError:
    """An invoice that is sent has a date by which it is paid."""
    text = "You must provide `days_until_due` or `due_date` when `collection_method` is `send_invoice`."
    return StripeError(text, code="parameter_missing", param="days_until_due")


def charged_has_no_due_date(param: str) -> StripeError:
    """Only invoices that are sent have a due date."""
    text = "You can only specify a due date for invoices with `collection_method=send_invoice`."
    return StripeError(text, param=param)


def last_digit(param: str, currency: str) -> StripeError:
    """Of a currency with three decimals the last one is 0."""
    text = f"Amounts in `{currency}` must be rounded to the nearest ten: the last digit is always 0."
    return StripeError(text, param=param)


def no_upcoming() -> StripeError:
    """A customer without subscription."""
    return StripeError("No upcoming invoices for customer", status=404, code="invoice_upcoming_none")


def in_trial(param: str) -> StripeError:
    """Thresholds do not go with trials."""
    return StripeError("Billing thresholds cannot be used with a trial.", param=param)


def threshold_on_licensed(param: str) -> StripeError:
    """Usage is what metered items have."""
    return StripeError("`usage_gte` can only be set for prices with `usage_type=metered`.", param=param)


def line_is_fixed(param: str) -> StripeError:
    """What a subscription is billed follows from the subscription."""
    return StripeError("The price and quantity of a subscription's line cannot be changed on its invoice.", param=param)
