"""How invoices are collected, through the official client. https://docs.stripe.com/billing/subscriptions/overview."""

from __future__ import annotations

from typing import Any

import pytest
import stripe

from stripe_emulator import EmulatorClient
from tests.stripe_emulator.payments.collecting import DAY, FEBRUARY_28, HOUR, JANUARY_31, life, subscribed
from tests.stripe_emulator.payments.paying import refusal, told


@pytest.mark.belief("an invoice is paid by a payment intent of its own, and lists that payment", "S D")
def test_paid_invoice_has_its_payment(client: stripe.StripeClient) -> None:
    """The invoice, its payment, the intent and the charge name each other."""
    somebody = subscribed(life(client))
    invoice = somebody.invoice
    assert (somebody.status, invoice.status, invoice.amount_paid, invoice.attempt_count) == ("active", "paid", 1200, 1)
    payment = invoice.payments.data[0]
    assert (payment.status, payment.amount_paid, payment.amount_requested, payment.is_default) == (
        "paid",
        1200,
        1200,
        True,
    )
    intent = client.v1.payment_intents.retrieve(payment.payment.payment_intent, {"expand": ["latest_charge"]})
    charge: Any = intent.latest_charge
    assert (intent.status, intent.amount_received, charge.amount_captured) == ("succeeded", 1200, 1200)
    assert client.v1.invoice_payments.retrieve(payment.id).status_transitions.paid_at == JANUARY_31
    by_intent: Any = {"payment": {"type": "payment_intent", "payment_intent": intent.id}}
    assert [one.id for one in client.v1.invoice_payments.list(by_intent).data] == [payment.id]
    assert client.v1.invoice_payments.list({"invoice": invoice.id, "status": "open"}).data == []
    assert told(client, "invoice_payment") == ["invoice_payment.paid"]


@pytest.mark.belief("a renewal is charged an hour after its invoice was made", "D")
def test_renewal_is_collected(client: stripe.StripeClient) -> None:
    """On the 28th the invoice is a draft, an hour later it is paid."""
    somebody = subscribed(life(client))
    somebody.to(FEBRUARY_28)
    assert somebody.invoice.status == "draft"
    somebody.to(FEBRUARY_28 + HOUR)
    assert (somebody.invoice.status, somebody.invoice.status_transitions.paid_at) == ("paid", FEBRUARY_28 + HOUR)


@pytest.mark.belief("default_incomplete waits for the confirmation of the first payment, which activates", "D S")
def test_default_incomplete(client: stripe.StripeClient) -> None:
    """Nothing is charged until the intent is confirmed with the secret that the invoice holds."""
    settings: Any = {"save_default_payment_method": "on_subscription"}
    somebody = subscribed(life(client, None), payment_behavior="default_incomplete", payment_settings=settings)
    found = client.v1.subscriptions.retrieve(
        somebody.subscription, {"expand": ["latest_invoice.confirmation_secret", "latest_invoice.payments"]}
    )
    invoice: Any = found.latest_invoice
    intent = somebody.intent
    assert (found.status, invoice.status, invoice.attempt_count) == ("incomplete", "open", 0)
    assert (invoice.confirmation_secret.type, invoice.confirmation_secret.client_secret) == (
        "payment_intent",
        intent.client_secret,
    )
    assert (intent.status, intent.amount, intent.setup_future_usage) == ("requires_payment_method", 1200, "off_session")
    client.v1.payment_intents.confirm(intent.id, {"payment_method": "pm_card_visa"})
    assert (somebody.status, somebody.invoice.status, somebody.invoice.attempt_count) == ("active", "paid", 1)
    method = client.v1.subscriptions.retrieve(somebody.subscription).default_payment_method
    assert [one.id for one in client.v1.payment_methods.list({"customer": somebody.customer}).data] == [method]
    somebody.to(FEBRUARY_28 + HOUR)
    assert somebody.invoice.status == "paid"


