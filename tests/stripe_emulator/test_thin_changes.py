"""What thin events tell of a change more exactly."""

from __future__ import annotations

from typing import Any

import pytest
import stripe

from stripe_emulator.parameters import thin_events
from stripe_emulator.thin_changes import further_types


def told(client: stripe.StripeClient, about: str) -> set[str]:
    """Return the types of all thin events about an object so far."""
    return {event.type for event in client.v2.core.events.list({"object_id": about, "limit": 100}).data}


@pytest.mark.belief("a price or product that is archived or comes back has a thin event of its own (when: M)", "S")
def test_activity_is_told(client: stripe.StripeClient, product: stripe.Product, seat: stripe.Price) -> None:
    """Beside the one that says it was updated."""
    client.v1.prices.update(seat.id, {"active": False})
    assert told(client, seat.id) == {
        "v1.price.created", "v1.plan.created", "v1.price.updated", "v1.plan.updated", "v1.price.deactivated",
    }  # fmt: skip
    client.v1.prices.update(seat.id, {"active": True, "lookup_key": "seat", "tax_behavior": "exclusive"})
    assert {
        "v1.price.activated", "v1.price.lookup_key_changed", "v1.price.tax_behavior_changed",
    } < told(client, seat.id)  # fmt: skip
    client.v1.products.update(product.id, {"default_price": seat.id, "tax_code": "txcd_10103001"})
    assert {"v1.product.default_price_changed", "v1.product.tax_code_changed"} < told(client, product.id)
    assert "v1.product.deactivated" not in told(client, product.id)


@pytest.mark.belief("what changes of a subscription's items has thin events of its own (when: M)", "S")
def test_items_are_told(client: stripe.StripeClient, payer: stripe.Customer, seat: stripe.Price) -> None:
    """Added, counted anew, removed; and the end that is set."""
    other = client.v1.prices.create(
        {"product": str(seat.product), "currency": "usd", "unit_amount": 5, "recurring": {"interval": "month"}}
    )
    subscription = client.v1.subscriptions.create({"customer": payer.id, "items": [{"price": seat.id}]})
    item = client.v1.subscription_items.create({"subscription": subscription.id, "price": other.id})
    assert "v1.customer.subscription.item_added" in told(client, subscription.id)
    client.v1.subscription_items.update(item.id, {"quantity": 3})
    assert "v1.customer.subscription.item_quantity_changed" in told(client, subscription.id)
    client.v1.subscription_items.delete(item.id)
    assert "v1.customer.subscription.item_removed" in told(client, subscription.id)
    assert "v1.customer.subscription.item_price_changed" not in told(client, subscription.id)
    client.v1.subscriptions.update(subscription.id, {"cancel_at_period_end": True})
    assert "v1.customer.subscription.cancel_at_changed" in told(client, subscription.id)


ITEM = {"id": "si_1", "price": {"id": "price_1"}, "quantity": 1, "tax_rates": []}
WHOLE = {"id": "sub_1", "status": "active", "cancel_at": 5, "items": {"data": [ITEM]}}


@pytest.mark.parametrize(
    ("before", "names"),
    [
        ({"status": "incomplete"}, ["active"]),
        ({"default_payment_method": None}, ["default_payment_method_changed"]),
        ({"items": {"data": [{**ITEM, "price": {"id": "price_2"}}]}}, ["item_price_changed"]),
        ({"items": {"data": [{**ITEM, "tax_rates": ["txr_1"]}]}}, ["item_tax_rates_changed"]),
        ({"items": {"data": [{**ITEM, "id": "si_2"}]}}, ["item_added", "item_removed"]),
        ({"items": {"total_count": 2}}, []),
        ({"metadata": {"a": "b"}}, []),
    ],
)
def test_change_of_a_subscription(before: dict[str, Any], names: list[str]) -> None:
    """Each has its word, and each word is Stripe's."""
    event = {"type": "customer.subscription.updated", "data": {"object": WHOLE, "previous_attributes": before}}
    further = further_types(event)
    assert further == [f"customer.subscription.{name}" for name in names]
    assert {f"v1.{name}" for name in further} <= set(thin_events())


def test_last_redemption_is_told() -> None:
    """When a promotion code has been redeemed as often as it can be."""
    data = {"object": {"times_redeemed": 2, "max_redemptions": 2}, "previous_attributes": {"times_redeemed": 1}}
    assert further_types({"type": "promotion_code.updated", "data": data}) == ["promotion_code.fully_redeemed"]
    data = {"object": {"times_redeemed": 1, "max_redemptions": 2}, "previous_attributes": {"times_redeemed": 0}}
    assert further_types({"type": "promotion_code.updated", "data": data}) == []
