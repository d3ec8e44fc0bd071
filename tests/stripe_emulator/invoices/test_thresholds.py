"""Billing thresholds: bounds of usage and of its price."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
import stripe

from stripe_emulator import EmulatorClient
from tests.stripe_emulator.invoices.billing import HOUR, first_item, invoices, lines, meter_of, price_of, use
from tests.stripe_emulator.subscriptions.subscribing import period, subscribe

APRIL_1, APRIL_16, MAY_1 = (int(datetime(2026, *day, tzinfo=UTC).timestamp()) for day in ((4, 1), (4, 16), (5, 1)))


def test_usage_threshold_of_an_item(client: stripe.StripeClient, payer: Any, stripe_emulator: EmulatorClient) -> None:
    """Reached twice in a month: two invoices, each names its lines."""
    stripe_emulator.clock.set(APRIL_1)
    usage = price_of(client, 10, name="Calls", meter=meter_of(client))
    item: Any = {"price": usage.id, "billing_thresholds": {"usage_gte": 100}}
    subscription = subscribe(client, payer, item)
    for value in (99, 30, 100, 5):
        stripe_emulator.clock.advance(HOUR)
        use(client, payer, value)
    assert [one.total for one in invoices(client, subscription)] == [1290, 1000]
    early = invoices(client, subscription)[0].to_dict(for_json=True)
    assert early["threshold_reason"]["item_reasons"] == [
        {"line_item_ids": [early["lines"]["data"][0]["id"]], "usage_gte": 100}
    ]
    stripe_emulator.clock.set(MAY_1 + HOUR)
    assert [one.total for one in invoices(client, subscription)] == [1290, 1000, 50]


def test_tiers_go_on_after_a_threshold(
    client: stripe.StripeClient, payer: Any, stripe_emulator: EmulatorClient
) -> None:
    """What was billed early counts for the tiers of the rest: 150 at 10 cents and 50 at 5, wherever it is cut."""
    stripe_emulator.clock.set(APRIL_1)
    tiers: Any = [{"up_to": 150, "unit_amount": 10}, {"up_to": "inf", "unit_amount": 5}]
    tiered: Any = {"billing_scheme": "tiered", "tiers_mode": "graduated", "tiers": tiers}
    usage = price_of(client, name="Calls", meter=meter_of(client), **tiered)
    subscription = subscribe(client, payer, usage, billing_thresholds={"amount_gte": 1000})
    use(client, payer, 100)
    stripe_emulator.clock.advance(HOUR)
    use(client, payer, 100)
    stripe_emulator.clock.set(MAY_1 + HOUR)
    first, second = invoices(client, subscription)
    assert (first.total, second.total) == (1000, 750)
    assert lines(second) == [
        ("50 × Calls (Tier 1 at $0.10 / month)", 500),
        ("50 × Calls (Tier 2 at $0.05 / month)", 250),
    ]


@pytest.mark.belief("with `reset_billing_cycle_anchor` a threshold begins a new period", "S")
def test_anchor_is_reset(client: stripe.StripeClient, payer: Any, stripe_emulator: EmulatorClient) -> None:
    """Usage is billed, seats begin anew less the rest of what was paid for them."""
    stripe_emulator.clock.set(APRIL_1)
    usage = price_of(client, 10, name="Calls", meter=meter_of(client))
    bounds: Any = {"amount_gte": 1000, "reset_billing_cycle_anchor": True}
    subscription = subscribe(client, payer, usage, price_of(client, 3000), billing_thresholds=bounds)
    stripe_emulator.clock.set(APRIL_16)
    use(client, payer, 100)
    assert period(client.v1.subscriptions.retrieve(subscription.id))[0] == APRIL_16
    assert sorted(amount for _, amount in lines(invoices(client, subscription)[-1])) == [-1500, 1000, 3000]


def test_thresholds_are_checked(client: stripe.StripeClient, payer: Any, seat: Any) -> None:
    """Usage bounds are for metered items; `""` clears a bound."""
    with pytest.raises(stripe.InvalidRequestError) as refused:
        subscribe(client, payer, {"price": seat.id, "billing_thresholds": {"usage_gte": 1}})
    assert refused.value.param == "items[0][billing_thresholds]"
    usage = price_of(client, 10, meter=meter_of(client))
    item: Any = {"price": usage.id, "billing_thresholds": {"usage_gte": 5}}
    subscription = subscribe(client, payer, item, billing_thresholds={"amount_gte": 100})
    assert subscription.billing_thresholds is not None
    assert subscription.billing_thresholds.amount_gte == 100
    changed = client.v1.subscriptions.update(subscription.id, {"billing_thresholds": ""})
    assert changed.billing_thresholds is None
    cleared = client.v1.subscription_items.update(first_item(subscription).id, {"billing_thresholds": ""})
    assert cleared.billing_thresholds is None
