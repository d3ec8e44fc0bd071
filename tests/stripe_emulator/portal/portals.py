"""What the tests of the customer portal have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import stripe

if TYPE_CHECKING:
    from stripe_emulator import EmulatorClient
    from stripe_emulator.portal_client import PortalClient

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


def portal_of(client: stripe.StripeClient, emulator: EmulatorClient, customer: Any, **params: Any) -> PortalClient:
    """Open the portal for a customer, and return what the customer can do there."""
    return emulator.portal(open_portal(client, str(customer), **params).id)


def updates(*prices: stripe.Price, **change: Any) -> dict[str, Any]:
    """Return the feature that lets customers switch between these prices of one product."""
    products = [{"product": str(prices[0].product), "prices": [one.id for one in prices]}]
    allowed = ["price", "quantity", "promotion_code"]
    return {"enabled": True, "default_allowed_updates": allowed, "products": products, **change}
