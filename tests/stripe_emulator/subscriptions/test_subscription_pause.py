"""Pausing and resuming, through the official client. https://docs.stripe.com/billing/subscriptions/pause."""

from __future__ import annotations

from typing import Any

import pytest
import stripe

from stripe_emulator import EmulatorClient
from tests.stripe_emulator.answers import body
from tests.stripe_emulator.payments.collecting import DAY, FEBRUARY_28, HOUR, JANUARY_31, Life, life, subscribed
from tests.stripe_emulator.payments.paying import refusal, told


def pause(somebody: Life, **params: Any) -> Any:
    """Pause the subscription."""
    return somebody.client.v1.subscriptions.pause(somebody.subscription, params)  # type: ignore[arg-type]


def resume(somebody: Life, **params: Any) -> Any:
    """Take the subscription up again."""
    return somebody.client.v1.subscriptions.resume(somebody.subscription, params)  # type: ignore[arg-type]


def billed(client: stripe.StripeClient) -> list[int]:
    """Return the totals of all invoices, oldest first."""
    found = client.v1.customers.list({"limit": 1, "test_clock": client.v1.test_helpers.test_clocks.list().data[0].id})
    invoices = client.v1.invoices.list({"limit": 100, "customer": found.data[0].id}).data
    return [one.total for one in invoices[::-1]]


@pytest.mark.belief("a paused subscription says since when and why, and makes no invoices", "S")
def test_paused_makes_no_invoices(client: stripe.StripeClient) -> None:
    """Nothing is billed while two periods would have passed, and both ends of the pause are told."""
    somebody = subscribed(life(client))
    paused = pause(somebody, bill_for={"unused_time_from": {"type": "none"}})
    details = paused.status_details.paused
    assert (paused.status, details.subscription.type, details.transitioned_at) == (
        "paused",
        "pause_requested",
        JANUARY_31,
    )
    somebody.to(JANUARY_31 + 70 * DAY)
    assert billed(client) == [1200]
    resumed = resume(somebody)
    assert (resumed.status, resumed.status_details, billed(client)) == ("active", None, [1200, 1200])
    assert resumed["items"].data[0].current_period_start == resumed.billing_cycle_anchor == JANUARY_31 + 70 * DAY
    assert told(client, "customer.subscription.paused", "customer.subscription.resumed") == [
        "customer.subscription.paused",
        "customer.subscription.resumed",
    ]


@pytest.mark.belief("pausing gives back what was paid for the time ahead, with the next invoice or at once", "S")
@pytest.mark.parametrize(("behavior", "totals"), [("pending_invoice_item", [1200]), ("invoice", [1200, -600])])
def test_unused_time_is_given_back(client: stripe.StripeClient, behavior: str, totals: list[int]) -> None:
    """In the middle of 28 days half of 12.00 goes back; resuming asks for 12.00 anew."""
    somebody = subscribed(life(client))
    somebody.to(JANUARY_31 + 14 * DAY)
    pause(somebody, invoicing_behavior=behavior)
    assert billed(client) == totals
    resume(somebody)
    assert billed(client)[-1] == (600 if behavior == "pending_invoice_item" else 1200)
    assert sum(billed(client)) == 1200 - 600 + 1200


@pytest.mark.belief("with item_current_period_start the whole period is given back", "S")
def test_whole_period_is_given_back(client: stripe.StripeClient) -> None:
    """Whoever pauses on the third day gets all of it back if that is wanted."""
    somebody = subscribed(life(client))
    somebody.to(JANUARY_31 + 3 * DAY)
    pause(somebody, bill_for={"unused_time_from": {"type": "item_current_period_start"}}, invoicing_behavior="invoice")
    assert billed(client) == [1200, -1200]


