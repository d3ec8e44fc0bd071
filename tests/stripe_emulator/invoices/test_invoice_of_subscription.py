"""The invoices of a subscription: what it begins with, and what each period brings."""

from __future__ import annotations

from typing import Any

import pytest
import stripe

from stripe_emulator import EmulatorClient
from tests.stripe_emulator.subscriptions.subscribing import DAY, FEBRUARY_28, JANUARY_31, MARCH_31, subscribe

HOUR = 3600


def invoices(client: stripe.StripeClient, subscription: stripe.Subscription) -> list[Any]:
    """Return a subscription's invoices, oldest first."""
    return client.v1.invoices.list({"subscription": subscription.id, "limit": 100}).data[::-1]


def test_first_invoice_is_paid_at_once(
    client: stripe.StripeClient, payer: stripe.Customer, seat: stripe.Price, stripe_emulator: EmulatorClient
) -> None:
    """It bills the first period in advance, in endive's shape."""
    stripe_emulator.clock.set(JANUARY_31)
    subscription = subscribe(client, payer, {"price": seat.id, "quantity": 3}, metadata={"team": "a"})
    invoice = client.v1.invoices.retrieve(str(subscription.latest_invoice))
    assert (invoice.status, invoice.billing_reason, invoice.total) == ("paid", "subscription_create", 3600)
    assert (invoice.amount_due, invoice.amount_paid, invoice.amount_remaining) == (3600, 3600, 0)
    assert invoice.number == f"{payer.invoice_prefix}-0001"
    details = invoice.to_dict(for_json=True)["parent"]["subscription_details"]
    assert (details["subscription"], details["metadata"]) == (subscription.id, {"team": "a"})
    (line,) = invoice.lines.data
    assert line.description == "3 × Team (at $12.00 / month)"
    assert (line.period.start, line.period.end) == (JANUARY_31, FEBRUARY_28)
    assert line.pricing is not None
    assert line.pricing.to_dict(for_json=True) == {
        "price_details": {"price": seat.id, "product": seat.product},
        "type": "price_details",
        "unit_amount_decimal": "1200",
    }


@pytest.mark.belief("an invoice of a renewal is a draft for about an hour, then it is finalized and charged", "D")
def test_renewal_is_a_draft_for_an_hour(
    client: stripe.StripeClient, payer: stripe.Customer, seat: stripe.Price, stripe_emulator: EmulatorClient
) -> None:
    """Meanwhile the subscription is active in its new period."""
    stripe_emulator.clock.set(JANUARY_31)
    subscription = subscribe(client, payer, seat)
    stripe_emulator.clock.set(FEBRUARY_28)
    draft = invoices(client, subscription)[-1]
    assert (draft.status, draft.number, draft.billing_reason) == ("draft", None, "subscription_cycle")
    assert (draft.period_start, draft.period_end) == (JANUARY_31, FEBRUARY_28)
    assert draft.automatically_finalizes_at == FEBRUARY_28 + HOUR
    assert (draft.lines.data[0].period.start, draft.lines.data[0].period.end) == (FEBRUARY_28, MARCH_31)
    stripe_emulator.clock.advance(HOUR)
    paid = client.v1.invoices.retrieve(draft.id)
    assert (paid.status, paid.status_transitions.finalized_at, paid.amount_paid) == ("paid", FEBRUARY_28 + HOUR, 1200)


def test_every_period_is_billed_when_a_clock_jumps(
    client: stripe.StripeClient, payer: stripe.Customer, seat: stripe.Price, stripe_emulator: EmulatorClient
) -> None:
    """A year passed over at once leaves twelve more invoices, each of its own moment."""
    stripe_emulator.clock.set(JANUARY_31)
    subscription = subscribe(client, payer, seat)
    stripe_emulator.clock.set(JANUARY_31 + 365 * DAY + HOUR)
    found = invoices(client, subscription)
    assert [one.status for one in found] == ["paid"] * 13
    assert [one.created for one in found[:3]] == [JANUARY_31, FEBRUARY_28, MARCH_31]
    assert len({one.number for one in found}) == 13


