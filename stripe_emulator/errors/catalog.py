"""Errors about products and prices."""

from __future__ import annotations

from stripe_emulator.errors import StripeError


def product_exists() -> StripeError:
    """A chosen product id that is taken."""
    return StripeError("Product already exists.", code="resource_already_exists", param="id")


def product_has_prices() -> StripeError:
    """A product that ever had a price is permanent."""
    return StripeError("This product cannot be deleted because it has one or more user-created prices.")


def default_price_of_another_product(price: str, product: str) -> StripeError:
    """A default price must be one of the product's own."""
    text = f"The price `{price}` cannot be the default price of `{product}` because it belongs to another product."
    return StripeError(text, param="default_price")


def default_price_inactive(price: str) -> StripeError:
    """An archived price cannot become a default."""
    return StripeError(f"The price `{price}` is inactive and cannot be set as default_price.", param="default_price")


def too_many(name: str, limit: int) -> StripeError:
    """More elements than a product may have."""
    return StripeError(f"You can have at most {limit} {name} on a product.", param=name)


def no_product() -> StripeError:
    """A price that belongs to nothing."""
    return StripeError("You must specify either `product` or `product_data` when creating a price.")


def no_amount() -> StripeError:
    """A per-unit price that costs nothing in particular."""
    return StripeError("Prices require an `unit_amount` or `unit_amount_decimal` parameter to be set.")


def tiered_one_time() -> StripeError:
    """Tiers without recurring."""
    return StripeError("Prices with `type=one_time` are not supported with tiered billing.", param="interval")


def metered_without_meter() -> StripeError:
    """Usage-based prices have stood on meters since basil."""
    return StripeError("Starting with Stripe version `2025-03-31.basil`, metered prices must be backed by meters.")


def meter_on_licensed() -> StripeError:
    """A meter only means something for a metered price."""
    text = "You may only set `recurring[meter]` when `recurring[usage_type]` is `metered`."
    return StripeError(text, param="recurring[meter]")


def inactive_meter(meter: str) -> StripeError:
    """A deactivated meter takes no new prices."""
    text = f"The meter `{meter}` is inactive. Prices can only be attached to active meters."
    return StripeError(text, param="recurring[meter]")


def lookup_key_taken(holder: str) -> StripeError:
    """A lookup key is unique over all prices, active or not."""
    return StripeError(f"A price (`{holder}`) already uses that lookup key.", param="lookup_key")


def default_price_archived() -> StripeError:
    """The default price of a product stays active."""
    return StripeError("This price cannot be archived because it is the default price of its product.")


def bad_currency(name: str, currency: str) -> StripeError:
    """A currency Stripe does not support."""
    text = f"Invalid currency: {currency}. Stripe currently supports these currencies: usd, aed, afn, ..."
    return StripeError(text, param=name)


def upper_case_currency(currency: str) -> StripeError:
    """Currencies are lower case where they are keys."""
    text = f"Currencies must be lowercase when used as keys in a map. Use `{currency.lower()}` instead of `{currency}`."
    return StripeError(text, param="currency_options")


def interval_too_long() -> StripeError:
    """Three years at most."""
    return StripeError("Prices can be billed at most every three years.", param="recurring[interval_count]")


def tiered_needs(name: str) -> StripeError:
    """A tiered price lacks its tiers or its mode."""
    return StripeError(f"Prices with `billing_scheme=tiered` require the `{name}` parameter to be set.", param=name)


def only_tiered(name: str) -> StripeError:
    """Tiers on a price that is not tiered."""
    return StripeError(f"The `{name}` parameter can only be set when `billing_scheme=tiered`.", param=name)


def not_with_tiers(name: str) -> StripeError:
    """A parameter that tiers exclude."""
    return StripeError(f"The `{name}` parameter cannot be combined with `tiers`.", param=name)


def no_last_tier(name: str) -> StripeError:
    """The last tier must reach to infinity."""
    return StripeError("The last tier must have `up_to=inf`.", param=name)


def tiers_not_ascending(name: str) -> StripeError:
    """Tiers must follow each other."""
    return StripeError("Tiers must be in ascending order of `up_to`, and only the last may be `inf`.", param=name)


def tier_without_amount(name: str) -> StripeError:
    """A tier must say what it costs."""
    return StripeError("Each tier requires a `unit_amount` or a `flat_amount`.", param=name)


def tiers_of_another_shape(currency: str) -> StripeError:
    """Every currency of a tiered price has the same bounds."""
    text = f"The tiers of `{currency}` must have the same `up_to` values as the price's own tiers."
    return StripeError(text, param=f"currency_options[{currency}][tiers]")


def tax_behavior_fixed(name: str) -> StripeError:
    """Inclusive and exclusive are final."""
    text = "The `tax_behavior` of a price cannot be changed once it has been set to `inclusive` or `exclusive`."
    return StripeError(text, param=name)


def own_currency_fixed(currency: str) -> StripeError:
    """The option of the price's own currency only mirrors the price."""
    text = f"The amount of the price's own currency `{currency}` cannot be changed."
    return StripeError(text, param=f"currency_options[{currency}]")
