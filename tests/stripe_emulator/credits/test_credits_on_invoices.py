"""Credits on the invoices of a subscription that is billed by usage, through the official client."""

from __future__ import annotations

from typing import Any

import pytest
import stripe

from stripe_emulator import EmulatorClient
from tests.stripe_emulator.metering.sending import DAY, NOON, send
from tests.stripe_emulator.subscriptions.subscribing import subscribe

FEBRUARY = NOON + 31 * DAY  # the first renewal of what began on the first of January
FINAL = FEBRUARY + 2 * 3600  # an hour after that the invoice is final


@pytest.fixture(autouse=True)
def noon(stripe_emulator: EmulatorClient) -> None:
    """Let time stand still."""
    stripe_emulator.clock.set(NOON)


@pytest.fixture
def tokens(client: stripe.StripeClient, product: stripe.Product, meter: Any) -> stripe.Price:
    """Return a price of 5 cents for each token."""
    recurring: Any = {"interval": "month", "usage_type": "metered", "meter": meter.id}
    return client.v1.prices.create({"product": product.id, "currency": "usd", "unit_amount": 5, "recurring": recurring})


def grant(client: stripe.StripeClient, customer: stripe.Customer, value: int, /, **change: Any) -> Any:
    """Grant credits."""
    params: Any = {
        "customer": customer.id,
        "amount": {"type": "monetary", "monetary": {"currency": "usd", "value": value}},
        "applicability_config": {"scope": {"price_type": "metered"}},
        **change,
    }
    return client.v1.billing.credit_grants.create(params)


def balance(client: stripe.StripeClient, customer: stripe.Customer) -> int:
    """Return what a customer has left."""
    wanted: Any = {"type": "applicability_scope", "applicability_scope": {"price_type": "metered"}}
    found = client.v1.billing.credit_balance_summary.retrieve({"customer": customer.id, "filter": wanted})
    [only] = found.to_dict()["balances"]
    return int(only["available_balance"]["monetary"]["value"])


def newest(client: stripe.StripeClient, customer: stripe.Customer) -> dict[str, Any]:
    """Return the newest invoice."""
    return client.v1.invoices.list({"customer": customer.id}).data[0].to_dict()


def reasons(client: stripe.StripeClient, customer: stripe.Customer) -> list[Any]:
    """Return why each invoice was made."""
    return [invoice.billing_reason for invoice in client.v1.invoices.list({"customer": customer.id}).data]


def test_credits_pay_for_usage_when_the_invoice_is_final(
    client: stripe.StripeClient,
    stripe_emulator: EmulatorClient,
    payer: stripe.Customer,
    tokens: stripe.Price,
    seat: stripe.Price,
) -> None:
    """30 tokens for 1.50, of which 1.00 is paid by credits; the seat for 12.00 is not."""
    subscribe(client, payer, tokens, seat)
    grant(client, payer, 100)
    send(client, payer.id, "30")
    stripe_emulator.clock.set(FEBRUARY)
    assert (newest(client, payer)["status"], balance(client, payer)) == ("draft", 100)
    stripe_emulator.clock.set(FINAL)
    invoice = newest(client, payer)
    assert (invoice["subtotal"], invoice["total"], invoice["amount_paid"]) == (1350, 1250, 1250)
    [applied] = invoice["total_pretax_credit_amounts"]
    assert (applied["amount"], applied["type"], balance(client, payer)) == (100, "credit_balance_transaction", 0)
    booked = client.v1.billing.credit_balance_transactions.retrieve(applied["credit_balance_transaction"]).to_dict()
    [metered] = [line for line in invoice["lines"]["data"] if line["pretax_credit_amounts"]]
    assert booked["debit"]["credits_applied"] == {"invoice": invoice["id"], "invoice_line_item": metered["id"]}
    assert metered["amount"] == 150


def test_voided_invoice_gives_its_credits_back(
    client: stripe.StripeClient, stripe_emulator: EmulatorClient, payer: stripe.Customer, tokens: stripe.Price
) -> None:
    """Which pay for the next one."""
    subscribe(client, payer, tokens, collection_method="send_invoice", days_until_due=30)
    grant(client, payer, 100)
    send(client, payer.id, "30")
    stripe_emulator.clock.set(FINAL)
    invoice = newest(client, payer)
    assert (invoice["status"], invoice["amount_due"], balance(client, payer)) == ("open", 50, 0)
    client.v1.invoices.void_invoice(invoice["id"])
    assert balance(client, payer) == 100


@pytest.mark.belief("a cancellation never changes a finalized invoice", "S")
def test_usage_that_is_cancelled_after_the_invoice_is_final_stays_on_it(
    client: stripe.StripeClient, stripe_emulator: EmulatorClient, payer: stripe.Customer, tokens: stripe.Price
) -> None:
    """Though the usage itself changes."""
    subscribe(client, payer, tokens)
    stripe_emulator.clock.set(FEBRUARY - 60)
    send(client, payer.id, "30", identifier="a")
    stripe_emulator.clock.set(FINAL)
    adjustment: Any = {"event_name": "tokens", "type": "cancel", "cancel": {"identifier": "a"}}
    client.v1.billing.meter_event_adjustments.create(adjustment)
    assert newest(client, payer)["total"] == 150


@pytest.mark.belief("usage that reaches a threshold is billed at once", "D")
def test_usage_that_reaches_a_threshold_is_billed_at_once(
    client: stripe.StripeClient, payer: stripe.Customer, tokens: stripe.Price
) -> None:
    """Not before."""
    subscribe(client, payer, tokens, billing_thresholds={"amount_gte": 100})
    send(client, payer.id, "19")
    assert "subscription_threshold" not in reasons(client, payer)
    send(client, payer.id, "1")
    assert "subscription_threshold" in reasons(client, payer)
