"""What the tests of invoices have in common: short ways to prices, coupons, usage, and to what an invoice says."""

from __future__ import annotations

from typing import Any

import stripe

HOUR, DAY = 3600, 86400
JANUARY_1 = 1_767_225_600  # 2026-01-01T00:00:00Z


def price_of(client: stripe.StripeClient, amount: Any = None, *, name: str = "Team", **more: Any) -> Any:
    """Return a new monthly price of a new product; `interval` and `meter` are put where they belong."""
    recurring: Any = {"interval": more.pop("interval", "month"), "interval_count": more.pop("interval_count", 1)}
    if "meter" in more:
        recurring |= {"usage_type": "metered", "meter": more.pop("meter").id}
    given: Any = {"currency": "usd", "product_data": {"name": name}, "recurring": recurring, **more}
    if amount is not None:
        given["unit_amount_decimal"] = str(amount)
    return client.v1.prices.create(given)


def meter_of(client: stripe.StripeClient, name: str = "calls", formula: Any = "sum") -> Any:
    """Return a new meter."""
    return client.v1.billing.meters.create(
        {"display_name": name, "event_name": name, "default_aggregation": {"formula": formula}}
    )


def use(client: stripe.StripeClient, customer: Any, value: int, name: str = "calls") -> None:
    """Report usage now."""
    payload = {"stripe_customer_id": customer.id, "value": str(value)}
    client.v1.billing.meter_events.create({"event_name": name, "payload": payload})


def invoices(client: stripe.StripeClient, subscription: Any) -> list[Any]:
    """Return a subscription's invoices, oldest first."""
    return client.v1.invoices.list({"subscription": subscription.id, "limit": 100}).data[::-1]


def lines(invoice: Any) -> list[tuple[str, int]]:
    """Return what the lines of an invoice say, and what they cost."""
    return [(line.description, line.amount) for line in invoice.lines.data]


def pending(client: stripe.StripeClient, customer: Any) -> list[tuple[str, int]]:
    """Return what waits for a customer's next invoice, oldest first."""
    found = client.v1.invoice_items.list({"customer": customer.id, "pending": True, "limit": 100}).data[::-1]
    return [(str(item.description), item.amount) for item in found]


def first_item(subscription: Any) -> Any:
    """Return the first item, which the client hides behind the dict method of that name."""
    return subscription["items"].data[0]
