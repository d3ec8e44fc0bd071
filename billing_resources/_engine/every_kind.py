"""Importing this fills the registry with every kind; Pulumi is not needed for it."""

from billing_resources import (
    alert,
    coupon,
    event_destination,
    feature,
    meter,
    portal_configuration,
    price,
    product,
    product_feature,
    promotion_code,
    tax_rate,
    webhook_endpoint,
)

__all__ = [
    "alert",
    "coupon",
    "event_destination",
    "feature",
    "meter",
    "portal_configuration",
    "price",
    "product",
    "product_feature",
    "promotion_code",
    "tax_rate",
    "webhook_endpoint",
]
