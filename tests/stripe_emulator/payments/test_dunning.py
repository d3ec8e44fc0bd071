"""Retries and their end, through the official client. https://docs.stripe.com/billing/revenue-recovery/smart-retries."""

from __future__ import annotations

from typing import Any

import pytest
import stripe
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stripe_emulator import EmulatorClient, Server
from tests.stripe_emulator.payments.collecting import DAY, FEBRUARY_28, HOUR, JANUARY_31, Life, life, subscribed
from tests.stripe_emulator.payments.paying import told

FIRST = FEBRUARY_28 + HOUR  # when the first renewal is charged


def failing(client: stripe.StripeClient, method: str = "pm_card_chargeCustomerFail") -> Life:
    """Return somebody whose card works at first and not at the renewal."""
    somebody = subscribed(life(client))
    somebody.pays_with(method)
    return somebody


@pytest.mark.belief("a failed renewal is tried again 3, 5 and 7 days later, then the subscription is canceled", "D M")
def test_retries_and_the_end(client: stripe.StripeClient) -> None:
    """Each attempt counts, is told, and names the next one; after the last the subscription ends for that reason."""
    somebody, moment = failing(client), FIRST
    for attempt, days in ((1, 3), (2, 5), (3, 7)):
        somebody.to(moment)
        invoice = somebody.invoice
        assert (somebody.status, invoice.status, invoice.attempt_count) == ("past_due", "open", attempt)
        assert invoice.next_payment_attempt == moment + days * DAY
        moment += days * DAY
    somebody.to(moment)
    invoice = somebody.invoice
    assert (invoice.status, invoice.attempt_count, invoice.next_payment_attempt) == ("open", 4, None)
    assert told(client, "invoice.payment_failed") == ["invoice.payment_failed"] * 4
    ended: Any = client.v1.subscriptions.retrieve(somebody.subscription)
    assert (ended.status, ended.ended_at, ended.cancellation_details.reason) == ("canceled", moment, "payment_failed")


@pytest.mark.belief("a retry pays with what the customer pays with by then, and revives the subscription", "D")
def test_retry_with_a_new_card(client: stripe.StripeClient) -> None:
    """The customer gives another card, and the next attempt on its day succeeds."""
    somebody = failing(client)
    somebody.to(FIRST)
    somebody.pays_with("pm_card_visa")
    somebody.to(FIRST + 3 * DAY - 1)
    assert (somebody.status, somebody.invoice.status) == ("past_due", "open")
    somebody.to(FIRST + 3 * DAY)
    assert (somebody.status, somebody.invoice.status, somebody.invoice.attempt_count) == ("active", "paid", 2)


@pytest.mark.belief("the account chooses the days, and what comes at last: cancel, unpaid, or nothing", "D")
@pytest.mark.parametrize("last", ["unpaid", "past_due"])
def test_chosen_end(client: stripe.StripeClient, stripe_emulator: EmulatorClient, last: str) -> None:
    """With one retry after a day, the second attempt is the last; paying later revives."""
    chosen = stripe_emulator.billing_settings(retry_days=[1], after_retries=last)
    assert chosen == {"retry_days": [1], "after_retries": last}
    somebody = failing(client)
    somebody.to(FIRST + DAY)
    invoice = somebody.invoice
    assert (somebody.status, invoice.attempt_count, invoice.next_payment_attempt) == (last, 2, None)
    somebody.pays_with("pm_card_visa")
    client.v1.invoices.pay(invoice.id)
    assert (somebody.status, somebody.invoice.status) == ("active", "paid")


@pytest.mark.belief("an unpaid subscription makes drafts that nobody advances", "D")
def test_unpaid_makes_drafts(client: stripe.StripeClient, stripe_emulator: EmulatorClient) -> None:
    """The next renewal is a draft, and stays one."""
    stripe_emulator.billing_settings(retry_days=[], after_retries="unpaid")
    somebody = failing(client)
    somebody.to(FIRST)
    assert (somebody.status, somebody.invoice.attempt_count) == ("unpaid", 1)
    somebody.to(FIRST + 33 * DAY)
    assert (somebody.status, somebody.invoice.status, somebody.invoice.auto_advance) == ("unpaid", "draft", False)


def test_settings_are_checked(stripe_emulator: EmulatorClient) -> None:
    """What Stripe's dashboard does not offer is refused in a sentence."""
    for wrong in ({"retry_days": [0]}, {"retry_days": "3"}, {"after_retries": "forget"}, {"days": [1]}, {"key": "x"}):
        with pytest.raises(ValueError, match=r"."):
            stripe_emulator.billing_settings(**wrong)


@pytest.mark.belief("a hard decline is tried again only with another method; the schedule goes on all the same", "S D")
def test_hard_declines(client: stripe.StripeClient) -> None:
    """A card that its owner must confirm is asked once; the other attempts pass, and another card is used."""
    somebody = failing(client, "pm_card_authenticationRequired")
    somebody.to(FIRST)
    assert (somebody.status, somebody.intent.status) == ("past_due", "requires_action")
    somebody.to(FIRST + 3 * DAY)
    assert somebody.invoice.attempt_count == 2
    assert told(client, "invoice.payment_action_required") == ["invoice.payment_action_required"]
    somebody.pays_with("pm_card_visa")
    somebody.to(FIRST + 8 * DAY)
    assert (somebody.status, somebody.invoice.status, somebody.invoice.attempt_count) == ("active", "paid", 3)


