"""Errors about subscriptions and their items."""

from __future__ import annotations

from stripe_emulator.errors import StripeError


def no_payment_method() -> StripeError:
    """Something is due and there is nothing to charge."""
    text = (
        "This customer has no attached payment source or default payment method. Please consider adding a default "
        "payment method. For more information, visit https://stripe.com/docs/billing/subscriptions/"
        "payment-methods-setting#payment-method-priority."
    )
    return StripeError(text, code="resource_missing")


def requires_action() -> StripeError:
    """3D Secure with error_if_incomplete."""
    text = (
        "Payment for this subscription requires additional user action, but the requested payment behavior doesn't "
        "save the invoice or PaymentIntent. Retry the request with `payment_behavior=allow_incomplete` or "
        "`payment_behavior=default_incomplete`."
    )
    code = "subscription_payment_intent_requires_action"
    return StripeError(text, status=402, code=code, kind="card_error")


def not_paused() -> StripeError:
    """Only what is paused can be taken up."""
    return StripeError("You can only resume a subscription if it is `paused`.")


def resume_needs_automatic_collection() -> StripeError:
    """Whoever pays sent invoices is not asked for a payment."""
    text = "You can only resume a subscription whose `collection_method` is `charge_automatically`."
    return StripeError(text)


def cannot_be_paused(status: str) -> StripeError:
    """There is nothing to pause."""
    text = f"You can only pause a subscription if it is `active`, `trialing` or `past_due`; this one is `{status}`."
    return StripeError(text)


def scheduled_cannot_be_paused() -> StripeError:
    """A schedule decides when its subscription does what."""
    return StripeError("You cannot pause a subscription that is managed by a subscription schedule.")


def cannot_be_pending(param: str) -> StripeError:
    """Only what is paid for can wait for its payment."""
    text = f"You cannot use `{param}` together with `payment_behavior=pending_if_incomplete` here."
    return StripeError(text, param=param)


def inactive_price(param: str) -> StripeError:
    """Archived prices take no new subscribers."""
    return StripeError("The price specified is inactive. This field only accepts active prices.", param=param)


def one_time_price(param: str) -> StripeError:
    """A subscription needs something that recurs."""
    text = "The price specified is set to `type=one_time` but this field only accepts prices with `type=recurring`."
    return StripeError(text, param=param)


def same_price_twice(price: str) -> StripeError:
    """One item per price."""
    text = f"Cannot create a Subscription with multiple Subscription Items with the same Price: {price}"
    return StripeError(text, param="plan")


def price_in_use(price: str, item: str) -> StripeError:
    """Another item has this price already."""
    text = (
        f"A new item with Price {price} can't be added to this Subscription because an existing Subscription Item "
        f"{item} is already using that Price. If you want to update the existing item (e.g., to adjust the quantity), "
        "pass the existing Subscription Item's `id` in your update request: "
        "https://stripe.com/docs/api/subscriptions/update#update_subscription-items-id"
    )
    return StripeError(text, param="plan")


def other_currency_in_items(param: str, currency: str, expected: str) -> StripeError:
    """All items of a new subscription share one currency."""
    text = (
        f"This `price` has `currency={currency}`, but other items use `currency={expected}`. All items must have "
        "pricing in the same currency. When using multi-currency prices, you can specify `currency` at the top level, "
        "to be used by all items."
    )
    return StripeError(text, param=param)


def other_currency(currency: str, expected: str) -> StripeError:
    """An item added later must be in the subscription's currency."""
    text = f"The price specified only supports `{currency}`. This doesn't match the expected currency: `{expected}`."
    return StripeError(text, param="price")


def pending_on_create() -> StripeError:
    """A new subscription has nothing pending."""
    text = "Setting `payment_behavior` to `pending_if_incomplete` has no effect when creating a subscription."
    return StripeError(text, param="payment_behavior")


def time_in_past(param: str, value: int) -> StripeError:
    """A timestamp that should lie ahead."""
    text = (
        f"The parameter `{param}` expects a unix timestamp representing a date and time in the future. "
        f"You specified the value `{value}` which is in the past."
    )
    return StripeError(text, param=param)


def proration_date_outside(moment: int) -> StripeError:
    """Prorations are counted within the period that runs."""
    text = f"Invalid proration_date: {moment} does not lie in the current period of the subscription."
    return StripeError(text, param="proration_date")


def canceled() -> StripeError:
    """A canceled subscription is history."""
    text = "A canceled subscription can only update its cancellation_details and metadata."
    return StripeError(text, code="invalid_canceled_subscription_fields")


def no_such_item(item: str) -> StripeError:
    """An item that is not there."""
    return StripeError(f"Invalid subscription_item id: {item}", status=404)


def metered_quantity(param: str) -> StripeError:
    """Usage is reported, not set."""
    return StripeError("You cannot set the quantity for metered plans.", param=param)


def last_item() -> StripeError:
    """A subscription keeps at least one item."""
    text = "A subscription must have at least one active item. To end it, cancel the subscription instead."
    return StripeError(text)


def too_many_items(limit: int) -> StripeError:
    """20 items at most."""
    return StripeError(f"A subscription can have at most {limit} items.", param="items")


def no_due_days() -> StripeError:
    """An invoice that is sent needs a due date."""
    text = "You must provide `days_until_due` when `collection_method` is `send_invoice`."
    return StripeError(text, code="parameter_missing", param="days_until_due")


def too_many_subscriptions(limit: int) -> StripeError:
    """500 per customer."""
    text = f"This customer has reached the limit of {limit} active subscriptions."
    return StripeError(text, code="customer_max_subscriptions")


def start_ahead(moment: int) -> StripeError:
    """A beginning that is dated back lies behind."""
    text = f"`backdate_start_date` must be in the past. You specified the value `{moment}`."
    return StripeError(text, param="backdate_start_date")


def anchor_too_late() -> StripeError:
    """The first period is no longer than a natural one."""
    text = "`billing_cycle_anchor` cannot be later than next natural billing date."
    return StripeError(text, param="billing_cycle_anchor")


def trial_too_long(limit: int) -> StripeError:
    """Two years at most."""
    text = f"The maximum number of trial period days is {limit}."
    return StripeError(text, param="trial_period_days")
