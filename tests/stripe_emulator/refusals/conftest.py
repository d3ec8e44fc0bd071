"""What the refused requests name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import stripe

from tests.stripe_emulator.sides import Side


@pytest.fixture
def catalog(client: stripe.StripeClient, seat: stripe.Price, customer: stripe.Customer, side: Side) -> dict[str, str]:
    """Return a product with its default price and another one, a meter, and what is archived."""
    new = {name: f"{name}{side.suffix}" for name in ("held", "calls", "seen")}
    product = str(seat.product)
    client.v1.products.update(product, {"default_price": seat.id})
    recurring: Any = {"interval": "month"}
    price = client.v1.prices.create
    euro = price({"product": product, "currency": "eur", "unit_amount": 1100, "recurring": recurring})
    keyed = price({"product": product, "currency": "usd", "unit_amount": 1, "lookup_key": new["held"]})
    archived = price({"product": product, "currency": "usd", "unit_amount": 2, "recurring": recurring})
    client.v1.prices.update(archived.id, {"active": False})
    client.v1.prices.update(keyed.id, {"active": False})
    meter = client.v1.billing.meters.create(
        {"display_name": "Calls", "event_name": new["calls"], "default_aggregation": {"formula": "count"}}
    )
    other = client.v1.products.create({"name": "Other", "id": f"prod_other{side.suffix}"})
    foreign = price({"product": other.id, "currency": "usd", "unit_amount": 3})
    metered = price(
        {
            "product": product,
            "currency": "usd",
            "unit_amount": 4,
            "recurring": {"interval": "month", "usage_type": "metered", "meter": meter.id},
        }
    )
    return {
        **new,
        "other": other.id,
        "product": product,
        "price": seat.id,
        "euro": euro.id,
        "keyed": keyed.id,
        "archived": archived.id,
        "meter": meter.id,
        "foreign": foreign.id,
        "metered": metered.id,
        "customer": customer.id,
    }


@pytest.fixture
def subscribed(client: stripe.StripeClient, catalog: dict[str, str], payer: stripe.Customer) -> dict[str, str]:
    """Return what there is in the catalog, with a running and an ended subscription."""
    create: Callable[..., stripe.Subscription] = client.v1.subscriptions.create
    running = create({"customer": payer.id, "items": [{"price": catalog["price"]}, {"price": catalog["metered"]}]})
    ended = create({"customer": payer.id, "items": [{"price": catalog["price"]}]})
    client.v1.subscriptions.cancel(ended.id)
    items = {item.price.id: item.id for item in running["items"].data}
    names = {"payer": payer.id, "running": running.id, "ended": ended.id, "item": items[catalog["price"]]}
    return {**catalog, **names, "metered_item": items[catalog["metered"]]}
