"""Payment intents through the official client. https://docs.stripe.com/payments/paymentintents/lifecycle."""

from __future__ import annotations

from typing import Any

import pytest
import stripe

from stripe_emulator import EmulatorClient
from tests.stripe_emulator.payments.paying import pay, refusal, told


@pytest.mark.real_stripe
@pytest.mark.belief("a payment intent waits for a method, then for its confirmation, and succeeds with a charge", "D S")
def test_payment_step_by_step(client: stripe.StripeClient) -> None:
    """Each step has its status; in the end the whole amount is received by one charge."""
    intent = pay(client)
    assert (intent.status, intent.client_secret.startswith(f"{intent.id}_secret_")) == ("requires_payment_method", True)
    intent = client.v1.payment_intents.update(intent.id, {"payment_method": "pm_card_visa"})
    assert intent.status == "requires_confirmation"
    intent = client.v1.payment_intents.confirm(intent.id, {"expand": ["latest_charge"]})
    charge: Any = intent.latest_charge
    assert (intent.status, intent.amount_received) == ("succeeded", 2000)
    assert (charge.status, charge.paid, charge.captured, charge.amount_captured) == ("succeeded", True, True, 2000)
    assert charge.payment_method_details["card"]["last4"] == "4242"
    assert told(client, "payment_intent", "charge") == [
        "payment_intent.created",
        "charge.succeeded",
        "payment_intent.succeeded",
    ]


@pytest.mark.real_stripe
@pytest.mark.belief("a declined payment is a 402 that holds the intent, which can be tried again", "D S")
def test_decline_is_kept_and_can_be_overcome(client: stripe.StripeClient) -> None:
    """The intent is there although the answer was an error; another card pays it."""
    error = refusal(lambda: pay(client, "pm_card_visa_chargeDeclined"))
    body = error.json_body["error"]
    assert (error.http_status, body["type"], body["code"]) == (402, "card_error", "card_declined")
    assert (body["decline_code"], body["message"]) == ("generic_decline", "Your card was declined.")
    assert body["payment_intent"]["status"] == "requires_payment_method"
    intent: Any = client.v1.payment_intents.retrieve(body["payment_intent"]["id"])
    assert (intent.payment_method, intent.last_payment_error.decline_code) == (None, "generic_decline")
    failed = client.v1.charges.retrieve(intent.latest_charge)
    assert (failed.status, failed.failure_code, failed.amount_captured) == ("failed", "card_declined", 0)
    paid = client.v1.payment_intents.confirm(intent.id, {"payment_method": "pm_card_visa"})
    assert (paid.status, paid.last_payment_error) == ("succeeded", None)
    assert told(client, "payment_intent", "charge") == [
        "payment_intent.created",
        "payment_intent.payment_failed",
        "charge.failed",
        "charge.succeeded",
        "payment_intent.succeeded",
    ]


@pytest.mark.belief("3D Secure: the intent requires an action, and the customer's answer decides", "D")
@pytest.mark.parametrize(("outcome", "status"), [("succeed", "succeeded"), ("fail", "requires_payment_method")])
def test_customer_authenticates(
    client: stripe.StripeClient, stripe_emulator: EmulatorClient, outcome: str, status: str
) -> None:
    """Nothing is charged until the customer has confirmed with the bank."""
    intent = pay(client, "pm_card_threeDSecure2Required", return_url="https://shop.example/done")
    assert (intent.status, intent.latest_charge) == ("requires_action", None)
    assert intent.next_action.type == "redirect_to_url"
    stripe_emulator.authenticate(intent.id, outcome)
    after: Any = client.v1.payment_intents.retrieve(intent.id)
    assert (after.status, after.next_action) == (status, None)
    failure = after.last_payment_error and after.last_payment_error.code
    assert failure == (None if outcome == "succeed" else "payment_intent_authentication_failure")
    last = {"succeed": "payment_intent.succeeded", "fail": "payment_intent.payment_failed"}[outcome]
    assert told(client, "payment_intent") == ["payment_intent.created", "payment_intent.requires_action", last]


@pytest.mark.belief("an authenticated payment can still be declined", "D")
def test_authenticated_and_declined(client: stripe.StripeClient, stripe_emulator: EmulatorClient) -> None:
    """The bank may say no after the customer has said yes."""
    intent = pay(client, "pm_card_authenticationRequiredChargeDeclinedInsufficientFunds")
    after = stripe_emulator.authenticate(intent.id)
    assert (after["status"], after["last_payment_error"]["decline_code"]) == (
        "requires_payment_method",
        "insufficient_funds",
    )


