"""Previews: what an invoice would be, and that nothing comes of asking."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
import stripe

from stripe_emulator import EmulatorClient
from tests.stripe_emulator.invoices.billing import (
    HOUR,
    first_item,
    invoices,
    lines,
    meter_of,
    pending,
    price_of,
    use,
)
from tests.stripe_emulator.subscriptions.subscribing import subscribe

APRIL_1, APRIL_16, MAY_1 = (int(datetime(2026, *day, tzinfo=UTC).timestamp()) for day in ((4, 1), (4, 16), (5, 1)))


@pytest.fixture
def subscription(client: stripe.StripeClient, payer: Any, stripe_emulator: EmulatorClient) -> Any:
    """Return a subscription of 1 April at $10, in the middle of April."""
    stripe_emulator.clock.set(APRIL_1)
    made = subscribe(client, payer, price_of(client, 1000))
    stripe_emulator.clock.set(APRIL_16)
    return made


def preview(client: stripe.StripeClient, **asked: Any) -> Any:
    """Return a preview."""
    return client.v1.invoices.create_preview(asked)  # type: ignore[arg-type]


def test_next_renewal(client: stripe.StripeClient, payer: Any, subscription: Any) -> None:
    """The customer's next invoice is that of the subscription that renews first, under an id nobody can ask for."""
    shown = preview(client, customer=payer.id)
    assert (shown.total, shown.billing_reason, shown.status, shown.number) == (1000, "upcoming", "draft", None)
    assert (shown.period_start, shown.period_end, shown.created) == (APRIL_1, MAY_1, MAY_1)
    assert shown.id.startswith("upcoming_")
    with pytest.raises(stripe.InvalidRequestError):
        client.v1.invoices.retrieve(shown.id)
    assert len(invoices(client, subscription)) == 1


def test_seat_change_costs_what_was_previewed(
    client: stripe.StripeClient, payer: Any, subscription: Any, stripe_emulator: EmulatorClient
) -> None:
    """With the same proration date the change, made later, asks for exactly what the preview said."""
    item = first_item(subscription).id
    change: Any = {"items": [{"id": item, "quantity": 4}], "proration_date": APRIL_16}
    shown = preview(client, subscription=subscription.id, subscription_details=change)
    prorations = [
        ("Unused time on Team after 16 Apr 2026", -500),
        ("Remaining time on 4 × Team after 16 Apr 2026", 2000),
    ]
    assert lines(shown) == [*prorations, ("4 × Team (at $10.00 / month)", 4000)]
    assert shown.to_dict()["parent"]["subscription_details"]["subscription_proration_date"] == APRIL_16
    assert (pending(client, payer), first_item(client.v1.subscriptions.retrieve(subscription.id)).quantity) == ([], 1)
    stripe_emulator.clock.advance(HOUR)
    client.v1.subscriptions.update(subscription.id, change)
    assert pending(client, payer) == prorations


def test_immediate_invoice(client: stripe.StripeClient, subscription: Any) -> None:
    """A change that is invoiced at once is previewed as that invoice."""
    details: Any = {
        "items": [{"id": first_item(subscription).id, "quantity": 4}],
        "proration_behavior": "always_invoice",
    }
    assert preview(client, subscription=subscription.id, subscription_details=details).total == 1500
    details = {"billing_cycle_anchor": {"type": "now"}, "proration_behavior": "none"}
    assert preview(client, subscription=subscription.id, subscription_details=details).total == 1000


def test_ends(client: stripe.StripeClient, subscription: Any) -> None:
    """Canceled now it gives back the rest; canceled at the end of the period there is no next invoice."""
    shown = preview(client, subscription=subscription.id, subscription_details={"cancel_now": True})
    assert lines(shown) == [("Unused time on Team after 16 Apr 2026", -500)]
    with pytest.raises(stripe.InvalidRequestError) as refused:
        preview(client, subscription=subscription.id, subscription_details={"cancel_at_period_end": True})
    assert refused.value.code == "invoice_upcoming_none"


