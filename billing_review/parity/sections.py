"""Where the manifest lists what, and what Stripe calls it: the first part of every path that is told or allowed."""

from __future__ import annotations

import re

KINDS: dict[str, str] = {
    "plans": "Plan",
    "products": "Product",
    "prices": "Price",
    "meters": "Meter",
    "alerts": "Alert",
    "webhook_endpoints": "WebhookEndpoint",
    "features": "Feature",
    "product_features": "ProductFeature",
    "portal_configurations": "PortalConfiguration",
    "coupons": "Coupon",
    "promotion_codes": "PromotionCode",
    "tax_rates": "TaxRate",
    "event_destinations": "EventDestination",
}
"""Section -> kind, in the order in which differences are told."""
SECTIONS = {kind: section for section, kind in KINDS.items()}
OF_THE_STACK = frozenset({"version", "project", "stack", "account", "livemode", "api_version", "catalog_digest"})
"""What of a manifest is about the stack and not about what it sells."""


def section_of(kind: str) -> str:
    """The section of a kind; a section of a later version is its own kind."""
    return SECTIONS.get(kind, kind)


def kind_of(section: str) -> str:
    """The kind that a section lists."""
    return KINDS.get(section, section)


def path_of(kind: str, key: str, within: str = "") -> str:
    """Where something is told and allowed: ``prices.team.monthly.unit_amount``."""
    joint = "" if not within or within.startswith("[") else "."
    return f"{section_of(kind)}.{key}{joint}{within}"


def spaced(kind: str) -> str:
    """A kind in words: webhook endpoint."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", kind).replace("_", " ").lower()


def rank(kind: str) -> tuple[int, str]:
    """The place of a kind in a listing."""
    order = list(SECTIONS)
    return (order.index(kind) if kind in order else len(order), kind)
