"""Errors about configurations and sessions of the customer portal."""

from __future__ import annotations

from stripe_emulator.errors import StripeError

_CANCEL = "features[subscription_cancel]"


def default_stays_active() -> StripeError:
    """The default configuration is what sessions fall back on."""
    return StripeError("You cannot deactivate the default portal configuration.", param="active")


def bad_url(name: str) -> StripeError:
    """A link that leads nowhere."""
    return StripeError("Not a valid URL", code="url_invalid", param=name)


def no_invoice_on_cancel() -> StripeError:
    """A cancellation prorates or does not."""
    text = "Invalid proration_behavior: must be one of `none` or `create_prorations` for `subscription_cancel`."
    return StripeError(text, param=f"{_CANCEL}[proration_behavior]")


def no_proration_at_period_end() -> StripeError:
    """At the end of a period there is nothing to prorate."""
    text = "`proration_behavior=create_prorations` can only be used with `mode=immediately`."
    return StripeError(text, param=f"{_CANCEL}[proration_behavior]")


def too_many_products(limit: int, name: str) -> StripeError:
    """More products than customers may switch between."""
    return StripeError(f"You can have at most {limit} products.", param=name)


def product_twice(product: str, name: str) -> StripeError:
    """A product stands in the list once, with all its prices."""
    return StripeError(f"The product `{product}` is listed more than once.", param=name)


def price_of_another_product(price: str, product: str, name: str) -> StripeError:
    """A price must be one of the product's own."""
    return StripeError(f"The price `{price}` does not belong to the product `{product}`.", param=name)


def inactive_price(price: str, name: str) -> StripeError:
    """Customers cannot switch to what is archived."""
    return StripeError(f"The price `{price}` is inactive. This field only accepts active prices.", param=name)


def one_time_price(price: str, name: str) -> StripeError:
    """A subscription needs something that recurs."""
    text = f"The price `{price}` is set to `type=one_time` but this field only accepts prices with `type=recurring`."
    return StripeError(text, param=name)


def same_interval(price: str, name: str) -> StripeError:
    """Customers choose between the prices of a product by how often they are billed."""
    text = f"The price `{price}` has the same billing interval and currency as another price of its product."
    return StripeError(text, param=name)


def bad_quantity(name: str) -> StripeError:
    """The most is no less than the least."""
    return StripeError("The maximum quantity must be greater than or equal to the minimum quantity.", param=name)


def no_configuration(*, livemode: bool) -> StripeError:
    """A session without a configuration needs a default one."""
    mode, path = ("live", "") if livemode else ("test", "test/")
    text = (
        f"No configuration provided and your {mode} mode default configuration has not been created. Provide a "
        f"configuration or create your default by saving your customer portal settings in {mode} mode at "
        f"https://dashboard.stripe.com/{path}settings/billing/portal."
    )
    return StripeError(text)


def feature_disabled(feature: str) -> StripeError:
    """A flow leads to what the configuration does not let customers do."""
    text = f"The flow cannot be created because `{feature}` is disabled in the portal configuration."
    return StripeError(text, param="flow_data[type]")


def subscription_of_another(identifier: str, name: str) -> StripeError:
    """The portal shows one customer's subscriptions."""
    text = f"The subscription `{identifier}` does not belong to the customer of this session."
    return StripeError(text, param=name)


def subscription_over(identifier: str, name: str) -> StripeError:
    """What has ended cannot be changed."""
    return StripeError(f"The subscription `{identifier}` has been canceled and cannot be changed.", param=name)


def ends_already(name: str) -> StripeError:
    """An end that is announced is not announced again."""
    text = "This subscription cannot be canceled because it is already set to be canceled at the end of its period."
    return StripeError(text, param=name)


def several_items(name: str) -> StripeError:
    """The portal switches subscriptions of one item only."""
    text = "This subscription cannot be updated because it contains multiple subscription items."
    return StripeError(text, param=name)


def one_item(name: str) -> StripeError:
    """A confirmation is about one item."""
    return StripeError("Exactly one subscription item must be specified.", param=name)


def item_of_another(item: str, subscription: str, name: str) -> StripeError:
    """An item of another subscription."""
    return StripeError(f"The item `{item}` does not belong to the subscription `{subscription}`.", param=name)


def price_not_offered(price: str, name: str) -> StripeError:
    """Customers switch between the configuration's prices only."""
    text = f"The price `{price}` is not in the portal configuration's `features[subscription_update][products]`."
    return StripeError(text, param=name)


def one_discount(name: str) -> StripeError:
    """A flow brings one discount."""
    return StripeError("You can specify at most one discount.", param=name)
