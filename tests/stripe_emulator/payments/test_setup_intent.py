"""Setup intents through the official client. https://docs.stripe.com/payments/setup-intents."""

from __future__ import annotations

from typing import Any

import pytest
import stripe

from stripe_emulator import EmulatorClient
from tests.stripe_emulator.answers import body
from tests.stripe_emulator.payments.paying import pay, refusal, told


def set_up(client: stripe.StripeClient, customer: stripe.Customer | None, method: str, **params: Any) -> Any:
    """Create and confirm a setup intent."""
    given: Any = {"payment_method": method, "confirm": True, **params}
    if customer is not None:
        given["customer"] = customer.id
    return client.v1.setup_intents.create(given)


@pytest.mark.belief("a setup intent that succeeds attaches the method to its customer", "D S")
def test_setup_attaches(client: stripe.StripeClient, customer: stripe.Customer) -> None:
    """Step by step: created, given a method, confirmed; the customer has the card afterwards."""
    intent = client.v1.setup_intents.create({"customer": customer.id})
    assert (intent.status, intent.usage) == ("requires_payment_method", "off_session")
    intent = client.v1.setup_intents.update(intent.id, {"payment_method": "pm_card_visa"})
    assert intent.status == "requires_confirmation"
    intent = client.v1.setup_intents.confirm(intent.id)
    assert intent.status == "succeeded"
    assert [one.id for one in client.v1.payment_methods.list({"customer": customer.id}).data] == [intent.payment_method]
    assert told(client, "setup_intent", "payment_method") == [
        "setup_intent.created",
        "payment_method.attached",
        "setup_intent.succeeded",
    ]


@pytest.mark.belief("a card that the bank refuses is not set up: 402, with the setup intent inside", "D S")
def test_setup_is_declined(client: stripe.StripeClient, customer: stripe.Customer) -> None:
    """The intent stays, waits for another card, and the refused one belongs to nobody."""
    error = refusal(lambda: set_up(client, customer, "pm_card_visa_chargeDeclinedInsufficientFunds"))
    body = error.json_body["error"]
    assert (error.http_status, body["code"], body["decline_code"]) == (402, "card_declined", "insufficient_funds")
    intent: Any = client.v1.setup_intents.retrieve(body["setup_intent"]["id"])
    assert (intent.status, intent.last_setup_error.code) == ("requires_payment_method", "card_declined")
    assert client.v1.payment_methods.list({"customer": customer.id}).data == []
    assert told(client, "setup_intent") == ["setup_intent.created", "setup_intent.setup_failed"]


@pytest.mark.real_stripe
@pytest.mark.belief("card 0341 is attached without trouble and declined when it is charged", "D")
def test_attached_and_declined_later(client: stripe.StripeClient, customer: stripe.Customer) -> None:
    """Setting up says nothing about the money on the account."""
    intent = set_up(client, customer, "pm_card_chargeCustomerFail")
    assert intent.status == "succeeded"
    error = refusal(lambda: pay(client, intent.payment_method, customer=customer.id))
    assert (error.code, error.json_body["error"]["decline_code"]) == ("card_declined", "generic_decline")


@pytest.mark.belief("once set up with 3D Secure, card 3155 pays off session without it; on session never", "D")
def test_setup_authenticates_once(
    client: stripe.StripeClient, customer: stripe.Customer, stripe_emulator: EmulatorClient
) -> None:
    """The customer confirms with the bank once, and later payments need nobody."""
    intent = set_up(client, customer, "pm_card_authenticationRequiredOnSetup")
    assert (intent.status, intent.next_action.type) == ("requires_action", "use_stripe_sdk")
    method = intent.payment_method
    stripe_emulator.authenticate(intent.id)
    assert client.v1.setup_intents.retrieve(intent.id).status == "succeeded"
    assert pay(client, method, customer=customer.id, off_session=True).status == "succeeded"
    assert pay(client, method, customer=customer.id).status == "requires_action"


