"""Importing this fills the registry with every kind; Pulumi is not needed for it."""

from billing_resources import alert, meter, price, product, webhook_endpoint

__all__ = ["alert", "meter", "price", "product", "webhook_endpoint"]