def test_trial(client: stripe.StripeClient, subscription: Any) -> None:
    """A trial that begins gives back the rest and costs nothing."""
    shown = preview(client, subscription=subscription.id, subscription_details={"trial_end": MAY_1})
    assert lines(shown) == [("Unused time on Team after 16 Apr 2026", -500), ("Trial period for Team", 0)]


def test_what_recurs(client: stripe.StripeClient, payer: Any, subscription: Any) -> None:
    """Without what waits, and without the prorations of the change."""
    client.v1.invoice_items.create({"customer": payer.id, "amount": 70, "currency": "usd"})
    details: Any = {"items": [{"id": first_item(subscription).id, "quantity": 4}], "proration_behavior": "none"}
    asked: Any = {"subscription": subscription.id, "subscription_details": details}
    assert preview(client, **asked).total == 4070
    assert preview(client, **asked, preview_mode="recurring").total == 4000


def test_new_subscription(client: stripe.StripeClient, customer: Any, stripe_emulator: EmulatorClient) -> None:
    """Of a customer who has none, or of somebody who is no customer yet."""
    stripe_emulator.clock.set(APRIL_1)
    details: Any = {"items": [{"price": price_of(client, 1000).id, "quantity": 3}]}
    for whose in ({"customer": customer.id}, {"customer_details": {"address": {"country": "US"}}}):
        assert lines(preview(client, **whose, subscription_details=details)) == [("3 × Team (at $10.00 / month)", 3000)]
    assert client.v1.subscriptions.list().data == []
    assert len(client.v1.customers.list().data) == 1


def test_usage_credits_and_coupons(client: stripe.StripeClient, payer: Any, stripe_emulator: EmulatorClient) -> None:
    """Usage so far, less a coupon that is only tried, less credits that are not spent."""
    stripe_emulator.clock.set(APRIL_1)
    subscribe(client, payer, price_of(client, 2, name="Calls", meter=meter_of(client)))
    use(client, payer, 1000)
    coupon = client.v1.coupons.create({"percent_off": 50, "duration": "once"})
    amount: Any = {"type": "monetary", "monetary": {"currency": "usd", "value": 300}}
    scope: Any = {"scope": {"price_type": "metered"}}
    client.v1.billing.credit_grants.create({"customer": payer.id, "amount": amount, "applicability_config": scope})
    stripe_emulator.clock.advance(HOUR)
    shown = preview(client, customer=payer.id, discounts=[{"coupon": coupon.id}])
    assert (shown.subtotal, shown.total) == (2000, 700)
    assert client.v1.coupons.retrieve(coupon.id).times_redeemed == 0
    summary = client.v1.billing.credit_balance_summary.retrieve(
        {
            "customer": payer.id,
            "filter": {"type": "applicability_scope", "applicability_scope": {"price_type": "metered"}},
        }
    )
    assert summary.balances[0].available_balance.monetary is not None
    assert summary.balances[0].available_balance.monetary.value == 300


def test_items_of_the_preview(client: stripe.StripeClient, payer: Any, subscription: Any) -> None:
    """New items, and other amounts for those that wait."""
    waiting = client.v1.invoice_items.create({"customer": payer.id, "amount": 70, "currency": "usd"})
    asked: Any = [{"amount": 5, "currency": "usd"}, {"invoiceitem": waiting.id, "amount": 80}]
    assert preview(client, customer=payer.id, invoice_items=asked).total == 1085
    assert client.v1.invoice_items.retrieve(waiting.id).amount == 70


def test_nothing_comes(client: stripe.StripeClient, customer: Any) -> None:
    """A customer for whom nothing waits has no next invoice; one with an item has."""
    with pytest.raises(stripe.InvalidRequestError) as refused:
        preview(client, customer=customer.id)
    assert (refused.value.http_status, refused.value.code) == (404, "invoice_upcoming_none")
    client.v1.invoice_items.create({"customer": customer.id, "amount": 70, "currency": "usd"})
    assert preview(client, customer=customer.id).total == 70
    with pytest.raises(stripe.InvalidRequestError, match="does not support `schedule`"):
        preview(client, schedule="sub_sched_1")
