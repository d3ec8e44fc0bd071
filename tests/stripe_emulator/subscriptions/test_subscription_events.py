"""What time and changes tell about subscriptions and their invoices."""

from __future__ import annotations

from typing import Any

import pytest
import stripe

from stripe_emulator import EmulatorClient
from tests.stripe_emulator.invoices.billing import HOUR, invoices, lines, price_of
from tests.stripe_emulator.subscriptions.subscribing import DAY, FEBRUARY_28, JANUARY_31, items, subscribe


def told(client: stripe.StripeClient, prefix: str = "customer.subscription.") -> list[tuple[str, int]]:
    """Return types and moments of the events with this prefix, oldest first."""
    events = client.v1.events.list({"limit": 100}).data[::-1]
    return [(event.type.removeprefix(prefix), event.created) for event in events if event.type.startswith(prefix)]


@pytest.mark.belief("the end of a trial is told three days before, at once if it is shorter", "D")
@pytest.mark.parametrize(("days", "moment"), [(14, JANUARY_31 + 11 * DAY), (2, JANUARY_31)])
def test_end_of_a_trial_is_announced(
    client: stripe.StripeClient, payer: Any, seat: Any, stripe_emulator: EmulatorClient, days: int, moment: int
) -> None:
    """Once, and the trial's end is an update at its own moment."""
    stripe_emulator.clock.set(JANUARY_31)
    subscribe(client, payer, seat, trial_period_days=days)
    stripe_emulator.clock.advance(days * DAY)
    assert [one for one in told(client) if one[0] == "trial_will_end"] == [("trial_will_end", moment)]
    assert told(client)[-1] == ("updated", JANUARY_31 + days * DAY)


@pytest.mark.belief("an invoice that comes is told seven days before", "M")
def test_next_invoice_is_announced(
    client: stripe.StripeClient, payer: Any, seat: Any, stripe_emulator: EmulatorClient
) -> None:
    """With the invoice as it would be, which nobody can ask for."""
    stripe_emulator.clock.set(JANUARY_31)
    subscribe(client, payer, seat)
    stripe_emulator.clock.set(FEBRUARY_28)
    (event,) = client.v1.events.list({"type": "invoice.upcoming"}).data
    shown = event.to_dict(for_json=True)["data"]["object"]
    assert (event.created, shown["total"], shown["period_end"]) == (FEBRUARY_28 - 7 * DAY, 1200, FEBRUARY_28)


def test_renewal_and_end_are_told(
    client: stripe.StripeClient, payer: Any, seat: Any, stripe_emulator: EmulatorClient
) -> None:
    """A renewal is an update that names the old period; an end is told as deleted, once."""
    stripe_emulator.clock.set(JANUARY_31)
    subscription = subscribe(client, payer, seat)
    stripe_emulator.clock.set(FEBRUARY_28)
    (renewed,) = [
        event for event in client.v1.events.list({"type": "customer.subscription.updated"}).data
        if event.created == FEBRUARY_28
    ]  # fmt: skip
    before = renewed.to_dict(for_json=True)["data"]["previous_attributes"]
    assert before["items"]["data"][0]["current_period_start"] == JANUARY_31
    client.v1.subscriptions.update(subscription.id, {"cancel_at_period_end": True})
    stripe_emulator.clock.advance(31 * DAY)
    assert told(client)[-1] == ("deleted", FEBRUARY_28 + 31 * DAY)
    assert [name for name, _ in told(client)].count("deleted") == 1


@pytest.mark.belief("while collection is paused invoices stay drafts, are void or given up", "D")
@pytest.mark.parametrize(
    ("behavior", "status"), [("keep_as_draft", "draft"), ("void", "void"), ("mark_uncollectible", "uncollectible")]
)
def test_paused_collection(
    client: stripe.StripeClient, payer: Any, seat: Any, stripe_emulator: EmulatorClient, behavior: Any, status: str
) -> None:
    """The subscription renews all the same."""
    stripe_emulator.clock.set(JANUARY_31)
    subscription = subscribe(client, payer, seat)
    client.v1.subscriptions.update(subscription.id, {"pause_collection": {"behavior": behavior}})
    stripe_emulator.clock.set(FEBRUARY_28 + 2 * HOUR)
    assert [one.status for one in invoices(client, subscription)] == ["paid", status]
    assert client.v1.subscriptions.retrieve(subscription.id).status == "active"


def test_invoices_that_are_sent(
    client: stripe.StripeClient, customer: Any, seat: Any, stripe_emulator: EmulatorClient
) -> None:
    """The first one at once, each with its date; taxes of the subscription and of an item are on them."""
    stripe_emulator.clock.set(JANUARY_31)
    rates = [
        client.v1.tax_rates.create({"display_name": "VAT", "percentage": percent, "inclusive": False}).id
        for percent in (20.0, 5.0)
    ]
    reduced: Any = {"price": price_of(client, 1000).id, "tax_rates": [rates[1]]}
    sent: Any = {"collection_method": "send_invoice", "days_until_due": 30, "default_tax_rates": [rates[0]]}
    subscription = subscribe(client, customer, seat, reduced, **sent)
    assert [rate.id for rate in subscription.default_tax_rates or []] == [rates[0]]
    assert [rate.id for rate in items(subscription)[1].tax_rates] == [rates[1]]
    (invoice,) = invoices(client, subscription)
    assert (invoice.status, invoice.due_date) == ("open", JANUARY_31 + 30 * DAY)
    assert (invoice.subtotal, invoice.total, invoice.total_excluding_tax) == (2200, 2200 + 240 + 50, 2200)
    assert [entry.amount for entry in invoice.total_taxes] == [240, 50]
    assert lines(invoice)[1] == ("1 × Team (at $10.00 / month)", 1000)


def test_changes_of_an_item_are_told_as_the_subscriptions(client: stripe.StripeClient, payer: Any, seat: Any) -> None:
    """With the items as they were."""
    subscription = subscribe(client, payer, seat)
    client.v1.subscription_items.update(items(subscription)[0].id, {"quantity": 4})
    event = client.v1.events.list({"type": "customer.subscription.updated"}).data[0].to_dict(for_json=True)
    assert event["data"]["previous_attributes"]["items"]["data"][0]["quantity"] == 1
    assert event["data"]["object"]["items"]["data"][0]["quantity"] == 4


def test_expired_subscription_has_a_void_invoice(
    client: stripe.StripeClient, payer: Any, seat: Any, stripe_emulator: EmulatorClient
) -> None:
    """What was not paid within 23 hours is not owed."""
    subscription = subscribe(client, payer, seat, payment_behavior="default_incomplete")
    assert invoices(client, subscription)[0].status == "open"
    stripe_emulator.clock.advance(23 * HOUR)
    assert client.v1.subscriptions.retrieve(subscription.id).status == "incomplete_expired"
    assert invoices(client, subscription)[0].status == "void"
