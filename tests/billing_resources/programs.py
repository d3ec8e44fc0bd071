"""Declared resources that several tests use, and Stripe's objects as those tests compare them."""

from __future__ import annotations

from typing import Any

import stripe

from tests.billing_resources.engine import Declared

MONTHLY = {"interval": "month"}


def product(name: str = "team", **args: Any) -> Declared:
    """A product."""
    return Declared("Product", name, {"name": "Team", **args})


def price(name: str = "monthly", **args: Any) -> Declared:
    """A monthly price of the product ``team``; an amount that is given replaces the usual one."""
    usual = {} if {"unit_amount_decimal", "tiers"} & args.keys() else {"unit_amount": 1200}
    return Declared(
        "Price", name, {"product": "@Product.team", "currency": "usd", "recurring": MONTHLY, **usual, **args}
    )


def meter(name: str = "tokens", **args: Any) -> Declared:
    """A meter that adds up."""
    usual = {"display_name": "Tokens", "event_name": "tokens", "default_aggregation": {"formula": "sum"}}
    return Declared("Meter", name, {**usual, **args})


def metered(name: str = "usage", **args: Any) -> Declared:
    """A price that bills the meter ``tokens``."""
    recurring = {"interval": "month", "usage_type": "metered", "meter": "@Meter.tokens"}
    return price(name, recurring=recurring, **args)


def alert(name: str = "soon", **args: Any) -> Declared:
    """An alert on the meter ``tokens``."""
    usual = {"title": "Soon", "usage_threshold": {"meter": "@Meter.tokens", "gte": 800}}
    return Declared("Alert", name, {**usual, **args})


def endpoint(name: str = "app", **args: Any) -> Declared:
    """A webhook endpoint."""
    usual = {"url": "https://app.example.com/stripe", "enabled_events": ["invoice.paid"]}
    return Declared("WebhookEndpoint", name, {**usual, **args})


def data(stripe_object: stripe.StripeObject) -> dict[str, Any]:
    """A Stripe object as plain data."""
    found: dict[str, Any] = stripe_object.to_dict(for_json=True)
    return found


def own_metadata(stripe_object: stripe.StripeObject) -> dict[str, str]:
    """The metadata of an object without marks."""
    marks = ("billing:", "limits:", "features:")
    return {key: value for key, value in data(stripe_object)["metadata"].items() if not key.startswith(marks)}