@pytest.mark.belief("a renewal that must be authenticated says so, and is paid when the customer has confirmed", "D")
def test_renewal_waits_for_the_customer(client: stripe.StripeClient, stripe_emulator: EmulatorClient) -> None:
    """The customer confirms a day later, and nothing is tried again afterwards."""
    somebody = failing(client, "pm_card_authenticationRequired")
    somebody.to(FIRST + DAY)
    assert told(client, "invoice.payment_") == [
        "invoice.payment_succeeded",
        "invoice.payment_action_required",
        "invoice.payment_failed",
    ]
    stripe_emulator.authenticate(somebody.intent.id)
    assert (somebody.status, somebody.invoice.status) == ("active", "paid")
    somebody.to(FIRST + 20 * DAY)
    assert len(client.v1.charges.list({"customer": somebody.customer}).data) == 2


@pytest.mark.belief("a sent invoice that is not paid by its date is overdue, and its subscription past due", "D")
def test_overdue(client: stripe.StripeClient) -> None:
    """The customer is delinquent until the invoice is paid."""
    somebody = subscribed(life(client), collection_method="send_invoice", days_until_due=7)
    assert (somebody.status, somebody.invoice.status) == ("active", "open")
    somebody.to(JANUARY_31 + 7 * DAY)
    assert somebody.status == "past_due"
    assert told(client, "invoice.overdue") == ["invoice.overdue"]
    assert client.v1.customers.retrieve(somebody.customer).delinquent is True
    client.v1.invoices.pay(somebody.invoice.id)
    assert somebody.status == "active"
    assert client.v1.customers.retrieve(somebody.customer).delinquent is False


CARDS = ("pm_card_visa", "pm_card_chargeCustomerFail", "pm_card_authenticationRequired", "pm_usBankAccount_success")
STEPS = st.one_of(
    st.tuples(st.just("card"), st.sampled_from(CARDS)),
    st.tuples(st.just("advance"), st.sampled_from([HOUR, 3 * DAY, 20 * DAY])),
    st.tuples(st.just("authenticate"), st.sampled_from(["succeed", "fail"])),
    st.tuples(st.just("pay"), st.just("")),
    st.tuples(st.just("confirm"), st.sampled_from(["pm_card_visa", "pm_card_visa_chargeDeclined"])),
)


def do(somebody: Life, emulator: EmulatorClient, step: tuple[str, Any]) -> None:
    """Do one thing; that Stripe refuses it is as good."""
    what, how = step
    client = somebody.client
    try:
        if what == "card":
            somebody.pays_with(how)
        elif what == "advance":
            now = client.v1.test_helpers.test_clocks.retrieve(somebody.clock).frozen_time
            somebody.to(now + how)
        elif what == "pay":
            client.v1.invoices.pay(somebody.invoice.id)
        elif what == "confirm":
            client.v1.payment_intents.confirm(somebody.intent.id, {"payment_method": how})
        else:
            emulator.authenticate(somebody.intent.id, how)
    except (stripe.StripeError, ValueError, IndexError):
        return


def expected(status: str, latest: Any, *, in_progress: bool) -> set[str]:
    """Return the statuses a subscription may have by its latest invoice alone."""
    if latest.status in {"paid", "draft"}:
        return {"active", "past_due"} if latest.status == "draft" else {"active"}
    if latest.billing_reason == "subscription_create":
        return {"active", "past_due"} if in_progress else {"incomplete", "incomplete_expired", "past_due", "canceled"}
    if in_progress:
        return {"active", "past_due", "canceled"}
    return {"past_due", "canceled"} if status != "active" or latest.attempted else {"active"}


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(first=st.sampled_from(CARDS), steps=st.lists(STEPS, max_size=8))
def test_whatever_happens(
    new_account: Any, stripe_emulator_server: Server, first: str, steps: list[tuple[str, Any]]
) -> None:
    """In whatever order cards fail, work, are confirmed and time passes: no invoice is paid twice, statuses follow."""
    client = new_account()
    somebody = subscribed(life(client, first))
    for step in steps:
        do(somebody, stripe_emulator_server.admin, step)
    invoices = client.v1.invoices.list({"customer": somebody.customer, "limit": 100}).data
    charges = client.v1.charges.list({"customer": somebody.customer, "limit": 100}).data
    for invoice in invoices:
        intents = [one.payment.payment_intent for one in client.v1.invoice_payments.list({"invoice": invoice.id}).data]
        taken = [one.amount_captured for one in charges if one.payment_intent in intents and one.status == "succeeded"]
        assert taken == ([1200] if invoice.status == "paid" else [])
        assert (invoice.amount_paid, invoice.amount_remaining) == (sum(taken), 1200 - sum(taken))
        pending = [one for one in charges if one.payment_intent in intents and one.status == "pending"]
        assert len(pending) <= 1
    latest = somebody.invoice
    in_progress = bool(latest.payments.data) and somebody.intent.status == "processing"
    if somebody.status not in ("canceled", "incomplete_expired"):
        assert somebody.status in expected(somebody.status, latest, in_progress=in_progress)
    assert client.v1.customers.retrieve(somebody.customer).balance == 0
