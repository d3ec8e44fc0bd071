"""Usage at the edges of billing periods of real subscriptions: it is billed where it was, and compared exactly."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from billing_runtime import Billing, CheckoutSettings
from tests.billing_runtime.conftest import create_price
from tests.billing_runtime.outbox.conftest import Json, rows

if TYPE_CHECKING:
    import stripe

    from stripe_emulator.client import EmulatorClient
    from tests.billing_runtime.outbox.conftest import Time

PLAN = "alpaca-ai"


@pytest.fixture
def billing(
    open_billing: Callable[..., Billing],
    data: Json,
    stripe_client: stripe.StripeClient,
    stripe_emulator: EmulatorClient,
    clock: Time,
) -> Billing:
    """The shop's billing, with a metered price of the meter `tokens`."""
    data["plans"][PLAN]["limits"] = data["plans"]["free"]["limits"]
    for key, product in data["products"].items():
        product["id"] = stripe_client.v1.products.create({"name": key}).id
    for key, facts in data["prices"].items():
        facts["meter"] = facts["meter"] and "tokens"
        facts["id"] = create_price(stripe_client, data, key, facts).id
    pages = CheckoutSettings(success_url="https://app.test/done", cancel_url="https://app.test/pricing")
    return open_billing(manifest=data, api_base=stripe_emulator.url, clock=clock, checkout=pages)


@pytest.fixture
def subscribed(billing: Billing, stripe_client: stripe.StripeClient) -> str:
    """A subscription of org_1 that began at an odd second."""
    customer = billing.customers.ensure("org_1", kind="organization").id
    method = stripe_client.v1.payment_methods.attach("pm_card_visa", {"customer": customer})
    default: Any = {"invoice_settings": {"default_payment_method": method.id}}
    stripe_client.v1.customers.update(customer, default)
    return billing.subscribe("org_1", price="alpaca-ai.tokens").id


def billed(client: stripe.StripeClient, subscription: str) -> list[int]:
    """The quantities of usage of each invoice, oldest first; what is nothing left out."""
    invoices = client.v1.invoices.list({"subscription": subscription}).data[::-1]
    return [line.quantity for one in invoices for line in one.lines.data if line.quantity]


def test_usage_is_billed_in_its_period(
    billing: Billing, subscribed: str, stripe_client: stripe.StripeClient, clock: Time
) -> None:
    """Usage of the last second and of the first one of periods that change inside of a minute: each in its own."""
    ends = billing.subscription("org_1").current_period_end
    assert ends is not None
    assert ends.second == 53
    worker = billing.worker()
    for before, amount in ((20, 1), (3, 2), (1, 4)):
        clock.set(ends - timedelta(seconds=before))
        billing.consume("org_1", "tokens", amount)
        worker.once()
    clock.set(ends)
    billing.consume("org_1", "tokens", 8)
    clock.pass_(seconds=61)
    worker.once()
    clock.pass_(hours=3)
    billing.sync("org_1")
    assert billed(stripe_client, subscribed) == [7]
    assert billing.usage.corrections() == []
    found = billing.usage.drift("org_1")
    assert [(one.used, one.told, one.stripe, one.difference) for one in found] == [(7, 7, 7, 0), (8, 8, 8, 0)]


def test_what_is_used_until_it_is_cancelled_is_billed(
    billing: Billing, subscribed: str, stripe_client: stripe.StripeClient, clock: Time
) -> None:
    """Ending a subscription now must tell Stripe first what was used; changing it too."""
    clock.pass_(days=3)
    billing.consume("org_1", "tokens", 3000)
    billing.cancel("org_1", when="now")
    assert billed(stripe_client, subscribed) == [3000]
    assert billing.usage.lag("org_1").waiting == 0


def test_usage_that_is_too_late_for_its_invoice(
    billing: Billing, subscribed: str, stripe_client: stripe.StripeClient, clock: Time, caplog: Any
) -> None:
    """What is told, or given back, after the invoice was made must be told to the application: the meter has it."""
    receipt = str(billing.consume("org_1", "tokens", 5).receipt)
    billing.usage.flush()
    billing.consume("org_1", "tokens", 2)
    clock.set(datetime(2026, 4, 20, tzinfo=UTC))
    billing.sync("org_1")
    billing.usage.flush()
    billing.refund(receipt, 3)
    billing.usage.flush()
    assert billed(stripe_client, subscribed) == [5]
    assert [one.units for one in billing.usage.corrections("org_1")] == [2, -3]
    assert "2 units too little" in caplog.text
    assert [(one.used, one.difference) for one in billing.usage.drift()] == [(4, 0)]


def test_who_is_not_billed_needs_no_correction(billing: Billing, clock: Time) -> None:
    """On a free plan there is no invoice that could be wrong."""
    billing.customers.ensure("org_2")
    receipt = str(billing.consume("org_2", "tokens", 5).receipt)
    clock.pass_(days=30)
    billing.usage.flush()
    billing.refund(receipt)
    billing.usage.flush()
    assert billing.usage.corrections() == []


def test_drift_shows_what_others_tell(billing: Billing, subscribed: str, clock: Time) -> None:
    """Usage that waits is no difference; what somebody else reports of the customer is."""
    for name in ("tokens", "calls", "stored", "hourly", "days"):
        billing.consume("org_1", name, 4)
    billing.usage.flush("org_1")
    clock.pass_(minutes=5)
    billing.consume("org_1", "tokens", 3)
    billing.usage.record("org_1", "tokens", 100, timestamp=clock.now)
    billing.consume("org_3", "tokens", 1)
    clock.pass_(minutes=1)
    found = {(one.entity_id, one.meter): one for one in billing.usage.drift()}
    tokens = found["org_1", "tokens"]
    assert (tokens.used, tokens.told, tokens.stripe, tokens.difference) == (7, 4, 104, 100)
    assert {one.difference for one in found.values() if one is not tokens} == {0}
    assert found["org_3", "tokens"].stripe is None
    assert found["org_1", "days"].stripe == 1


def test_an_invoice_is_near(billing: Billing, subscribed: str, clock: Time) -> None:
    """When Stripe tells of an invoice or an end, what is used so far must not wait for its slice to end."""
    billing.consume("org_1", "tokens", 5)
    assert rows(billing)[0]["due_at"] > clock.unix
    hooks = billing._context.hooks
    from billing_runtime._inbox.hooks import BillingEvent

    told = BillingEvent("evt_1", "invoice.upcoming", clock.now, "org_1", None, None)
    for hook in hooks.of("invoice.upcoming"):
        hook(told)
    assert rows(billing)[0]["due_at"] == clock.unix
