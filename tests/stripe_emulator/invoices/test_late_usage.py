"""Usage that comes, or goes, while the invoice of its period is a draft, through the official client."""

from __future__ import annotations

from typing import Any

import pytest
import stripe

from stripe_emulator import EmulatorClient
from tests.stripe_emulator.metering.sending import DAY, NOON, send
from tests.stripe_emulator.subscriptions.subscribing import subscribe

FEBRUARY = NOON + 31 * DAY  # the first renewal of what began on the first of January
FINAL = FEBRUARY + 3600


@pytest.fixture(autouse=True)
def noon(stripe_emulator: EmulatorClient) -> None:
    """Let time stand still."""
    stripe_emulator.clock.set(NOON)


def priced(client: stripe.StripeClient, product: stripe.Product, meter: Any, /, **amounts: Any) -> stripe.Price:
    """Create a price of usage."""
    recurring: Any = {"interval": "month", "usage_type": "metered", "meter": meter.id}
    asked: Any = {"product": product.id, "currency": "usd", "recurring": recurring, **amounts}
    return client.v1.prices.create(asked)


def newest(client: stripe.StripeClient, customer: stripe.Customer) -> dict[str, Any]:
    """Return the newest invoice."""
    return client.v1.invoices.list({"customer": customer.id}).data[0].to_dict()


@pytest.mark.belief(
    "an invoice that is finalized bills the latest usage of its period, what came during the draft too", "D"
)
def test_usage_that_comes_late_is_on_the_invoice(
    client: stripe.StripeClient,
    stripe_emulator: EmulatorClient,
    payer: stripe.Customer,
    product: stripe.Product,
    meter: Any,
) -> None:
    """By its own time: what happened after the period is for the next one; the line is the same one."""
    subscribe(client, payer, priced(client, product, meter, unit_amount=5))
    send(client, payer.id, "30")
    stripe_emulator.clock.set(FEBRUARY)
    draft = newest(client, payer)
    send(client, payer.id, "10", timestamp=FEBRUARY - 1)
    send(client, payer.id, "100", timestamp=FEBRUARY)
    assert (draft["status"], draft["total"], newest(client, payer)["total"]) == ("draft", 150, 150)
    stripe_emulator.clock.set(FINAL)
    invoice = newest(client, payer)
    [line] = invoice["lines"]["data"]
    assert (invoice["total"], invoice["amount_paid"], line["quantity"], line["amount"]) == (200, 200, 40, 200)
    assert line["id"] == draft["lines"]["data"][0]["id"]


def test_usage_that_is_cancelled_in_time_is_not_on_it(
    client: stripe.StripeClient,
    stripe_emulator: EmulatorClient,
    payer: stripe.Customer,
    product: stripe.Product,
    meter: Any,
) -> None:
    """What is final stays."""
    subscribe(client, payer, priced(client, product, meter, unit_amount=5))
    stripe_emulator.clock.set(FEBRUARY - 60)
    for identifier in "ab":
        send(client, payer.id, "30", identifier=identifier)
    for identifier, moment in (("a", FEBRUARY + 60), ("b", FINAL + 60)):
        stripe_emulator.clock.set(moment)
        adjustment: Any = {"event_name": "tokens", "type": "cancel", "cancel": {"identifier": identifier}}
        client.v1.billing.meter_event_adjustments.create(adjustment)
    assert newest(client, payer)["total"] == 150


def test_late_usage_reaches_the_next_tier(
    client: stripe.StripeClient,
    stripe_emulator: EmulatorClient,
    payer: stripe.Customer,
    product: stripe.Product,
    meter: Any,
) -> None:
    """8 units of 10 cents become 10 of 10 cents and 5 of 4: another line joins."""
    tiers: Any = [{"up_to": 10, "unit_amount": 10}, {"up_to": "inf", "unit_amount": 4}]
    tiered = priced(client, product, meter, billing_scheme="tiered", tiers_mode="graduated", tiers=tiers)
    subscribe(client, payer, tiered)
    send(client, payer.id, "8")
    stripe_emulator.clock.set(FEBRUARY)
    send(client, payer.id, "7", timestamp=FEBRUARY - 1)
    stripe_emulator.clock.set(FINAL)
    lines = newest(client, payer)["lines"]["data"]
    assert [(line["quantity"], line["amount"]) for line in lines if line["amount"]] == [(10, 100), (5, 20)]
    assert len({line["id"] for line in lines}) == len(lines)


def test_what_a_threshold_billed_is_not_billed_again(
    client: stripe.StripeClient,
    stripe_emulator: EmulatorClient,
    payer: stripe.Customer,
    product: stripe.Product,
    meter: Any,
) -> None:
    """30 tokens at 5 cents reach 1.00; 12 later ones, 4 of them late, are for the end of the period."""
    subscribe(client, payer, priced(client, product, meter, unit_amount=5), billing_thresholds={"amount_gte": 100})
    send(client, payer.id, "30")
    stripe_emulator.clock.advance(DAY)
    send(client, payer.id, "8")
    stripe_emulator.clock.set(FEBRUARY)
    send(client, payer.id, "4", timestamp=FEBRUARY - 1)
    stripe_emulator.clock.set(FINAL)
    found = client.v1.invoices.list({"customer": payer.id}).data
    assert [(one.billing_reason, one.total) for one in found[:2]] == [
        ("subscription_cycle", 60),
        ("subscription_threshold", 150),
    ]
