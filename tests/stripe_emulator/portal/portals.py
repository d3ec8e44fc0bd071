"""What the tests of the customer portal have in common."""

from __future__ import annotations

from typing import Any

import stripe

RETURN = "https://app.example.com/account"


def allow(client: stripe.StripeClient, *, default_return_url: str | None = None, **features: Any) -> Any:
    """Make a configuration with these features."""
    given: Any = {"features": features or {"invoice_history": {"enabled": True}}}
    if default_return_url:
        given["default_return_url"] = default_return_url
    return client.v1.billing_portal.configurations.create(given)


def open_portal(client: stripe.StripeClient, customer: str | None, **params: Any) -> Any:
    """Open the portal for a customer."""
    asked = {"customer": customer, "return_url": RETURN, **params}
    given: Any = {name: value for name, value in asked.items() if value is not None}
    return client.v1.billing_portal.sessions.create(given)
