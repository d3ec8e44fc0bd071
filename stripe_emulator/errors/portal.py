"""Errors about configurations of the customer portal."""

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
