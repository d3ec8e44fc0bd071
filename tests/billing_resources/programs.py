"""Declared resources that several tests use, and Stripe's objects as those tests compare them."""

from __future__ import annotations

from typing import Any

import stripe

from tests.billing_resources.engine import Declared

MONTHLY = {"interval": "month"}


def product(key: str = "team", /, **args: Any) -> Declared:
    """A product."""
    return Declared("Product", key, {"name": "Team", **args})


def price(key: str = "monthly", /, **args: Any) -> Declared:
    """A monthly price of the product ``team``; an amount that is given replaces the usual one."""
    usual = {} if {"unit_amount_decimal", "tiers"} & args.keys() else {"unit_amount": 1200}
    return Declared(
        "Price", key, {"product": "@Product.team", "currency": "usd", "recurring": MONTHLY, **usual, **args}
    )


def meter(key: str = "tokens", /, **args: Any) -> Declared:
    """A meter that adds up."""
    usual = {"display_name": "Tokens", "event_name": "tokens", "default_aggregation": {"formula": "sum"}}
    return Declared("Meter", key, {**usual, **args})


def metered(key: str = "usage", /, **args: Any) -> Declared:
    """A price that bills the meter ``tokens``."""
    recurring = {"interval": "month", "usage_type": "metered", "meter": "@Meter.tokens"}
    return price(key, recurring=recurring, **args)


def alert(key: str = "soon", /, **args: Any) -> Declared:
    """An alert on the meter ``tokens``."""
    usual = {"title": "Soon", "usage_threshold": {"meter": "@Meter.tokens", "gte": 800}}
    return Declared("Alert", key, {**usual, **args})


def endpoint(key: str = "app", /, **args: Any) -> Declared:
    """A webhook endpoint."""
    usual = {"url": "https://app.example.com/stripe", "enabled_events": ["invoice.paid"]}
    return Declared("WebhookEndpoint", key, {**usual, **args})


def coupon(key: str = "summer", /, **args: Any) -> Declared:
    """A coupon over 25 percent; an amount that is given replaces them."""
    usual = {} if "amount_off" in args else {"percent_off": 25}
    return Declared("Coupon", key, {**usual, **args})


def code(key: str = "summer", /, **args: Any) -> Declared:
    """A promotion code for the coupon ``summer``."""
    return Declared("PromotionCode", key, {"promotion": {"coupon": "@Coupon.summer"}, "code": "SUMMER", **args})


def feature(key: str = "sso", /, **args: Any) -> Declared:
    """A feature."""
    return Declared("Feature", key, {"lookup_key": "sso", "name": "Single sign-on", **args})


def attached(key: str = "team.sso", /, **args: Any) -> Declared:
    """The feature ``sso`` of the product ``team``."""
    usual = {"product": "@Product.team", "entitlement_feature": "@Feature.sso"}
    return Declared("ProductFeature", key, {**usual, **args})


def tax_rate(key: str = "vat", /, **args: Any) -> Declared:
    """A tax rate."""
    return Declared("TaxRate", key, {"display_name": "VAT", "percentage": 19, "inclusive": True, **args})


def portal(key: str = "self-service", /, **args: Any) -> Declared:
    """A portal configuration that shows past bills."""
    return Declared("PortalConfiguration", key, {"features": {"invoice_history": {"enabled": True}}, **args})


def destination(key: str = "meter-errors", /, **args: Any) -> Declared:
    """An event destination."""
    usual = {
        "name": "Meter errors",
        "enabled_events": ["v1.billing.meter.error_report_triggered"],
        "webhook_endpoint": {"url": "https://app.example.com/stripe/thin"},
    }
    return Declared("EventDestination", key, {**usual, **args})


def data(stripe_object: stripe.StripeObject) -> dict[str, Any]:
    """A Stripe object as plain data."""
    found: dict[str, Any] = _plain(stripe_object)
    return found


def _plain(value: Any) -> Any:
    """The SDK leaves objects inside of maps as they are."""
    value = value.to_dict(for_json=True) if isinstance(value, stripe.StripeObject) else value
    if isinstance(value, dict):
        return {key: _plain(part) for key, part in value.items()}
    return [_plain(part) for part in value] if isinstance(value, list) else value


def own_metadata(stripe_object: stripe.StripeObject) -> dict[str, str]:
    """The metadata of an object without marks."""
    marks = ("billing:", "limits:", "features:")
    return {key: value for key, value in data(stripe_object)["metadata"].items() if not key.startswith(marks)}