def test_only_who_waits_can_authenticate(client: stripe.StripeClient, stripe_emulator: EmulatorClient) -> None:
    """There is nothing to confirm for an intent that has succeeded."""
    intent = pay(client, "pm_card_visa")
    with pytest.raises(ValueError, match="only an intent that is requires_action"):
        stripe_emulator.authenticate(intent.id)
    with pytest.raises(ValueError, match="no account has a payment intent pi_nope"):
        stripe_emulator.authenticate("pi_nope")
    with pytest.raises(ValueError, match="succeed or fail"):
        stripe_emulator.authenticate(intent.id, "perhaps")


@pytest.mark.belief("off session, a card that must be authenticated is declined with authentication_required", "D")
def test_off_session_without_authentication(client: stripe.StripeClient, payer: stripe.Customer) -> None:
    """Nobody is there to authenticate; the intent can be confirmed again when somebody is."""
    method = client.v1.payment_methods.attach("pm_card_authenticationRequired", {"customer": payer.id})
    error = refusal(lambda: pay(client, method.id, customer=payer.id, off_session=True))
    body = error.json_body["error"]
    assert (error.http_status, body["code"], body["decline_code"]) == (
        402,
        "authentication_required",
        "authentication_required",
    )
    again = client.v1.payment_intents.confirm(body["payment_intent"]["id"], {"payment_method": method.id})
    assert again.status == "requires_action"


@pytest.mark.real_stripe
@pytest.mark.belief("a payment with error_on_requires_action fails where the customer would have to act", "S")
def test_action_can_be_an_error(client: stripe.StripeClient) -> None:
    """Whoever cannot show the bank's page asks for an error instead."""
    error = refusal(lambda: pay(client, "pm_card_authenticationRequired", error_on_requires_action=True))
    assert (error.http_status, error.code) == (402, "authentication_required")


@pytest.mark.belief("debits are processing for days, and then arrive or come back", "D")
@pytest.mark.parametrize(
    ("method", "status", "charged"),
    [
        ("pm_usBankAccount_success", "succeeded", "succeeded"),
        ("pm_usBankAccount_insufficientFunds", "requires_payment_method", "failed"),
    ],
)
def test_debit_takes_days(
    client: stripe.StripeClient, stripe_emulator: EmulatorClient, method: str, status: str, charged: str
) -> None:
    """Four days after it was sent, it is known how a debit ended."""
    stripe_emulator.clock.set("2026-01-31T12:00:00Z")
    intent = pay(client, method)
    assert intent.status == "processing"
    assert client.v1.charges.retrieve(intent.latest_charge).status == "pending"
    stripe_emulator.clock.advance(4 * 86400 - 1)
    assert client.v1.payment_intents.retrieve(intent.id).status == "processing"
    stripe_emulator.clock.advance(1)
    after = client.v1.payment_intents.retrieve(intent.id, {"expand": ["latest_charge"]})
    charge: Any = after.latest_charge
    assert (after.status, charge.status) == (status, charged)


@pytest.mark.parametrize(("outcome", "status"), [("succeed", "succeeded"), ("fail", "requires_payment_method")])
def test_debit_is_settled_by_hand(
    client: stripe.StripeClient, stripe_emulator: EmulatorClient, outcome: str, status: str
) -> None:
    """A test need not wait for the bank, and the clock does not settle it a second time."""
    stripe_emulator.clock.set("2026-01-31T12:00:00Z")
    intent = pay(client, "pm_usBankAccount_success")
    assert stripe_emulator.settle(intent.id, outcome)["status"] == status
    stripe_emulator.clock.advance(5 * 86400)
    assert client.v1.payment_intents.retrieve(intent.id).status == status
    assert len(told(client, "payment_intent.succeeded", "payment_intent.payment_failed")) == 1


@pytest.mark.real_stripe
@pytest.mark.belief("money can be held first and captured later, in part; the rest is let go", "D S")
def test_manual_capture(client: stripe.StripeClient) -> None:
    """A captured part is received, the rest is not."""
    intent = pay(client, "pm_card_visa", capture_method="manual")
    assert (intent.status, intent.amount_capturable, intent.amount_received) == ("requires_capture", 2000, 0)
    error = refusal(lambda: client.v1.payment_intents.capture(intent.id, {"amount_to_capture": 2001}))
    assert error.code == "amount_too_large"
    captured = client.v1.payment_intents.capture(intent.id, {"amount_to_capture": 1500})
    assert (captured.status, captured.amount_capturable, captured.amount_received) == ("succeeded", 0, 1500)
    assert client.v1.charges.retrieve(str(captured.latest_charge)).amount_captured == 1500
    assert refusal(lambda: client.v1.payment_intents.capture(intent.id)).code == "payment_intent_unexpected_state"