@pytest.mark.belief("3D Secure at the start: incomplete until the customer has confirmed", "D")
@pytest.mark.parametrize(("outcome", "status"), [("succeed", "active"), ("fail", "incomplete")])
def test_first_payment_is_authenticated(
    client: stripe.StripeClient, stripe_emulator: EmulatorClient, outcome: str, status: str
) -> None:
    """The subscription waits for its customer, who has the last word."""
    somebody = subscribed(life(client, "pm_card_authenticationRequired"))
    assert (somebody.status, somebody.intent.status) == ("incomplete", "requires_action")
    assert "invoice.payment_action_required" in told(client, "invoice")
    stripe_emulator.authenticate(somebody.intent.id, outcome)
    assert somebody.status == status
    assert somebody.invoice.status == ("paid" if outcome == "succeed" else "open")


@pytest.mark.belief("once a subscription's first payment was authenticated, card 3155 renews by itself", "D")
@pytest.mark.parametrize(
    ("name", "status"), [("authenticationRequiredOnSetup", "paid"), ("authenticationRequired", "open")]
)
def test_renewal_after_authentication(
    client: stripe.StripeClient, stripe_emulator: EmulatorClient, name: str, status: str
) -> None:
    """The first card knows that it will be charged again, the other one asks every time."""
    somebody = subscribed(life(client, f"pm_card_{name}"))
    stripe_emulator.authenticate(somebody.intent.id)
    assert somebody.status == "active"
    somebody.to(FEBRUARY_28 + HOUR)
    assert somebody.invoice.status == status
    assert somebody.status == ("active" if status == "paid" else "past_due")


@pytest.mark.belief("error_if_incomplete: a payment that fails is a 402, and nothing is made", "D R")
@pytest.mark.parametrize(
    ("method", "code"),
    [
        ("pm_card_chargeCustomerFail", "card_declined"),
        ("pm_card_authenticationRequired", "subscription_payment_intent_requires_action"),
    ],
)
def test_error_if_incomplete(client: stripe.StripeClient, method: str, code: str) -> None:
    """Neither a subscription nor an invoice nor an intent is there afterwards."""
    somebody = life(client, method)
    error = refusal(lambda: subscribed(somebody, payment_behavior="error_if_incomplete"))
    assert (error.http_status, error.code) == (402, code)
    assert client.v1.subscriptions.list({"customer": somebody.customer, "status": "all"}).data == []
    assert client.v1.invoices.list({"customer": somebody.customer}).data == []
    assert client.v1.payment_intents.list({"customer": somebody.customer}).data == []


@pytest.mark.belief("paying an open invoice by hand: a decline is a 402 and stays noted, success revives", "D S")
def test_pay_by_hand(client: stripe.StripeClient) -> None:
    """An attempt by hand does not count after the first one, and does not move the next retry."""
    somebody = subscribed(life(client))
    somebody.pays_with("pm_card_chargeCustomerFail")
    somebody.to(FEBRUARY_28 + HOUR)
    open_invoice = somebody.invoice
    assert (somebody.status, open_invoice.status, open_invoice.attempt_count) == ("past_due", "open", 1)
    somebody.to(FEBRUARY_28 + HOUR + DAY)
    error = refusal(lambda: client.v1.invoices.pay(open_invoice.id))
    assert (error.http_status, error.code) == (402, "card_declined")
    after = somebody.invoice
    assert (after.attempt_count, after.next_payment_attempt) == (1, open_invoice.next_payment_attempt)
    assert told(client, "invoice.payment_failed") == ["invoice.payment_failed"] * 2
    method = client.v1.payment_methods.attach("pm_card_visa", {"customer": somebody.customer})
    paid = client.v1.invoices.pay(open_invoice.id, {"payment_method": method.id})
    assert (paid.status, paid.next_payment_attempt, somebody.status) == ("paid", None, "active")
    assert refusal(lambda: client.v1.invoices.pay(open_invoice.id)).http_status == 400


