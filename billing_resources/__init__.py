"""DECLARE: a team's Stripe catalog as Pulumi resources.

``import billing_resources as billing``, then ``billing.Product("team", name="Team")``. Each kind is one module of the
same name; they load without Pulumi, which is imported when the first resource is declared.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from billing_resources.alert import Alert
    from billing_resources.catalog.deploy import deploy_catalog
    from billing_resources.catalog.export import export_manifest
    from billing_resources.catalog.plan import Plan
    from billing_resources.coupon import Coupon
    from billing_resources.errors import (
        BillingResourceError,
        InvalidDeclaration,
        OwnershipError,
        ReplacementRefused,
        SettingsError,
        StripeRefused,
    )
    from billing_resources.event_destination import EventDestination
    from billing_resources.feature import Feature
    from billing_resources.meter import Meter
    from billing_resources.portal_configuration import PortalConfiguration
    from billing_resources.price import Price
    from billing_resources.product import Product
    from billing_resources.product_feature import ProductFeature
    from billing_resources.promotion_code import PromotionCode
    from billing_resources.tax_rate import TaxRate
    from billing_resources.webhook_endpoint import WebhookEndpoint

__all__ = [
    "Alert",
    "BillingResourceError",
    "Coupon",
    "EventDestination",
    "Feature",
    "InvalidDeclaration",
    "Meter",
    "OwnershipError",
    "Plan",
    "PortalConfiguration",
    "Price",
    "Product",
    "ProductFeature",
    "PromotionCode",
    "ReplacementRefused",
    "SettingsError",
    "StripeRefused",
    "TaxRate",
    "WebhookEndpoint",
    "deploy_catalog",
    "export_manifest",
]

_HOMES = {
    "Alert": "alert",
    "Coupon": "coupon",
    "EventDestination": "event_destination",
    "Feature": "feature",
    "Meter": "meter",
    "Plan": "catalog.plan",
    "PortalConfiguration": "portal_configuration",
    "Price": "price",
    "Product": "product",
    "ProductFeature": "product_feature",
    "PromotionCode": "promotion_code",
    "TaxRate": "tax_rate",
    "WebhookEndpoint": "webhook_endpoint",
    "deploy_catalog": "catalog.deploy",
    "export_manifest": "catalog.export",
}


def __getattr__(name: str) -> Any:
    """Load a public name where it is first asked for."""
    if name not in __all__:
        message = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(message)
    return getattr(import_module(f"{__name__}.{_HOMES.get(name, 'errors')}"), name)


def __dir__() -> list[str]:
    """The public names."""
    return __all__