@pytest.mark.belief("resumed in its old cycle, a subscription pays for the rest of the period of then", "S")
@pytest.mark.parametrize(
    ("behavior", "totals"), [("always_invoice", [1200, 0, 600]), ("create_prorations", [1200]), ("none", [1200])]
)
def test_resumed_in_the_old_cycle(client: stripe.StripeClient, behavior: str, totals: list[int]) -> None:
    """Given back on the 28th of February at noon, resumed 15.5 of 31 days later: half of 12.00 is due."""
    somebody = subscribed(life(client))
    pause(somebody, bill_for={"unused_time_from": {"type": "none"}})
    somebody.to(FEBRUARY_28 + 31 * DAY // 2)
    resumed = resume(somebody, billing_cycle_anchor={"type": "unchanged"}, proration_behavior=behavior)
    assert (resumed.status, resumed.billing_cycle_anchor) == ("active", JANUARY_31)
    assert billed(client) == [total for total in totals if total]
    somebody.to(FEBRUARY_28 + 31 * DAY + HOUR)
    waited = 600 if behavior == "create_prorations" else 0
    assert billed(client)[-1] == 1200 + waited


@pytest.mark.belief("resuming: the attempt to pay decides between active and past due, or payment alone resumes", "S")
@pytest.mark.parametrize(
    ("behavior", "status"), [("resume_on_payment_attempt", "past_due"), ("resume_on_payment_success", "paused")]
)
def test_resumption_is_not_paid(client: stripe.StripeClient, behavior: str, status: str) -> None:
    """A customer whose card fails is past due, or stays paused; paying the invoice resumes either way."""
    somebody = subscribed(life(client))
    pause(somebody, bill_for={"unused_time_from": {"type": "none"}})
    somebody.pays_with("pm_card_chargeCustomerFail")
    assert resume(somebody, payment_behavior=behavior).status == status
    assert somebody.invoice.status == "open"
    somebody.pays_with("pm_card_visa")
    client.v1.invoices.pay(somebody.invoice.id)
    assert somebody.status == "active"


@pytest.mark.belief("a resumption that nobody tries to pay for within 23 hours is void, the pause goes on", "S")
def test_resumption_expires(client: stripe.StripeClient) -> None:
    """After 23 hours the invoice is void; a resumption that is given up for good resumes instead."""
    somebody = subscribed(life(client))
    pause(somebody, bill_for={"unused_time_from": {"type": "none"}})
    resume(somebody, payment_behavior="resume_on_payment_success")
    somebody.to(JANUARY_31 + 23 * HOUR)
    assert (somebody.status, somebody.invoice.status) == ("paused", "void")
    resume(somebody, payment_behavior="resume_on_payment_success")
    client.v1.invoices.mark_uncollectible(somebody.invoice.id)
    assert somebody.status == "active"


@pytest.mark.error_case(99)
@pytest.mark.belief(
    "only a paused subscription that is charged automatically is resumed, only a running one paused", "R S"
)
def test_refusals(client: stripe.StripeClient) -> None:
    """Neither can be done twice, and whoever gets sent invoices cannot be resumed."""
    somebody = subscribed(life(client))
    error = refusal(lambda: resume(somebody))
    assert (error.http_status, error.code) == (400, None)
    assert "You can only resume a subscription if it is `paused`." in str(error)
    pause(somebody)
    assert refusal(lambda: pause(somebody)).http_status == 400
    client.v1.subscriptions.update(somebody.subscription, {"collection_method": "send_invoice", "days_until_due": 3})
    assert refusal(lambda: resume(somebody)).http_status == 400


@pytest.mark.belief("usage up to a pause is billed, or forgiven; usage during the pause is nobody's", "S M")
@pytest.mark.parametrize(("through", "total"), [("now", 40), ("none", 0)])
def test_usage_at_a_pause(
    client: stripe.StripeClient,
    usage: stripe.Price,
    payer: stripe.Customer,
    stripe_emulator: EmulatorClient,
    through: str,
    total: int,
) -> None:
    """10,000 tokens at 0.04 for each thousand before the pause are 0.40; as many during the pause are free."""
    stripe_emulator.clock.set(JANUARY_31)
    subscription = client.v1.subscriptions.create({"customer": payer.id, "items": [{"price": usage.id}]})
    for moment in (JANUARY_31 + DAY, JANUARY_31 + 5 * DAY):
        stripe_emulator.clock.set(moment)
        payload = {"stripe_customer_id": payer.id, "value": "10000"}
        client.v1.billing.meter_events.create({"event_name": "tokens", "payload": payload})
        stripe_emulator.clock.advance(DAY)
        if moment == JANUARY_31 + DAY:
            given: Any = {"bill_for": {"outstanding_usage_through": {"type": through}}, "invoicing_behavior": "invoice"}
            client.v1.subscriptions.pause(subscription.id, given)
    client.v1.subscriptions.resume(subscription.id)
    stripe_emulator.clock.advance(40 * DAY)
    assert sum(one.total for one in client.v1.invoices.list({"customer": payer.id}).data) == total


@pytest.mark.belief("a trial that ends without a payment method pauses, and says that this was the reason", "S D")
def test_trial_pauses(client: stripe.StripeClient) -> None:
    """A card resumes it."""
    settings: Any = {"end_behavior": {"missing_payment_method": "pause"}}
    somebody = subscribed(life(client, None), trial_period_days=3, trial_settings=settings)
    somebody.to(JANUARY_31 + 3 * DAY)
    paused: Any = client.v1.subscriptions.retrieve(somebody.subscription)
    assert (paused.status, paused.status_details.paused.subscription.type) == (
        "paused",
        "trial_end_without_payment_method",
    )
    somebody.pays_with("pm_card_visa")
    assert (resume(somebody).status, billed(client)[-1]) == ("active", 1200)


@pytest.mark.belief(
    "while its collection is paused, a subscription's invoices stay drafts, are void or given up", "D S"
)
@pytest.mark.parametrize(
    ("behavior", "status"),
    [("keep_as_draft", "draft"), ("void", "void"), ("mark_uncollectible", "uncollectible")],
)
def test_paused_collection(client: stripe.StripeClient, behavior: str, status: str) -> None:
    """The subscription stays active; on its day collection is taken up by itself."""
    somebody = subscribed(life(client))
    paused: Any = {"behavior": behavior, "resumes_at": FEBRUARY_28 + 5 * DAY}
    client.v1.subscriptions.update(somebody.subscription, {"pause_collection": paused})
    somebody.to(FEBRUARY_28 + HOUR)
    assert (somebody.status, somebody.invoice.status) == ("active", status)
    change: Any = {"items": [{"id": _item(somebody), "quantity": 2}], "proration_behavior": "always_invoice"}
    client.v1.subscriptions.update(somebody.subscription, change)
    somebody.to(FEBRUARY_28 + 2 * HOUR + 60)
    assert somebody.invoice.status == status
    somebody.to(FEBRUARY_28 + 5 * DAY)
    assert client.v1.subscriptions.retrieve(somebody.subscription).pause_collection is None
    somebody.to(FEBRUARY_28 + 31 * DAY + HOUR)
    assert (somebody.invoice.status, somebody.invoice.total) == ("paid", 2400)


def test_collection_resumes_later_than_now(client: stripe.StripeClient) -> None:
    """A pause ends in the future, and may be taken back."""
    somebody = subscribed(life(client))
    past: Any = {"pause_collection": {"behavior": "void", "resumes_at": JANUARY_31}}
    error = refusal(lambda: client.v1.subscriptions.update(somebody.subscription, past))
    assert error.param == "pause_collection[resumes_at]"
    ahead: Any = {"pause_collection": {"behavior": "void"}}
    client.v1.subscriptions.update(somebody.subscription, ahead)
    again = client.v1.subscriptions.update(somebody.subscription, {"pause_collection": ""})
    assert body(again)["pause_collection"] is None


def _item(somebody: Life) -> str:
    return str(somebody.client.v1.subscriptions.retrieve(somebody.subscription)["items"].data[0].id)
