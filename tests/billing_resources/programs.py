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


def data(stripe_object: stripe.StripeObject) -> dict[str, Any]:
    """A Stripe object as plain data."""
    found: dict[str, Any] = stripe_object.to_dict(for_json=True)
    return found


def own_metadata(stripe_object: stripe.StripeObject) -> dict[str, str]:
    """The metadata of an object without marks."""
    marks = ("billing:", "limits:", "features:")
    return {key: value for key, value in data(stripe_object)["metadata"].items() if not key.startswith(marks)}