@pytest.mark.belief("without setup, card 3155 is declined off session; card 3184 always needs its customer", "D")
@pytest.mark.parametrize("name", ["authenticationRequiredOnSetup", "authenticationRequired"])
def test_not_set_up(client: stripe.StripeClient, customer: stripe.Customer, name: str) -> None:
    """A card that was only attached is not known to the bank."""
    method = client.v1.payment_methods.attach(f"pm_card_{name}", {"customer": customer.id})
    error = refusal(lambda: pay(client, method.id, customer=customer.id, off_session=True))
    assert error.code == "authentication_required"


@pytest.mark.belief("card 0446 counts as set up already: off session it just pays", "D")
def test_already_set_up(client: stripe.StripeClient, customer: stripe.Customer) -> None:
    """Off session it pays; on session the customer is asked."""
    method = client.v1.payment_methods.attach(
        "pm_card_authenticationRequiredSetupForOffSession", {"customer": customer.id}
    )
    assert pay(client, method.id, customer=customer.id, off_session=True).status == "succeeded"
    assert pay(client, method.id, customer=customer.id).status == "requires_action"


def test_failed_authentication(
    client: stripe.StripeClient, customer: stripe.Customer, stripe_emulator: EmulatorClient
) -> None:
    """A customer who does not confirm has no card saved."""
    intent = set_up(client, customer, "pm_card_threeDSecure2Required", return_url="https://shop.example")
    assert intent.next_action.type == "redirect_to_url"
    after = stripe_emulator.authenticate(intent.id, "fail")
    assert (after["status"], after["last_setup_error"]["code"]) == (
        "requires_payment_method",
        "setup_intent_authentication_failure",
    )
    assert client.v1.payment_methods.list({"customer": customer.id}).data == []


def test_cancel_and_refusals(client: stripe.StripeClient, customer: stripe.Customer) -> None:
    """A canceled intent is over; one without method cannot be confirmed; one that succeeded cannot be canceled."""
    intent = client.v1.setup_intents.create({"customer": customer.id, "metadata": {"a": "b"}})
    assert refusal(lambda: client.v1.setup_intents.confirm(intent.id)).code == "setup_intent_unexpected_state"
    canceled = client.v1.setup_intents.cancel(intent.id, {"cancellation_reason": "abandoned"})
    assert (canceled.status, canceled.cancellation_reason) == ("canceled", "abandoned")
    for late in (
        lambda: client.v1.setup_intents.confirm(intent.id, {"payment_method": "pm_card_visa"}),
        lambda: client.v1.setup_intents.cancel(intent.id),
        lambda: client.v1.setup_intents.update(intent.id, {"payment_method": "pm_card_visa"}),
    ):
        assert refusal(late).code == "setup_intent_unexpected_state"
    renamed = client.v1.setup_intents.update(intent.id, {"description": "Tea", "metadata": {"a": "c"}})
    assert (renamed.description, body(renamed)["metadata"]) == ("Tea", {"a": "c"})
    assert [one.id for one in client.v1.setup_intents.list({"customer": customer.id}).data] == [intent.id]
    assert refusal(lambda: client.v1.setup_intents.create({"customer": "cus_nope"})).param == "customer"
    assert refusal(lambda: set_up(client, customer, "pm_card_visa", attach_to_self=True)).param == "attach_to_self"


def test_a_card_is_typed_in(client: stripe.StripeClient, customer: stripe.Customer) -> None:
    """The card may come with the intent."""
    given: Any = {
        "customer": customer.id,
        "confirm": True,
        "usage": "on_session",
        "payment_method_data": {"type": "us_bank_account", "us_bank_account": {"account_number": "000123456789"}},
    }
    intent = client.v1.setup_intents.create(given)
    method = client.v1.payment_methods.retrieve(str(intent.payment_method))
    assert (intent.usage, method.type, method.customer) == ("on_session", "us_bank_account", customer.id)