def test_declined_renewal_is_past_due_until_it_is_paid(
    client: stripe.StripeClient, payer: stripe.Customer, seat: stripe.Price, stripe_emulator: EmulatorClient
) -> None:
    """Paying the latest invoice with another card makes it active again."""
    stripe_emulator.clock.set(JANUARY_31)
    subscription = subscribe(client, payer, seat)
    failing = client.v1.payment_methods.attach("pm_card_chargeCustomerFail", {"customer": payer.id})
    client.v1.customers.update(payer.id, {"invoice_settings": {"default_payment_method": failing.id}})
    stripe_emulator.clock.set(FEBRUARY_28 + HOUR)
    assert client.v1.subscriptions.retrieve(subscription.id).status == "past_due"
    unpaid = invoices(client, subscription)[-1]
    assert (unpaid.status, unpaid.attempt_count, unpaid.attempted) == ("open", 1, True)
    good = client.v1.payment_methods.attach("pm_card_visa", {"customer": payer.id})
    assert client.v1.invoices.pay(unpaid.id, {"payment_method": good.id}).status == "paid"
    assert client.v1.subscriptions.retrieve(subscription.id).status == "active"


def test_usage_is_billed_in_arrears(
    client: stripe.StripeClient, payer: stripe.Customer, usage: stripe.Price, stripe_emulator: EmulatorClient
) -> None:
    """Nothing is invoiced at the start; at the end of the period its usage is: 2,500 are three packages at 4 cents."""
    stripe_emulator.clock.set(JANUARY_31)
    subscription = subscribe(client, payer, usage)
    assert subscription.latest_invoice is None
    payload = {"stripe_customer_id": payer.id, "value": "2500"}
    client.v1.billing.meter_events.create({"event_name": "tokens", "payload": payload})
    stripe_emulator.clock.set(FEBRUARY_28 + HOUR)
    (invoice,) = invoices(client, subscription)
    (line,) = invoice.lines.data
    assert (line.amount, line.quantity, line.period.start, line.period.end) == (12, 2500, JANUARY_31, FEBRUARY_28)
    # Too little to charge: it waits in the customer's balance. https://docs.stripe.com/currencies#minimum-and-maximum-charge-amounts
    assert (invoice.status, invoice.amount_due, invoice.ending_balance) == ("paid", 0, 12)


def test_events_follow_the_invoice(client: stripe.StripeClient, payer: stripe.Customer, seat: stripe.Price) -> None:
    """A paid first invoice makes created, finalized, paid and payment_succeeded."""
    subscribe(client, payer, seat)
    types = [event.type for event in client.v1.events.list({"limit": 100}).data if event.type.startswith("invoice.")]
    assert types[::-1] == ["invoice.created", "invoice.finalized", "invoice.paid", "invoice.payment_succeeded"]


def test_invoices_live_in_the_time_of_a_test_clock(
    client: stripe.StripeClient, seat: stripe.Price, stripe_emulator: EmulatorClient
) -> None:
    """Advanced over two months it leaves two more invoices, each of its own moment; other lists do not show them."""
    stripe_emulator.clock.set(JANUARY_31 + 300 * DAY)
    clock = client.v1.test_helpers.test_clocks.create({"frozen_time": JANUARY_31})
    given: Any = {"payment_method": "pm_card_visa", "invoice_settings": {"default_payment_method": "pm_card_visa"}}
    given["test_clock"] = clock.id
    payer = client.v1.customers.create(given)
    subscription = subscribe(client, payer, seat)
    for moment in (FEBRUARY_28 + HOUR, MARCH_31 + HOUR):
        client.v1.test_helpers.test_clocks.advance(clock.id, {"frozen_time": moment})
    found = invoices(client, subscription)
    assert [(one.created, one.status) for one in found] == [
        (JANUARY_31, "paid"), (FEBRUARY_28, "paid"), (MARCH_31, "paid"),
    ]  # fmt: skip
    assert {one.test_clock for one in found} == {clock.id}
    assert client.v1.invoices.list().data == []
    assert client.v1.subscriptions.list().data == []
    assert client.v1.invoices.create_preview({"customer": payer.id}).created > MARCH_31