@pytest.mark.belief("a void invoice gives up its payment intent; its intent cannot be canceled alone", "D M")
def test_void_gives_up_the_payment(client: stripe.StripeClient) -> None:
    """After the end of the invoice nobody can pay it any more."""
    somebody = subscribed(life(client, None), payment_behavior="default_incomplete")
    intent = somebody.intent
    assert refusal(lambda: client.v1.payment_intents.cancel(intent.id)).http_status == 400
    assert refusal(lambda: client.v1.payment_intents.update(intent.id, {"amount": 5})).http_status == 400
    client.v1.invoices.void_invoice(somebody.invoice.id)
    after = client.v1.payment_intents.retrieve(intent.id)
    assert (after.status, after.cancellation_reason) == ("canceled", "void_invoice")
    assert client.v1.invoice_payments.list({"invoice": somebody.invoice.id}).data[0].status == "canceled"
    late = refusal(lambda: client.v1.payment_intents.confirm(intent.id, {"payment_method": "pm_card_visa"}))
    assert late.code == "payment_intent_unexpected_state"


@pytest.mark.belief("an invoice that was paid elsewhere gives up its payment intent", "D")
def test_paid_elsewhere(client: stripe.StripeClient) -> None:
    """Money that came another way is not asked for again."""
    somebody = subscribed(life(client, None), payment_behavior="default_incomplete")
    intent = somebody.intent
    client.v1.invoices.pay(somebody.invoice.id, {"paid_out_of_band": True})
    assert (somebody.status, somebody.invoice.status) == ("active", "paid")
    assert client.v1.payment_intents.retrieve(intent.id).status == "canceled"


@pytest.mark.belief("a debit that is on its way activates; if it comes back, the subscription is past due", "M")
@pytest.mark.parametrize(
    ("method", "status", "invoice"),
    [("success", "active", "paid"), ("insufficientFunds", "past_due", "open")],
)
def test_debit(client: stripe.StripeClient, method: str, status: str, invoice: str) -> None:
    """For four days nobody knows; then the invoice is paid, or open again."""
    somebody = subscribed(life(client, f"pm_usBankAccount_{method}"))
    assert (somebody.status, somebody.invoice.status, somebody.intent.status) == ("active", "open", "processing")
    somebody.to(JANUARY_31 + 4 * DAY)
    assert (somebody.status, somebody.invoice.status) == (status, invoice)


def test_one_invoice_without_subscription(client: stripe.StripeClient) -> None:
    """An invoice of its own is collected the same way, and its failure ends no subscription."""
    somebody = life(client, "pm_card_chargeCustomerFail")
    item: Any = {"customer": somebody.customer, "amount": 700, "currency": "usd"}
    client.v1.invoice_items.create(item)
    invoice = client.v1.invoices.create(
        {"customer": somebody.customer, "auto_advance": True, "pending_invoice_items_behavior": "include"}
    )
    somebody.to(JANUARY_31 + HOUR)
    found = client.v1.invoices.retrieve(invoice.id)
    assert (found.status, found.attempt_count) == ("open", 1)
    assert found.next_payment_attempt == JANUARY_31 + HOUR + 3 * DAY
    assert client.v1.customers.retrieve(somebody.customer).delinquent is True
    somebody.pays_with("pm_card_visa")
    somebody.to(JANUARY_31 + HOUR + 3 * DAY)
    assert client.v1.invoices.retrieve(invoice.id).status == "paid"
    assert client.v1.customers.retrieve(somebody.customer).delinquent is False


def test_invoice_names_its_own_method(client: stripe.StripeClient) -> None:
    """An invoice's own method comes before the subscription's, which comes before the customer's."""
    somebody = life(client, "pm_card_visa")
    mine = client.v1.payment_methods.attach("pm_card_mastercard", {"customer": somebody.customer})
    subscribed(somebody, default_payment_method=mine.id)
    charges = client.v1.charges.list({"customer": somebody.customer}).data
    assert [one.payment_method for one in charges] == [mine.id]