@pytest.mark.real_stripe
@pytest.mark.belief("only an intent that nobody has paid can be canceled, and a canceled one stays canceled", "D S")
def test_cancel(client: stripe.StripeClient) -> None:
    """A canceled intent says why and when, and takes no payment any more."""
    intent = client.v1.payment_intents.cancel(pay(client).id, {"cancellation_reason": "abandoned"})
    assert (intent.status, intent.cancellation_reason) == ("canceled", "abandoned")
    assert intent.canceled_at is not None
    for late in (
        lambda: client.v1.payment_intents.confirm(intent.id, {"payment_method": "pm_card_visa"}),
        lambda: client.v1.payment_intents.cancel(intent.id),
        lambda: client.v1.payment_intents.cancel(pay(client, "pm_card_visa").id),
        lambda: client.v1.payment_intents.update(intent.id, {"amount": 100}),
    ):
        error = refusal(late)
        assert (error.http_status, error.code) == (400, "payment_intent_unexpected_state")


@pytest.mark.belief("amounts below Stripe's minimum are refused", "D")
@pytest.mark.parametrize(
    ("params", "code", "param"),
    [
        ({"amount": 49}, "amount_too_small", "amount"),
        ({"amount": 29, "currency": "gbp"}, "amount_too_small", "amount"),
        ({"amount": 0}, "parameter_invalid_integer", "amount"),
        ({"currency": "xyz"}, None, "currency"),
        ({"customer": "cus_nope"}, "resource_missing", "customer"),
        ({"payment_method": "pm_nope"}, "resource_missing", "payment_method"),
        ({"transfer_group": "a"}, None, "transfer_group"),
    ],
)
def test_refused_parameters(client: stripe.StripeClient, params: Any, code: str | None, param: str) -> None:
    """What cannot be paid, by whom or with what, is refused before anything is stored."""
    error = refusal(lambda: pay(client, **params))
    assert (error.http_status, error.code, error.param) == (400, code, param)
    assert client.v1.payment_intents.list().data == []


@pytest.mark.belief("a payment method of one customer pays for no other", "I")
def test_methods_belong_to_their_customer(client: stripe.StripeClient, payer: stripe.Customer) -> None:
    """A saved card is used with its customer only, and an intent without method cannot be confirmed."""
    method = client.v1.payment_methods.list({"customer": payer.id}).data[0]
    other = client.v1.customers.create()
    assert refusal(lambda: pay(client, method.id)).http_status == 400
    assert refusal(lambda: pay(client, method.id, customer=other.id)).http_status == 400
    assert pay(client, method.id, customer=payer.id).status == "succeeded"
    assert refusal(lambda: client.v1.payment_intents.confirm(pay(client).id)).http_status == 400


@pytest.mark.belief("setup_future_usage saves the method to the customer when the payment succeeds", "D")
def test_future_usage_saves_the_card(client: stripe.StripeClient, customer: stripe.Customer) -> None:
    """The card belongs to the customer after the payment, and only then."""
    refusal(lambda: pay(client, "pm_card_visa_chargeDeclined", customer=customer.id, setup_future_usage="off_session"))
    assert client.v1.payment_methods.list({"customer": customer.id}).data == []
    pay(client, "pm_card_visa", customer=customer.id, setup_future_usage="off_session")
    assert len(client.v1.payment_methods.list({"customer": customer.id}).data) == 1


def test_lists_and_notes(client: stripe.StripeClient, payer: stripe.Customer) -> None:
    """Payments and charges are listed by customer and intent, and keep what is noted on them."""
    card: Any = {"type": "card", "card": {"number": "5555555555554444", "exp_month": 5, "exp_year": 2031, "cvc": "314"}}
    first = pay(client, client.v1.payment_methods.create(card).id, amount=700)
    second = pay(client, customer=payer.id, metadata={"order": "7"})
    changed = client.v1.payment_intents.update(
        second.id, {"amount": 900, "currency": "EUR", "description": "Tea", "metadata": {"order": ""}}
    )
    assert (changed.amount, changed.currency, changed.description) == (900, "eur", "Tea")
    assert changed.metadata.to_dict() == {}
    assert [one.id for one in client.v1.payment_intents.list().data] == [second.id, first.id]
    assert [one.id for one in client.v1.payment_intents.list({"customer": payer.id}).data] == [second.id]
    charges = client.v1.charges.list({"payment_intent": first.id}).data
    assert [(one.amount, one.payment_method_details.card.brand) for one in charges] == [(700, "mastercard")]  # type: ignore[union-attr]
    noted = client.v1.charges.update(charges[0].id, {"metadata": {"a": "b"}, "description": "Tea"})
    assert (noted.metadata["a"], noted.description) == ("b", "Tea")
